// The way of every call through a server, in one place: known method -> parsed -> principal -> role
// -> deadline -> threads -> handler -> mapping of errors -> answer. Used by server.cc only.
//
// gRPC's own threads are few, so they never wait here: they hand each call to a WorkerPool.
#ifndef SERVICES_COMMON_CALL_PIPELINE_H_
#define SERVICES_COMMON_CALL_PIPELINE_H_

#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/generic/async_generic_service.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/caller_places.h"
#include "services/common/caller_rates.h"
#include "services/common/method_registry.h"
#include "services/common/running_calls.h"
#include "services/common/server.h"
#include "services/common/worker_pool.h"

namespace tandem::common {

class CallReactor;

// All methods of `registry`, for the calls that come in through any Entrance.
class CallPipeline final {
 public:
  // `registry` must outlive the pipeline.
  CallPipeline(const ServerOptions& options, const MethodRegistry* registry);

  // Ends the streams that run, and refuses new ones.
  void EndStreams();
  // Who has a call running: see RunningCalls::Peers.
  absl::flat_hash_set<std::string> BusyPeers() const { return running_.Peers(); }
  // Waits for the threads, once gRPC's server is shut down.
  void StopThreads();

 private:
  friend class CallReactor;

  const ServerOptions options_;
  const MethodRegistry* const registry_;
  CallerRates rates_;
  CallerPlaces caller_streams_;
  RunningCalls running_;
  WorkerPool unary_threads_;
  // For unary calls of the process's own services. Who makes one may wait for it on a thread of
  // unary_threads_, so it must not need one of those: all of them may wait like that.
  WorkerPool inside_threads_;
  WorkerPool stream_threads_;

  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<CallReactor*> streams_ ABSL_GUARDED_BY(mutex_);
};

enum class From { kOutside, kInside };

// Where calls come in, and by which credentials their callers are known: a gRPC server has one.
// It and the pipeline, which must outlive it, outlive the gRPC server that it is registered with.
class Entrance final : public grpc::CallbackGenericService {
 public:
  Entrance(CallPipeline* pipeline, From from, AuthenticatorChain authenticators)
      : pipeline_(pipeline), from_(from), authenticators_(std::move(authenticators)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  CallPipeline* const pipeline_;
  const From from_;
  const AuthenticatorChain authenticators_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALL_PIPELINE_H_
