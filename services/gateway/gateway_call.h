// One call through the gateway, from the request that names its method to the end of its response.
//
// Lifetime: shared by the steps that are still to come. Thread-compatible: the steps follow each
// other, on whichever thread the step before ended.
#ifndef SERVICES_GATEWAY_GATEWAY_CALL_H_
#define SERVICES_GATEWAY_GATEWAY_CALL_H_

#include <functional>
#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "services/common/worker_pool.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/forwarder.h"
#include "services/gateway/http_server.h"
#include "services/gateway/request_target.h"

namespace tandem::gateway {

class GatewayCall final : public StreamReceiver, public std::enable_shared_from_this<GatewayCall> {
 public:
  struct Parts {
    std::shared_ptr<void> token;  // first, so that it goes last: by then nothing else is held
    std::shared_ptr<HttpExchange> exchange;
    RequestTarget target;
    const google::protobuf::MethodDescriptor* method = nullptr;
    Forwarder* forwarder = nullptr;
    common::WorkerPool* codecs = nullptr;
    size_t inline_bytes = 0;
    // Adds what every response has.
    std::function<void(const HttpRequest&, HttpResponse*)> finish;
  };

  explicit GatewayCall(Parts parts) : parts_(std::move(parts)) {}

  void Start();

  void OnHead(HttpHeaders metadata) override;
  void OnMessage(std::string message, std::function<void(bool)> next) override;
  void OnEnd(CallOutcome outcome) override;

 private:
  void Read();
  void Forward(ForwardedCall call);
  void Respond(HttpResponse response);
  // Runs `job` here if it is about few bytes, else on a thread for it.
  void RunSized(size_t bytes, std::function<void()> job);

  const Parts parts_;
  std::unique_ptr<CallProtocol> protocol_;
  grpc::Status write_error_;  // of a stream whose message could not be encoded
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_GATEWAY_CALL_H_
