#include "tests/boundary/wire_caller.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/sync_stream.h"
#include "services/common/status_conversion.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::tests {
namespace {

constexpr int kStreamAnswers = 3;

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::Status CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                       grpc::ClientContext* context, const std::string& request,
                       WireOutcome* outcome) {
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                         channel);
  grpc::ByteBuffer answer;
  grpc::Status status =
      grpc::internal::BlockingUnaryCall(channel.get(), method, context, BufferOf(request), &answer);
  if (status.ok()) outcome->answers.push_back(BytesOf(answer));
  return status;
}

grpc::Status CallStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                        grpc::ClientContext* context, const std::string& request,
                        WireOutcome* outcome) {
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING,
                                         channel);
  const std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader(
      grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(channel.get(), method, context,
                                                                    BufferOf(request)));
  grpc::ByteBuffer answer;
  while (outcome->answers.size() < kStreamAnswers && reader->Read(&answer)) {
    outcome->answers.push_back(BytesOf(answer));
  }
  if (outcome->answers.size() == kStreamAnswers) context->TryCancel();
  return reader->Finish();
}

}  // namespace

WireOutcome SendCall(const std::shared_ptr<grpc::Channel>& channel, const WireCall& call) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + call.timeout));
  if (call.principal.role != common::v1::ROLE_UNSPECIFIED) {
    common::AddPrincipal(call.principal.actor, call.principal.role, &context);
  } else {
    // By its actor a change is traced to its call, also where none needs a role.
    context.AddMetadata(common::kActorHeader, call.principal.actor);
  }
  if (!call.principal.subject.empty()) common::AddSubject(call.principal.subject, &context);
  if (call.long_details) {
    context.AddMetadata(common::kAcceptDetailsHeader, absl::StrCat(common::kMaxDetailsBytes));
  }
  WireOutcome outcome;
  const absl::Time start = absl::Now();
  const std::string path = absl::StrCat("/", call.method);
  const grpc::Status status = call.streaming
                                  ? CallStream(channel, path, &context, call.request, &outcome)
                                  : CallUnary(channel, path, &context, call.request, &outcome);
  outcome.took = absl::Now() - start;
  outcome.status = common::FromGrpcStatus(status);
  outcome.ended_by_caller = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
                            (call.streaming && status.error_code() == grpc::StatusCode::CANCELLED);
  return outcome;
}

}  // namespace tandem::tests
