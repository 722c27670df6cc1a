// The service that Connect's conformance suite calls: it answers as each request tells it to, and
// echoes what it saw of the call. A plain gRPC service, as those of others behind the gateway would
// be. Client and bidirectional streams are left out, since the gateway refuses them.
//
// Thread-safe.
#ifndef SERVICES_GATEWAY_CONFORMANCE_CONFORMANCE_SERVICE_H_
#define SERVICES_GATEWAY_CONFORMANCE_CONFORMANCE_SERVICE_H_

#include "connectrpc/conformance/v1/service.grpc.pb.h"
#include "connectrpc/conformance/v1/service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "grpcpp/support/sync_stream.h"

namespace tandem::gateway::conformance {

class EchoingService final : public connectrpc::conformance::v1::ConformanceService::Service {
 public:
  grpc::Status Unary(grpc::ServerContext* context,
                     const connectrpc::conformance::v1::UnaryRequest* request,
                     connectrpc::conformance::v1::UnaryResponse* response) override;
  grpc::Status IdempotentUnary(
      grpc::ServerContext* context,
      const connectrpc::conformance::v1::IdempotentUnaryRequest* request,
      connectrpc::conformance::v1::IdempotentUnaryResponse* response) override;
  grpc::Status ServerStream(
      grpc::ServerContext* context, const connectrpc::conformance::v1::ServerStreamRequest* request,
      grpc::ServerWriter<connectrpc::conformance::v1::ServerStreamResponse>* writer) override;
};

}  // namespace tandem::gateway::conformance

#endif  // SERVICES_GATEWAY_CONFORMANCE_CONFORMANCE_SERVICE_H_
