#include "services/common/server.h"

#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/common/call_pipeline.h"
#include "services/common/errors.h"
#include "services/common/listen_address.h"
#include "services/common/reflection.h"

namespace tandem::common {
namespace {

// A request somewhat over the limit is read all the same, so that the pipeline can refuse it with
// details; from here on gRPC itself refuses, as soon as it sees the length.
constexpr int kReadLimitFactor = 2;

void ApplyLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kReadLimitFactor * options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_calls_per_connection);
  builder.AddChannelArgument(
      GRPC_ARG_MAX_CONNECTION_IDLE_MS,
      static_cast<int>(absl::ToInt64Milliseconds(options.max_connection_idle)));
}

class GrpcServer final : public Server {
 public:
  GrpcServer(const ServerOptions& options, std::unique_ptr<MethodRegistry> registry)
      : drain_time_(options.drain_time),
        registry_(std::move(registry)),
        pipeline_(options, registry_.get()) {}
  ~GrpcServer() override { Shutdown(); }

  absl::Status Listen(const ServerOptions& options) {
    TANDEM_ASSIGN_OR_RETURN(address_, ParseListenAddress(options.address));
    TANDEM_RETURN_IF_ERROR(CheckFree(address_));
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    // Without this a second server would share the port and get every other connection.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    ApplyLimits(options, builder);
    builder.RegisterCallbackGenericService(&pipeline_);
    if (options.reflection) {
      reflection_ = std::make_unique<ReflectionService>(registry_->ServiceNames());
      reflection_->Register(builder);
    }
    int port = 0;
    builder.AddListeningPort(address_.ToString(), grpc::InsecureServerCredentials(), &port);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return MakeError(absl::StatusCode::kUnavailable, "ADDRESS_UNUSABLE",
                       absl::StrCat("cannot listen on ", address_.ToString(),
                                    ": choose another address with --address"));
    }
    if (address_.unix_path.empty()) address_.port = port;
    for (const std::string& service : registry_->ServiceNames()) SetServing(service, true);
    SetServing("", true);
    return absl::OkStatus();
  }

  std::string address() const override { return address_.ToString(); }

  std::shared_ptr<grpc::Channel> InProcessChannel() override {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetMaxSendMessageSize(-1);
    return server_->InProcessChannel(arguments);
  }

  void SetServing(absl::string_view service, bool serving) override {
    server_->GetHealthCheckService()->SetServingStatus(std::string(service), serving);
  }

  void Shutdown() override {
    absl::MutexLock lock(&mutex_);
    if (down_) return;
    down_ = true;
    if (server_ == nullptr) return;
    server_->GetHealthCheckService()->SetServingStatus(false);
    pipeline_.EndStreams();
    if (reflection_ != nullptr) reflection_->EndStreams();
    server_->Shutdown(absl::ToChronoTime(absl::Now() + drain_time_));
    pipeline_.StopThreads();
  }

 private:
  const absl::Duration drain_time_;
  const std::unique_ptr<MethodRegistry> registry_;
  CallPipeline pipeline_;
  ListenAddress address_;
  std::unique_ptr<ReflectionService> reflection_;  // null unless asked for
  std::unique_ptr<grpc::Server> server_;           // ends before what it calls, above

  absl::Mutex mutex_;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options,
                                                      std::unique_ptr<MethodRegistry> registry) {
  TANDEM_RETURN_IF_ERROR(registry->Check());
  auto server = std::make_unique<GrpcServer>(options, std::move(registry));
  TANDEM_RETURN_IF_ERROR(server->Listen(options));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace tandem::common
