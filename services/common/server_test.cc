#include "services/common/server.h"

#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

using EchoHandler = MethodRegistry::UnaryHandler<EchoMessage, EchoMessage>;
using RepeatHandler = MethodRegistry::StreamHandler<EchoMessage, EchoMessage>;

absl::StatusOr<EchoMessage> EchoBack(const CallContext&, const EchoMessage& request) {
  return request;
}

absl::Status RepeatCount(const CallContext&, const EchoMessage& request,
                         StreamWriter<EchoMessage>& writer) {
  for (int i = 0; i < request.count(); ++i) {
    EchoMessage answer;
    answer.set_count(i);
    if (!writer.Write(answer)) return absl::CancelledError("hung up");
  }
  return absl::OkStatus();
}

// An endless stream that only its cancellation ends.
absl::Status WaitForEnd(const CallContext& call, const EchoMessage&,
                        StreamWriter<EchoMessage>& writer) {
  writer.Write(EchoMessage());
  absl::Notification ended;
  const int64_t waker = call.cancellation()->AddWaker([&] {
    if (!ended.HasBeenNotified()) ended.Notify();
  });
  if (!call.IsCancelled()) ended.WaitForNotificationWithTimeout(kHangGuard);
  call.cancellation()->RemoveWaker(waker);
  return absl::CancelledError("ended");
}

class ServerTest : public ::testing::Test {
 protected:
  void Start(EchoHandler echo, RepeatHandler repeat, ServerOptions options = {}) {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>("tandem.echo.v1.EchoService/Echo", echo);
    registry->AddServerStream<EchoMessage, EchoMessage>("tandem.echo.v1.EchoService/Repeat",
                                                        repeat);
    options.drain_time = absl::Seconds(5);
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options, std::move(registry)));
    channel_ = MakeChannel(server_->address());
    stub_ = EchoService::NewStub(channel_);
  }

  absl::Status Echo(const EchoMessage& request, EchoMessage* response,
                    v1::Role role = v1::ROLE_STAFF) {
    grpc::ClientContext context;
    PrepareCall("Ada", role, kHangGuard, &context);
    return FromGrpcStatus(stub_->Echo(&context, request, response));
  }

  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<EchoService::Stub> stub_;
};

TEST_F(ServerTest, AnswersOverTheNetworkAndInTheProcess) {
  Start(EchoBack, RepeatCount);
  EchoMessage request, response;
  request.set_text("hello");

  TANDEM_EXPECT_OK(Echo(request, &response));
  EXPECT_EQ(response.text(), "hello");

  stub_ = EchoService::NewStub(server_->InProcessChannel());
  TANDEM_EXPECT_OK(Echo(request, &response));
  EXPECT_EQ(response.text(), "hello");
}

TEST_F(ServerTest, HandlersLearnTheirCall) {
  Call seen;
  Start(
      [&](const CallContext& call, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
        seen = call.call();
        return request;
      },
      RepeatCount);
  EchoMessage request, response;
  request.set_request_id("r1");

  TANDEM_ASSERT_OK(Echo(request, &response));

  EXPECT_EQ(seen.principal.actor, "unauthenticated: Ada");
  EXPECT_EQ(seen.principal.role, v1::ROLE_STAFF);
  EXPECT_EQ(seen.method, "tandem.echo.v1.EchoService/Echo");
  EXPECT_EQ(seen.request_id, "r1");
  EXPECT_EQ(seen.request_digest.size(), 32u);
  EXPECT_GT(seen.deadline, seen.received_at);
}

TEST_F(ServerTest, DeadlinesAreClamped) {
  Call seen;
  ServerOptions options;
  options.max_deadline = absl::Seconds(7);
  Start(
      [&](const CallContext& call, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
        seen = call.call();
        return request;
      },
      RepeatCount, options);
  EchoMessage response;

  TANDEM_ASSERT_OK(Echo(EchoMessage(), &response));  // asks for a minute
  EXPECT_EQ(seen.deadline - seen.received_at, absl::Seconds(7));

  grpc::ClientContext without_deadline;
  PrepareCall("Ada", v1::ROLE_STAFF, absl::ZeroDuration(), &without_deadline);
  ASSERT_TRUE(stub_->Echo(&without_deadline, EchoMessage(), &response).ok());
  EXPECT_EQ(seen.deadline - seen.received_at, absl::Seconds(7));
}

TEST_F(ServerTest, RolesAreChecked) {
  Start(EchoBack, RepeatCount);
  EchoMessage response;

  EXPECT_THAT(Echo(EchoMessage(), &response, v1::ROLE_MENTOR),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("staff, admin")));
  TANDEM_EXPECT_OK(Echo(EchoMessage(), &response, v1::ROLE_ADMIN));

  grpc::ClientContext nobody;
  const absl::Status denied = FromGrpcStatus(stub_->Echo(&nobody, EchoMessage(), &response));
  EXPECT_THAT(denied, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("tandem-role")));
  EXPECT_EQ(ErrorDetailOf(denied)->reason, "ROLE_MISSING");
}

TEST_F(ServerTest, ErrorsArriveWithTheirDetails) {
  Start(
      [](const CallContext&, const EchoMessage&) -> absl::StatusOr<EchoMessage> {
        FieldViolations violations;
        violations.Add("text", "is required");
        violations.Add("count", "must be 1 to 5");
        return violations.ToStatus();
      },
      RepeatCount);
  EchoMessage response;

  const absl::Status status = Echo(EchoMessage(), &response);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ErrorDetailOf(status)->reason, "FIELDS_INVALID");
  ASSERT_EQ(FieldViolationsOf(status).size(), 2u);
  EXPECT_EQ(FieldViolationsOf(status)[1].field, "count");
}

TEST_F(ServerTest, ThousandViolationsReachAnOrdinaryClientCutAndOursWhole) {
  Start(
      [](const CallContext&, const EchoMessage&) -> absl::StatusOr<EchoMessage> {
        FieldViolations violations;
        for (int i = 0; i < 1000; ++i) {
          violations.Add(absl::StrCat("mentors[", i, "].external_id"), "is required");
        }
        return violations.ToStatus();
      },
      RepeatCount);
  EchoMessage response;

  EXPECT_EQ(FieldViolationsOf(Echo(EchoMessage(), &response)).size(), 1000u);

  const auto ordinary = EchoService::NewStub(
      grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  AddPrincipal("Ada", v1::ROLE_STAFF, &context);
  const absl::Status status = FromGrpcStatus(ordinary->Echo(&context, EchoMessage(), &response));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<FieldViolation> violations = FieldViolationsOf(status);
  ASSERT_GT(violations.size(), 10u);
  EXPECT_EQ(violations[0].field, "mentors[0].external_id");
  EXPECT_EQ(violations.back().description,
            absl::StrCat("and ", 1000 - (violations.size() - 1),
                         " more violations, which did not fit into this answer"));
}

TEST_F(ServerTest, ExceptionsDoNotLeak) {
  Start(
      [](const CallContext&, const EchoMessage&) -> absl::StatusOr<EchoMessage> {
        throw std::runtime_error("secret");
      },
      RepeatCount);
  EchoMessage response;

  const absl::Status status = Echo(EchoMessage(), &response);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, Not(HasSubstr("secret"))));
}

// Sends raw bytes to a method.
absl::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& bytes) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
  grpc::Slice slice(bytes);
  grpc::ByteBuffer request(&slice, 1), response;
  absl::Notification done;
  grpc::Status status;
  stub.UnaryCall(&context, method, grpc::StubOptions(), &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  return FromGrpcStatus(status);
}

TEST_F(ServerTest, MalformedBytesAndUnknownMethodsAreRefused) {
  Start(EchoBack, RepeatCount);

  const absl::Status malformed =
      CallRaw(channel_, "/tandem.echo.v1.EchoService/Echo", "\xFF\xFF\xFF\xFF");
  EXPECT_THAT(malformed, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ErrorDetailOf(malformed)->reason, "REQUEST_MALFORMED");

  const absl::Status unknown = CallRaw(channel_, "/tandem.echo.v1.EchoService/Nothing", "");
  EXPECT_THAT(unknown, StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_EQ(ErrorDetailOf(unknown)->reason, "METHOD_UNKNOWN");
}

TEST_F(ServerTest, RequestIdWithControlCharactersIsRefused) {
  Start(EchoBack, RepeatCount);
  EchoMessage request, response;
  request.set_request_id("a\nb");

  EXPECT_THAT(Echo(request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("request_id")));
}

TEST_F(ServerTest, TooLargeRequestIsRefused) {
  ServerOptions options;
  options.max_message_bytes = 1000;
  Start(EchoBack, RepeatCount, options);
  EchoMessage request, response;
  request.set_text(std::string(2000, 'x'));

  EXPECT_FALSE(Echo(request, &response).ok());
  request.set_text("short");
  TANDEM_EXPECT_OK(Echo(request, &response));
}

TEST_F(ServerTest, StreamsArriveInOrderAndEnd) {
  Start(EchoBack, RepeatCount);
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
  EchoMessage request, response;
  request.set_count(1000);

  const auto reader = stub_->Repeat(&context, request);
  int expected = 0;
  while (reader->Read(&response)) EXPECT_EQ(response.count(), expected++);

  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(expected, 1000);
}

TEST_F(ServerTest, FullServerRefusesAndSaysWhenToRetry) {
  absl::Notification release;
  ServerOptions options;
  options.worker_threads = 1;
  options.queue_capacity = 1;
  Start(
      [&](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
        release.WaitForNotificationWithTimeout(kHangGuard);
        return request;
      },
      RepeatCount, options);

  std::vector<std::thread> callers;
  std::atomic<int> refused = 0, answered = 0;
  std::atomic<bool> said_when = true;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      EchoMessage response;
      const absl::Status status = Echo(EchoMessage(), &response);
      if (status.ok()) {
        ++answered;
      } else {
        said_when = said_when && status.code() == absl::StatusCode::kResourceExhausted &&
                    RetryAfterOf(status).has_value();
        // One runs and one waits, so all others end here.
        if (++refused == 6) release.Notify();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();

  EXPECT_EQ(answered, 2);
  EXPECT_EQ(refused, 6);
  EXPECT_TRUE(said_when);
}

TEST_F(ServerTest, WhileEveryThreadWaitsForAnotherServiceOfTheProcessItIsAnswered) {
  ServerOptions options;
  options.worker_threads = 1;
  Start(
      [&](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
        if (request.count() == 0) return request;
        // As access asks profiles about the subject of a token.
        const auto inside = EchoService::NewStub(server_->InProcessChannel());
        grpc::ClientContext context;
        PrepareCall("access", v1::ROLE_STAFF, kHangGuard, &context);
        EchoMessage answer;
        const grpc::Status asked = inside->Echo(&context, EchoMessage(), &answer);
        return asked.ok() ? absl::StatusOr<EchoMessage>(request) : FromGrpcStatus(asked);
      },
      RepeatCount, options);
  EchoMessage request, response;
  request.set_count(1);

  TANDEM_EXPECT_OK(Echo(request, &response));
  EXPECT_EQ(response.count(), 1);
}

TEST_F(ServerTest, FollowersDoNotStarveUnaryCalls) {
  ServerOptions options;
  options.worker_threads = 1;
  options.max_streams = 2;
  Start(EchoBack, WaitForEnd, options);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<EchoMessage>>> readers;
  EchoMessage response;
  for (int i = 0; i < 2; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, contexts.back().get());
    readers.push_back(stub_->Repeat(contexts.back().get(), EchoMessage()));
    ASSERT_TRUE(readers.back()->Read(&response));
  }

  TANDEM_EXPECT_OK(Echo(EchoMessage(), &response));

  grpc::ClientContext third;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &third);
  const auto refused = stub_->Repeat(&third, EchoMessage());
  EXPECT_FALSE(refused->Read(&response));
  EXPECT_EQ(refused->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (auto& context : contexts) context->TryCancel();
}

TEST_F(ServerTest, ShutdownEndsStreamsAtOnce) {
  Start(EchoBack, WaitForEnd);
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
  EchoMessage response;
  const auto reader = stub_->Repeat(&context, EchoMessage());
  ASSERT_TRUE(reader->Read(&response));

  server_->Shutdown();

  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = FromGrpcStatus(reader->Finish());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ErrorDetailOf(status)->reason, "SERVER_ENDS");
}

TEST_F(ServerTest, CancelledCallIsNoticedByItsHandler) {
  absl::Notification cancelled;
  Start(EchoBack, [&](const CallContext& call, const EchoMessage& request,
                      StreamWriter<EchoMessage>& writer) {
    const absl::Status status = WaitForEnd(call, request, writer);
    cancelled.Notify();
    return status;
  });
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
  EchoMessage response;
  const auto reader = stub_->Repeat(&context, EchoMessage());
  ASSERT_TRUE(reader->Read(&response));

  context.TryCancel();

  EXPECT_TRUE(cancelled.WaitForNotificationWithTimeout(kHangGuard));
}

TEST_F(ServerTest, OnlyLoopbackIsServed) {
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7400", "example.org:1", ":7400"}) {
    ServerOptions options;
    options.address = address;
    EXPECT_THAT(Server::Start(options, std::make_unique<MethodRegistry>()),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("this machine only")))
        << address;
  }
}

TEST_F(ServerTest, TakenPortIsToldWithWhatToDo) {
  Start(EchoBack, RepeatCount);
  ServerOptions options;
  options.address = server_->address();

  EXPECT_THAT(Server::Start(options, std::make_unique<MethodRegistry>()),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       HasSubstr("with --address, for HTTP --http-address")));
}

TEST_F(ServerTest, ServesUnixSockets) {
  // Not in the test's own folder: paths of sockets have at most 107 bytes.
  const std::string path = absl::StrCat("/tmp/tandem-server-test-", getpid());
  ServerOptions options;
  options.address = absl::StrCat("unix:", path);
  Start(EchoBack, RepeatCount, options);
  EchoMessage response;

  TANDEM_EXPECT_OK(Echo(EchoMessage(), &response));

  EXPECT_THAT(Server::Start(options, std::make_unique<MethodRegistry>()),
              StatusIs(absl::StatusCode::kAlreadyExists));
  server_->Shutdown();
  unlink(path.c_str());
}

}  // namespace
}  // namespace tandem::common
