// What a server refuses because it is too much, and that each refusal says so in the same way.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;
using ::testing::HasSubstr;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

class ServerLimitsTest : public ::testing::Test {
 protected:
  void Start(const ServerOptions& options, absl::Status answer = absl::OkStatus()) {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [answer](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
          if (!answer.ok()) return answer;
          return request;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [](const CallContext& call, const EchoMessage&, StreamWriter<EchoMessage>& writer) {
          writer.Write(EchoMessage());
          while (!call.IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
          return absl::CancelledError("ended");
        });
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options, std::move(registry)));
    stub_ = EchoService::NewStub(MakeChannel(server_->address()));
  }

  // Without this, channels to one address share a connection.
  void UseConnectionOfItsOwn() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = EchoService::NewStub(grpc::CreateCustomChannel(
        server_->address(), grpc::InsecureChannelCredentials(), arguments));
  }

  absl::Status Echo(size_t text_bytes, const std::string& actor = "Ada",
                    v1::Role role = v1::ROLE_STAFF, size_t metadata_bytes = 0) {
    grpc::ClientContext context;
    PrepareCall(actor, role, kHangGuard, &context);
    if (metadata_bytes > 0) context.AddMetadata("x-long", std::string(metadata_bytes, 'x'));
    EchoMessage request, response;
    request.set_text(std::string(text_bytes, 'x'));
    return FromGrpcStatus(stub_->Echo(&context, request, &response));
  }

  // A stream that lasts until it is cancelled.
  struct Followed {
    std::unique_ptr<grpc::ClientContext> context = std::make_unique<grpc::ClientContext>();
    std::unique_ptr<grpc::ClientReader<EchoMessage>> reader;
    absl::Status refused;  // OK while it lasts
  };

  Followed Follow(const std::string& actor) {
    Followed one;
    PrepareCall(actor, v1::ROLE_STAFF, kHangGuard, one.context.get());
    one.reader = stub_->Repeat(one.context.get(), EchoMessage());
    EchoMessage response;
    if (!one.reader->Read(&response)) one.refused = FromGrpcStatus(one.reader->Finish());
    return one;
  }

  // The same, until its place is free or the guard's time is over.
  Followed FollowSoon(const std::string& actor) {
    const absl::Time end = absl::Now() + kHangGuard;
    Followed one = Follow(actor);
    while (!one.refused.ok() && absl::Now() < end) one = Follow(actor);
    return one;
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<EchoService::Stub> stub_;
};

TEST_F(ServerLimitsTest, TooLargeRequestIsToldTheLimit) {
  ServerOptions options;
  options.max_message_bytes = 1000;
  Start(options);

  const absl::Status refused = Echo(1500);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("split")));
  ASSERT_TRUE(ErrorDetailOf(refused).has_value());
  EXPECT_EQ(ErrorDetailOf(refused)->reason, "REQUEST_TOO_LARGE");
  EXPECT_EQ(ErrorDetailOf(refused)->metadata.at("max_bytes"), "1000");
  TANDEM_EXPECT_OK(Echo(500));
}

TEST_F(ServerLimitsTest, FarTooLargeRequestIsRefusedUnreadAndTheServerGoesOn) {
  ServerOptions options;
  options.max_message_bytes = 1000;
  Start(options);

  EXPECT_THAT(Echo(5'000'000), StatusIs(absl::StatusCode::kResourceExhausted));
  TANDEM_EXPECT_OK(Echo(500));
}

TEST_F(ServerLimitsTest, ARequestThatWouldFillTheMemoryOnceItIsParsedIsRefusedBefore) {
  ServerOptions options;
  options.max_message_bytes = 64 << 10;
  Start(options);
  EchoMessage request, response;
  for (int i = 0; i < 30'000; ++i) {  // 2 bytes each on the wire
    request.GetReflection()->MutableUnknownFields(&request)->AddGroup(15);
  }
  grpc::ClientContext context;
  PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);

  const absl::Status refused = FromGrpcStatus(stub_->Echo(&context, request, &response));

  EXPECT_THAT(refused,
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("so many small parts")));
  EXPECT_EQ(ErrorDetailOf(refused)->reason, "REQUEST_TOO_LARGE");
  TANDEM_EXPECT_OK(Echo(60'000));
}

TEST_F(ServerLimitsTest, LongMetadataIsRefusedAndTheServerGoesOn) {
  ServerOptions options;
  options.max_metadata_bytes = 4096;
  Start(options);

  EXPECT_THAT(Echo(1, "Ada", v1::ROLE_STAFF, 100'000),
              StatusIs(absl::StatusCode::kResourceExhausted));

  // gRPC may close the connection that the metadata came on; those of others go on.
  UseConnectionOfItsOwn();
  TANDEM_EXPECT_OK(Echo(1));
}

TEST_F(ServerLimitsTest, CallerAboveItsRateIsToldHowLongToWait) {
  ServerOptions options;
  options.calls_per_second = 1;
  options.burst_calls = 3;
  Start(options);
  for (int i = 0; i < 3; ++i) TANDEM_EXPECT_OK(Echo(1));

  const absl::Status refused = Echo(1);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ErrorDetailOf(refused)->reason, "RATE_EXCEEDED");
  ASSERT_TRUE(RetryAfterOf(refused).has_value());
  EXPECT_LE(*RetryAfterOf(refused), absl::Seconds(1));
  TANDEM_EXPECT_OK(Echo(1, "Grace"));
  for (int i = 0; i < 20; ++i) {  // Tandem's own services are counted by nobody
    EXPECT_THAT(Echo(1, "tandem", v1::ROLE_SERVICE), StatusIs(absl::StatusCode::kPermissionDenied));
  }
  absl::SleepFor(*RetryAfterOf(refused));
  TANDEM_EXPECT_OK(Echo(1));
}

TEST_F(ServerLimitsTest, OneCallerFollowsNoMoreStreamsThanItMayAndLeavesTheOthersTheirs) {
  ServerOptions options;
  options.max_streams_per_caller = 2;
  Start(options);
  const Followed first = Follow("Ada");
  const Followed second = Follow("Ada");
  TANDEM_EXPECT_OK(first.refused);
  TANDEM_EXPECT_OK(second.refused);

  const absl::Status refused = Follow("Ada").refused;

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("2 streams")));
  ASSERT_TRUE(ErrorDetailOf(refused).has_value());
  EXPECT_EQ(ErrorDetailOf(refused)->reason, "STREAMS_EXCEEDED");
  EXPECT_TRUE(RetryAfterOf(refused).has_value());
  const Followed other = Follow("Grace");
  TANDEM_EXPECT_OK(other.refused);
  TANDEM_EXPECT_OK(Echo(1));
  first.context->TryCancel();
  const Followed next = FollowSoon("Ada");
  TANDEM_EXPECT_OK(next.refused);
  for (const Followed* one : {&second, &other, &next}) one->context->TryCancel();
}

TEST_F(ServerLimitsTest, EvenAnErrorThatKnowsNothingOfCallersArrivesWithAReason) {
  Start(ServerOptions(), absl::DataLossError("bad block"));

  const absl::Status status = Echo(1);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, "bad block"));
  ASSERT_TRUE(ErrorDetailOf(status).has_value());
  EXPECT_EQ(ErrorDetailOf(status)->reason, "STORE_DAMAGED");
}

}  // namespace
}  // namespace tandem::common
