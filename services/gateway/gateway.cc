#include "services/gateway/gateway.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/common/worker_pool.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/connect_error.h"
#include "services/gateway/forwarder.h"
#include "services/gateway/gateway_call.h"
#include "services/gateway/health_pages.h"
#include "services/gateway/request_target.h"

namespace tandem::gateway {
namespace {

using google::protobuf::MethodDescriptor;

HttpResponse Refuse(int http_status, const absl::Status& error) {
  return ConnectErrorResponse(common::ToGrpcStatus(error), http_status);
}

// Of what the HTTP server refuses itself.
HttpResponse RefuseHttp(size_t max_body_bytes, HttpRefusal why, absl::string_view message) {
  switch (why) {
    case HttpRefusal::kBusy:
      return Refuse(503, common::QuotaExceeded("SERVER_BUSY", message, absl::Seconds(1)));
    case HttpRefusal::kBodyTooLarge:
      return Refuse(
          413, common::MakeError(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE", message,
                                 {{"max_bytes", absl::StrCat(max_body_bytes)}}));
    case HttpRefusal::kHeadTooLarge:
      return Refuse(431, common::MakeError(absl::StatusCode::kResourceExhausted,
                                           "HEADERS_TOO_LARGE", message));
    case HttpRefusal::kTooSlow:
      return Refuse(
          408, common::MakeError(absl::StatusCode::kDeadlineExceeded, "REQUEST_TOO_SLOW", message));
    case HttpRefusal::kMalformed:
      break;
  }
  return Refuse(400,
                common::MakeError(absl::StatusCode::kInvalidArgument, "HTTP_MALFORMED", message));
}

class RealGateway final : public Gateway {
 public:
  RealGateway(GatewayOptions options, GatewayBackend backend)
      : options_(std::move(options)),
        backend_(std::move(backend)),
        forwarder_(backend_.channel),
        // Each connection has at most one call, so a queue of their number never overflows.
        codecs_(options_.codec_threads, 2 * options_.http.max_connections) {}

  ~RealGateway() override {
    if (http_ != nullptr) http_->Stop();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &RealGateway::Idle));
  }

  absl::Status Listen() {
    TANDEM_RETURN_IF_ERROR(CheckBrowserRules(options_.browsers));
    HttpServerOptions http = options_.http;
    http.refusal = [max = http.max_body_bytes](HttpRefusal why, absl::string_view message) {
      return RefuseHttp(max, why, message);
    };
    TANDEM_ASSIGN_OR_RETURN(http_,
                            HttpServer::Start(http, [this](std::shared_ptr<HttpExchange> exchange) {
                              Handle(std::move(exchange));
                            }));
    return absl::OkStatus();
  }

  void RefuseCalls() override { forwarder_.RefuseCalls(); }
  std::string address() const override { return http_->address(); }

 private:
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ == 0; }

  void Handle(std::shared_ptr<HttpExchange> exchange) {
    const HttpRequest& request = exchange->request();
    const auto respond = [this, &request, &exchange](HttpResponse response) {
      Finish(request, &response);
      exchange->Respond(std::move(response));
    };
    if (!HostIsKnown(request.headers, options_.browsers)) {
      respond(Refuse(
          421,
          common::MakeError(absl::StatusCode::kInvalidArgument, "HOST_UNKNOWN",
                            "this server does not answer under that host name: see --http-host")));
    } else if (std::optional<HttpResponse> preflight =
                   AnswerPreflight(request, options_.browsers)) {
      respond(*std::move(preflight));
    } else if (absl::StatusOr<RequestTarget> target = ParseTarget(request.target); !target.ok()) {
      respond(ConnectErrorResponse(common::ToGrpcStatus(target.status())));
    } else if (target->path == "/healthz") {
      respond(AlivePage());
    } else if (target->path == "/readyz") {
      ServeReadiness(std::move(exchange));
    } else if (const MethodDescriptor* method = FindMethod(target->path)) {
      Serve(std::move(exchange), *std::move(target), *method);
    } else {
      respond(Refuse(404, common::MakeError(absl::StatusCode::kUnimplemented, "METHOD_UNKNOWN",
                                            "no such method: call POST /package.Service/Method")));
    }
  }

  // Of a service that is served; client streams need HTTP/2 and so gRPC itself.
  const MethodDescriptor* FindMethod(const std::string& path) const {
    const size_t slash = path.rfind('/');
    if (slash == 0 || slash == std::string::npos) return nullptr;
    if (backend_.services.count(path.substr(1, slash - 1)) == 0) return nullptr;
    const MethodDescriptor* method =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
            absl::StrReplaceAll(path.substr(1), {{"/", "."}}));
    return method == nullptr || method->client_streaming() ? nullptr : method;
  }

  void Serve(std::shared_ptr<HttpExchange> exchange, RequestTarget target,
             const MethodDescriptor& method) {
    const auto call = std::make_shared<GatewayCall>(GatewayCall::Parts{
        Token(), std::move(exchange), std::move(target), &method, &forwarder_, &codecs_,
        options_.inline_bytes,
        [this](const HttpRequest& request, HttpResponse* response) { Finish(request, response); }});
    call->Start();
  }

  void ServeReadiness(std::shared_ptr<HttpExchange> exchange) {
    const absl::Status ready = backend_.ready ? backend_.ready() : absl::OkStatus();
    CheckReadiness(&forwarder_, backend_.services, ready,
                   [this, token = Token(), exchange](HttpResponse response) {
                     Finish(exchange->request(), &response);
                     exchange->Respond(std::move(response));
                   });
  }

  // What every response has.
  void Finish(const HttpRequest& request, HttpResponse* response) const {
    response->headers.push_back({"cache-control", "no-store"});
    response->headers.push_back({"x-content-type-options", "nosniff"});
    AllowOrigin(request, options_.browsers, response);
  }

  // Counts a call as long as it is held.
  std::shared_ptr<void> Token() {
    absl::MutexLock lock(&mutex_);
    ++calls_;
    return std::shared_ptr<void>(nullptr, [this](void*) {
      absl::MutexLock end(&mutex_);
      --calls_;
    });
  }

  const GatewayOptions options_;
  const GatewayBackend backend_;
  Forwarder forwarder_;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<HttpServer> http_;
  common::WorkerPool codecs_;  // ends first: its jobs use everything else
};

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(GatewayOptions options,
                                                        GatewayBackend backend) {
  auto gateway = std::make_unique<RealGateway>(std::move(options), std::move(backend));
  TANDEM_RETURN_IF_ERROR(gateway->Listen());
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace tandem::gateway
