// A stream may last for months, the credential of who follows it ends earlier.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"

namespace tandem::common {
namespace {

using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

// Every call is by whom it is set to.
class SettableCaller final : public Authenticator {
 public:
  absl::StatusOr<std::optional<Principal>> Authenticate(const CallCredentials&) const override {
    absl::MutexLock lock(&mutex_);
    if (!caller_.ok()) return caller_.status();
    return std::optional<Principal>(*caller_);
  }
  void Set(absl::StatusOr<Principal> caller) {
    absl::MutexLock lock(&mutex_);
    caller_ = std::move(caller);
  }

 private:
  mutable absl::Mutex mutex_;
  absl::StatusOr<Principal> caller_ ABSL_GUARDED_BY(mutex_);
};

Principal Staff(const std::string& actor) {
  Principal staff;
  staff.actor = actor;
  staff.role = v1::ROLE_STAFF;
  return staff;
}

class StreamCallersTest : public ::testing::Test {
 protected:
  StreamCallersTest() {
    caller_->Set(Staff("Ada"));
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
          return request;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [](const CallContext&, const EchoMessage& request, StreamWriter<EchoMessage>& writer) {
          while (writer.Write(request)) absl::SleepFor(absl::Milliseconds(5));
          return absl::CancelledError("the follower hung up");
        });
    ServerOptions options;
    options.require_credentials = true;
    options.authenticators = {caller_};
    server_ = *Server::Start(options, std::move(registry));
    stub_ = EchoService::NewStub(MakeChannel(server_->address()));
  }

  // Follows until the stream ends, which it does after `then` was called, if at all.
  absl::Status FollowAnd(const std::function<void()>& then) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kHangGuard));
    const auto reader = stub_->Repeat(&context, EchoMessage());
    EchoMessage message;
    EXPECT_TRUE(reader->Read(&message));
    then();
    while (reader->Read(&message)) {
    }
    return FromGrpcStatus(reader->Finish());
  }

  const std::shared_ptr<SettableCaller> caller_ = std::make_shared<SettableCaller>();
  std::unique_ptr<Server> server_;
  std::unique_ptr<EchoService::Stub> stub_;
};

TEST_F(StreamCallersTest, ARevokedCredentialEndsTheStreamsThatItBegan) {
  const absl::Status ended = FollowAnd([&] {
    caller_->Set(MakeError(absl::StatusCode::kUnauthenticated, "ACCESS_TOKEN_INVALID", "revoked"));
  });

  EXPECT_EQ(ended.code(), absl::StatusCode::kUnauthenticated);
  ASSERT_TRUE(ErrorDetailOf(ended).has_value());
  EXPECT_EQ(ErrorDetailOf(ended)->reason, "ACCESS_TOKEN_INVALID");
}

TEST_F(StreamCallersTest, ACredentialThatStandsForSomebodyElseEndsThemToo) {
  const absl::Status ended = FollowAnd([&] { caller_->Set(Staff("Ben")); });

  EXPECT_EQ(ended.code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace tandem::common
