// Passes calls on to a gRPC server over a channel, any method, by its name: bytes in, bytes out.
// Deadline, status, details and metadata arrive unchanged. Nothing blocks: answers come on gRPC's
// threads.
//
// Thread-safe. Outlives its calls.
#ifndef SERVICES_GATEWAY_FORWARDER_H_
#define SERVICES_GATEWAY_FORWARDER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/call_metadata.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

struct ForwardedCall {
  std::string path;     // "/package.Service/Method"
  std::string message;  // protobuf bytes
  std::optional<absl::Duration> timeout;
  CallMetadata metadata;
};

// Who receives a server stream. The calls follow each other: OnHead once, OnMessage as often as
// `next(true)` asks for more, OnEnd once, which is the last.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  virtual void OnHead(HttpHeaders metadata) = 0;
  // `next` must be called once: true for more, false to cancel.
  virtual void OnMessage(std::string message, std::function<void(bool)> next) = 0;
  virtual void OnEnd(CallOutcome outcome) = 0;
};

class Forwarder {
 public:
  // Cancels the call if it still runs; may be called at any time, from any thread.
  using Cancel = std::function<void()>;
  using UnaryDone = std::function<void(CallOutcome, std::string message)>;

  explicit Forwarder(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {}

  Cancel Unary(ForwardedCall call, UnaryDone done);
  Cancel ServerStream(ForwardedCall call, std::shared_ptr<StreamReceiver> receiver);

  // Ends every call that comes from now on with UNAVAILABLE (SERVER_ENDS). Before the server of an
  // in-process channel is shut down: in gRPC 1.51 a call that begins on such a channel afterwards
  // ends the process.
  void RefuseCalls();

 private:
  grpc::GenericStub stub_;
  absl::Mutex mutex_;  // shared while a call begins
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_FORWARDER_H_
