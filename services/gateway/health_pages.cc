#include "services/gateway/health_pages.h"

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/connect_error.h"

namespace tandem::gateway {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

HttpResponse Page(absl::string_view text) {
  HttpResponse response;
  response.headers = {{"content-type", "text/plain; charset=utf-8"}};
  response.body = std::string(text);
  return response;
}

// Gathers the answers of all services.
class Readiness {
 public:
  Readiness(size_t expected, const absl::Status& beside, std::function<void(HttpResponse)> done)
      : done_(std::move(done)), expected_(expected) {
    if (!beside.ok()) missing_.insert(std::string(beside.message()));
  }

  void Add(const std::string& service, bool serving) {
    std::string missing;
    {
      absl::MutexLock lock(&mutex_);
      if (!serving) missing_.insert(service);
      if (--expected_ > 0) return;
      missing = absl::StrJoin(missing_, ", ");
    }
    if (missing.empty()) {
      done_(Page("ready\n"));
    } else {
      done_(ConnectErrorResponse(common::ToGrpcStatus(common::Unavailable(
          "TEMPORARILY_UNAVAILABLE", absl::StrCat("not ready: ", missing), absl::Seconds(1)))));
    }
  }

 private:
  const std::function<void(HttpResponse)> done_;
  absl::Mutex mutex_;
  size_t expected_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> missing_ ABSL_GUARDED_BY(mutex_);
};

bool IsServing(const CallOutcome& outcome, const std::string& message) {
  grpc::health::v1::HealthCheckResponse response;
  return outcome.status.ok() && response.ParseFromString(message) &&
         response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

}  // namespace

HttpResponse AlivePage() { return Page("alive\n"); }

void CheckReadiness(Forwarder* forwarder, const std::set<std::string>& services,
                    const absl::Status& beside, std::function<void(HttpResponse)> done) {
  // The server as a whole, "", is asked like a service.
  std::set<std::string> asked = services;
  asked.insert("");
  const auto readiness = std::make_shared<Readiness>(asked.size(), beside, std::move(done));
  for (const std::string& service : asked) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    ForwardedCall call;
    call.path = kCheck;
    call.message = request.SerializeAsString();
    call.timeout = kTimeout;
    forwarder->Unary(
        std::move(call), [readiness, service](CallOutcome outcome, const std::string& message) {
          readiness->Add(service.empty() ? "the server" : service, IsServing(outcome, message));
        });
  }
}

}  // namespace tandem::gateway
