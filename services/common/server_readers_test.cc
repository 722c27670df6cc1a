// Clients that ask and do not read the answer: what they use up is bounded and given back.
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "services/common/testing/silent_reader.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;
using ::testing::HasSubstr;

constexpr absl::Duration kHangGuard = absl::Seconds(60);
constexpr absl::Duration kSlowReaderTime = absl::Seconds(1);
constexpr size_t kMessageBytes = 1 << 20;

class ServerReadersTest : public ::testing::Test {
 protected:
  void Start(ServerOptions options) {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [this](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
          ++calls_begun_;
          EchoMessage answer;
          answer.set_text(std::string(static_cast<size_t>(request.count()), 'x'));
          return answer;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [this](const CallContext&, const EchoMessage& request, StreamWriter<EchoMessage>& writer) {
          ++calls_begun_;
          EchoMessage answer;
          answer.set_text(std::string(kMessageBytes, 'x'));
          for (int i = 0; i < request.count(); ++i) {
            if (!writer.Write(answer)) return absl::CancelledError("hung up");
          }
          return absl::OkStatus();
        });
    options.slow_reader_time = kSlowReaderTime;
    options.log_failed_calls = false;
    options.drain_time = absl::Seconds(5);
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options, std::move(registry)));
    channel_ = MakeChannel(server_->address());
  }

  std::vector<std::unique_ptr<SilentReader>> AskWithoutReading(const std::string& method, int calls,
                                                               int count) {
    EchoMessage request;
    request.set_count(count);
    std::vector<std::unique_ptr<SilentReader>> silent;
    for (int i = 0; i < calls; ++i) {
      silent.push_back(std::make_unique<SilentReader>(
          server_->address(), "/tandem.echo.v1.EchoService/" + method, v1::ROLE_STAFF, request));
    }
    return silent;
  }

  absl::Status Echo(size_t answer_bytes) {
    grpc::ClientContext context;
    PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
    EchoMessage request, response;
    request.set_count(static_cast<int>(answer_bytes));
    return FromGrpcStatus(EchoService::NewStub(channel_)->Echo(&context, request, &response));
  }

  absl::Status Repeat(int count) {
    grpc::ClientContext context;
    PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
    EchoMessage request, response;
    request.set_count(count);
    const auto stream = EchoService::NewStub(channel_)->Repeat(&context, request);
    int read = 0;
    while (stream->Read(&response)) ++read;
    const absl::Status status = FromGrpcStatus(stream->Finish());
    EXPECT_TRUE(!status.ok() || read == count) << read;
    return status;
  }

  void WaitForCalls(int count) const {
    const absl::Time end = absl::Now() + kHangGuard;
    while (calls_begun_ < count && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
  }

  // Repeats `call` while the server sheds it.
  template <typename Call>
  absl::Status Eventually(const Call& call) {
    const absl::Time end = absl::Now() + kHangGuard;
    absl::Status status = call();
    while (status.code() == absl::StatusCode::kResourceExhausted && absl::Now() < end) {
      EXPECT_THAT(status.message(), HasSubstr("wait a little"));
      absl::SleepFor(absl::Milliseconds(20));
      status = call();
    }
    return status;
  }

  std::atomic<int> calls_begun_ = 0;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerReadersTest, StreamsThatNobodyReadsEndWithAClearCodeAndFreeTheirPlaces) {
  ServerOptions options;
  options.max_streams = 4;
  Start(options);
  const auto silent = AskWithoutReading("Repeat", 4, 1000);
  WaitForCalls(4);

  TANDEM_EXPECT_OK(Eventually([this] { return Repeat(10); }));

  for (const auto& reader : silent) {
    EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kResourceExhausted,
                                           HasSubstr("nothing of the answer was read")));
  }
}

TEST_F(ServerReadersTest, AnswersThatNobodyReadsAreBoundedAndGivenUpWithAClearCode) {
  ServerOptions options;
  options.max_held_bytes = 8 * kMessageBytes + (1 << 19);
  Start(options);
  const auto silent = AskWithoutReading("Echo", 20, kMessageBytes);
  WaitForCalls(20);

  TANDEM_EXPECT_OK(Echo(1000));  // small answers always find their place
  TANDEM_EXPECT_OK(Eventually([this] { return Echo(kMessageBytes); }));

  absl::SleepFor(2 * kSlowReaderTime);  // the last of them is ended
  int held = 0;
  int refused = 0;
  for (const auto& reader : silent) {
    const absl::Status end = reader->Finish();
    EXPECT_THAT(end, StatusIs(absl::StatusCode::kResourceExhausted));
    held += absl::StrContains(end.message(), "nothing of the answer was read") ? 1 : 0;
    refused += absl::StrContains(end.message(), "holds too many") ? 1 : 0;
  }
  EXPECT_EQ(held + refused, 20);
  EXPECT_GE(refused, 12);
  EXPECT_GT(held, 0);
}

TEST_F(ServerReadersTest, AReaderThatPausesForLessIsServedToTheEnd) {
  Start({});
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
  EchoMessage request, response;
  request.set_count(6);
  const auto stream = EchoService::NewStub(channel_)->Repeat(&context, request);
  int read = 0;
  while (stream->Read(&response)) {
    ++read;
    absl::SleepFor(kSlowReaderTime / 4);
  }
  TANDEM_EXPECT_OK(FromGrpcStatus(stream->Finish()));
  EXPECT_EQ(read, 6);
}

TEST_F(ServerReadersTest, TheServerEndsWhileSomebodyDoesNotRead) {
  Start({});
  const auto silent = AskWithoutReading("Repeat", 2, 1000);
  const auto answers = AskWithoutReading("Echo", 2, kMessageBytes);
  server_->Shutdown();
  for (const auto& reader : silent) EXPECT_FALSE(reader->Finish().ok());
  for (const auto& reader : answers) reader->Finish().IgnoreError();
}

}  // namespace
}  // namespace tandem::common
