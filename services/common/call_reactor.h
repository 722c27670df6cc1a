// One call from its first byte to its end: see call_pipeline.h.
//
// Lifetime: gRPC owns it from CreateReactor on and ends it with OnDone, which comes only after
// Finish, which the thread that serves the call does last. So that thread may use it freely.
#ifndef SERVICES_COMMON_CALL_REACTOR_H_
#define SERVICES_COMMON_CALL_REACTOR_H_

#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/call_pipeline.h"
#include "services/common/principal.h"
#include "services/common/running_calls.h"
#include "storage/cancellation.h"

namespace tandem::common {

class CallReactor final : public grpc::ServerGenericBidiReactor {
 public:
  CallReactor(CallPipeline* pipeline, From from, const AuthenticatorChain* authenticators,
              grpc::GenericCallbackServerContext* context);

  // Starts to read the request, or ends the call when there is no such method.
  void Begin();
  // Ends a stream because the server goes down.
  void EndStream();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancellation_.Cancel(); }
  void OnDone() override;

 private:
  // Those that the call runs on.
  WorkerPool& Threads() const;
  void Run();
  // Everything between the request's bytes and the answer, which lands in response_.
  absl::Status Serve();
  // Who calls: nobody known where the method takes callers without credentials.
  absl::StatusOr<Principal> Caller() const;
  // Who calls, and what the role may do; sets grant_.
  absl::StatusOr<Call> Authenticate();
  // Which objects it may touch, and what repeats of it would be recognised by.
  absl::Status Authorize(const google::protobuf::Message& request, Call* call) const;
  // RESOURCE_EXHAUSTED when the caller sends more calls than it may.
  absl::Status CheckRate(const Principal& principal) const;
  // The caller's place for a stream; none for other calls and for Tandem's own services.
  // RESOURCE_EXHAUSTED when it follows as many as it may.
  absl::StatusOr<std::optional<CallerPlaces::Place>> TakeStream(const Principal& principal);
  absl::Time Deadline() const;
  absl::Status RunHandler(const CallContext& call, const google::protobuf::Message& request);
  // Writes into response_ what the caller may see of `message`.
  absl::Status SerializeVisible(const google::protobuf::Message& message);
  bool Send(const google::protobuf::Message& message);
  // Of a stream, which outlasts credentials: whether its caller still is who it was, looked at once
  // a second. Else sets caller_lost_, with which the stream ends.
  bool KeepsItsCaller();
  void FinishWith(const absl::Status& result);
  void Log(const absl::Status& status) const;

  CallPipeline* const pipeline_;
  const From from_;
  const AuthenticatorChain* const authenticators_;
  grpc::GenericCallbackServerContext* const context_;
  const absl::Time received_at_;
  const RunningCalls::Place running_;
  const Method* const method_;          // null when there is no such method
  const ObjectGrant* grant_ = nullptr;  // what the caller's role may do; null before it is known
  Principal caller_;                    // of a stream
  absl::Time next_look_ = absl::InfinitePast();
  absl::Status caller_lost_;  // OK while the stream keeps its caller
  storage::Cancellation cancellation_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;

  absl::Mutex mutex_;
  bool server_ends_ ABSL_GUARDED_BY(mutex_) = false;
  bool write_pending_ ABSL_GUARDED_BY(mutex_) = false;
  bool write_ok_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALL_REACTOR_H_
