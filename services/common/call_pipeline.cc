#include "services/common/call_pipeline.h"

#include <algorithm>
#include <utility>

#include "services/common/call_reactor.h"

namespace tandem::common {
namespace {

// Enough: the process's own services ask each other short questions.
constexpr int kMaxInsideThreads = 8;

}  // namespace

grpc::ServerGenericBidiReactor* Entrance::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  auto* reactor = new CallReactor(pipeline_, from_, &authenticators_, context);
  reactor->Begin();
  return reactor;
}

CallPipeline::CallPipeline(const ServerOptions& options, const MethodRegistry* registry)
    : options_(options),
      registry_(registry),
      rates_({options.calls_per_second, options.burst_calls}),
      caller_streams_(options.max_streams_per_caller),
      running_(options.slow_reader_time, options.max_held_bytes),
      unary_threads_(options.worker_threads, options.queue_capacity),
      inside_threads_(std::min(options.worker_threads, kMaxInsideThreads), options.queue_capacity),
      // A stream holds its thread until it ends, so waiting for one makes no sense.
      stream_threads_(options.max_streams, 0) {}

void CallPipeline::EndStreams() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  for (CallReactor* stream : streams_) stream->EndStream();
}

void CallPipeline::StopThreads() {
  unary_threads_.Stop();
  inside_threads_.Stop();
  stream_threads_.Stop();
}

}  // namespace tandem::common
