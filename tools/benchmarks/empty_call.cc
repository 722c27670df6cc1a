#include "tools/benchmarks/empty_call.h"

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "services/common/status_conversion.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {

grpc::ByteBuffer EmptyMessage() {
  const grpc::Slice nothing("");
  return grpc::ByteBuffer(&nothing, 1);
}

absl::StatusOr<double> EmptySeconds(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  const grpc::ByteBuffer request = EmptyMessage();
  grpc::ByteBuffer response;
  grpc::internal::RpcMethod method(kEmptyMethod, grpc::internal::RpcMethod::NORMAL_RPC, channel);
  const absl::Time start = absl::Now();
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(
      grpc::internal::BlockingUnaryCall(channel.get(), method, &context, request, &response)));
  return SecondsSince(start);
}

}  // namespace tandem::benchmarks
