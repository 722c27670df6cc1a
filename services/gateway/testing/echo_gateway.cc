#include "services/gateway/testing/echo_gateway.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "services/common/errors.h"

namespace tandem::gateway {
namespace {

using common::CallContext;
using echo::v1::EchoMessage;

constexpr absl::Duration kHangGuard = absl::Seconds(30);

absl::Status WaitForEnd(const CallContext& call) {
  const absl::Time end = absl::Now() + kHangGuard;
  while (call.CheckAlive().ok() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
  return call.CheckAlive();
}

}  // namespace

HttpHeaders JsonHeaders() {
  return {{"content-type", "application/json"}, {"tandem-actor", "Ada"}, {"tandem-role", "staff"}};
}

EchoGatewayTest::~EchoGatewayTest() {
  if (gateway_ != nullptr) gateway_->RefuseCalls();
  if (server_ != nullptr) server_->Shutdown();
  gateway_.reset();
}

void EchoGatewayTest::Start(GatewayOptions options) {
  auto registry = std::make_unique<common::MethodRegistry>();
  registry->AddUnary<EchoMessage, EchoMessage>(
      "tandem.echo.v1.EchoService/Echo",
      [this](const CallContext& call, const EchoMessage& request) { return Echo(call, request); });
  registry->AddServerStream<EchoMessage, EchoMessage>(
      "tandem.echo.v1.EchoService/Repeat",
      [this](const CallContext& call, const EchoMessage& request,
             common::StreamWriter<EchoMessage>& writer) { return Repeat(call, request, writer); });
  GatewayBackend backend;
  backend.services = registry->ServiceNames();
  backend.ready = [this] {
    return ready_ ? absl::OkStatus() : absl::UnavailableError("the index is still loading");
  };
  common::ServerOptions server;
  server.drain_time = absl::Seconds(2);
  server.log_failed_calls = false;
  TANDEM_ASSERT_OK_AND_ASSIGN(server_, common::Server::Start(server, std::move(registry)));
  backend.channel = server_->ChannelForOutsideCalls();
  TANDEM_ASSERT_OK_AND_ASSIGN(gateway_, Gateway::Start(std::move(options), std::move(backend)));
}

common::Call EchoGatewayTest::LastCall() {
  absl::MutexLock lock(&mutex_);
  return last_call_;
}

int EchoGatewayTest::Running() {
  absl::MutexLock lock(&mutex_);
  return running_;
}

bool EchoGatewayTest::WaitForRunning(int count) {
  const auto reached = [this, count] { return running_ == count; };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&reached), kHangGuard);
}

void EchoGatewayTest::Count(int change) {
  absl::MutexLock lock(&mutex_);
  running_ += change;
}

absl::StatusOr<EchoMessage> EchoGatewayTest::Echo(const CallContext& call,
                                                  const EchoMessage& request) {
  {
    absl::MutexLock lock(&mutex_);
    last_call_ = call.call();
  }
  if (request.text() == "missing") return common::NotFound("echoes/1");
  if (request.text() == "invalid") return common::InvalidField("text", "must not be \"invalid\"");
  if (request.text() == "wait") {
    Count(1);
    const absl::Status ended = WaitForEnd(call);
    Count(-1);
    return ended;
  }
  EchoMessage answer = request;
  absl::string_view text = request.text();
  size_t letters = 0;
  if (absl::ConsumePrefix(&text, "large ") && absl::SimpleAtoi(text, &letters)) {
    answer.set_text(std::string(letters, 'x'));
  }
  return answer;
}

absl::Status EchoGatewayTest::Repeat(const CallContext& call, const EchoMessage& request,
                                     common::StreamWriter<EchoMessage>& writer) {
  for (int i = 0; i < request.count(); ++i) {
    EchoMessage answer;
    answer.set_text(request.text());
    answer.set_count(i);
    if (!writer.Write(answer)) return absl::CancelledError("hung up");
  }
  if (request.text() == "fail") {
    return common::MakeError(absl::StatusCode::kAborted, "ECHO_FAILED", "as asked");
  }
  if (request.text() != "wait") return absl::OkStatus();
  Count(1);
  const absl::Status ended = WaitForEnd(call);
  Count(-1);
  return ended;
}

}  // namespace tandem::gateway
