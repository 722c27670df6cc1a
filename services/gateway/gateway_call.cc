#include "services/gateway/gateway_call.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"

namespace tandem::gateway {

void GatewayCall::RunSized(size_t bytes, std::function<void()> job) {
  if (bytes <= parts_.inline_bytes) {
    job();
    return;
  }
  const auto shared = std::make_shared<std::function<void()>>(std::move(job));
  if (!parts_.codecs->TryRun([shared] { (*shared)(); })) (*shared)();
}

void GatewayCall::Respond(HttpResponse response) {
  parts_.finish(parts_.exchange->request(), &response);
  parts_.exchange->Respond(std::move(response));
}

void GatewayCall::Start() {
  ProtocolChoice choice = ChooseProtocol(parts_.exchange->request(), parts_.target, *parts_.method);
  if (choice.protocol == nullptr) {
    Respond(std::move(choice.refusal));
    return;
  }
  protocol_ = std::move(choice.protocol);
  const HttpRequest& request = parts_.exchange->request();
  RunSized(request.body.size() + request.target.size(),
           [self = shared_from_this()] { self->Read(); });
}

void GatewayCall::Read() {
  const HttpRequest& http = parts_.exchange->request();
  absl::StatusOr<CallRequest> request = protocol_->Read(http);
  if (request.ok() && request->timeout.has_value() && *request->timeout <= absl::ZeroDuration()) {
    // The call might end before gRPC looks at the clock.
    request = common::MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                                "the call came with no time left: give it a longer timeout");
  }
  absl::StatusOr<CallMetadata> metadata = MetadataFromHeaders(http.headers);
  if (request.ok() && metadata.ok()) {
    ForwardedCall call;
    call.path =
        absl::StrCat("/", parts_.method->service()->full_name(), "/", parts_.method->name());
    call.message = std::move(request->message);
    call.timeout = request->timeout;
    call.metadata = *std::move(metadata);
    Forward(std::move(call));
    return;
  }
  CallOutcome refused;
  refused.status = common::ToGrpcStatus(request.ok() ? metadata.status() : request.status());
  Respond(protocol_->Answer(refused, ""));
}

void GatewayCall::Forward(ForwardedCall call) {
  const std::shared_ptr<GatewayCall> self = shared_from_this();
  if (parts_.method->server_streaming()) {
    parts_.exchange->OnHangUp(parts_.forwarder->ServerStream(std::move(call), self));
    return;
  }
  parts_.exchange->OnHangUp(
      parts_.forwarder->Unary(std::move(call), [self](CallOutcome outcome, std::string message) {
        const size_t bytes = message.size();
        self->RunSized(
            bytes, [self, outcome = std::move(outcome), message = std::move(message)]() mutable {
              self->Respond(self->protocol_->Answer(outcome, std::move(message)));
            });
      }));
}

void GatewayCall::OnHead(HttpHeaders metadata) {
  HttpResponse head = protocol_->StreamHead(metadata);
  parts_.finish(parts_.exchange->request(), &head);
  parts_.exchange->BeginStream(std::move(head));
}

void GatewayCall::OnMessage(std::string message, std::function<void(bool)> next) {
  const size_t bytes = message.size();
  RunSized(bytes, [self = shared_from_this(), message = std::move(message),
                   next = std::move(next)]() mutable {
    absl::StatusOr<std::string> part = self->protocol_->StreamMessage(std::move(message));
    if (part.ok()) {
      self->parts_.exchange->Write(*std::move(part), std::move(next));
      return;
    }
    self->write_error_ = common::ToGrpcStatus(part.status());
    next(false);
  });
}

void GatewayCall::OnEnd(CallOutcome outcome) {
  if (!write_error_.ok()) outcome.status = write_error_;
  parts_.exchange->EndStream(protocol_->StreamEnd(outcome));
}

}  // namespace tandem::gateway
