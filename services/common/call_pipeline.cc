#include "services/common/call_pipeline.h"

#include <memory>
#include <vector>

#include "services/common/call_reactor.h"

namespace tandem::common {
namespace {

std::vector<std::shared_ptr<const Authenticator>> WithDevelopment(
    std::vector<std::shared_ptr<const Authenticator>> authenticators) {
  authenticators.push_back(std::make_shared<DevelopmentAuthenticator>());
  return authenticators;
}

}  // namespace

CallPipeline::CallPipeline(const ServerOptions& options, const MethodRegistry* registry)
    : options_(options),
      registry_(registry),
      authenticators_(WithDevelopment(options.authenticators)),
      rates_({options.calls_per_second, options.burst_calls}),
      unary_threads_(options.worker_threads, options.queue_capacity),
      // A stream holds its thread until it ends, so waiting for one makes no sense.
      stream_threads_(options.max_streams, 0) {}

grpc::ServerGenericBidiReactor* CallPipeline::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  auto* reactor = new CallReactor(this, context);
  reactor->Begin();
  return reactor;
}

void CallPipeline::EndStreams() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  for (CallReactor* stream : streams_) stream->EndStream();
}

void CallPipeline::StopThreads() {
  unary_threads_.Stop();
  stream_threads_.Stop();
}

}  // namespace tandem::common
