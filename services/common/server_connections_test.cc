// A server with more connections than it takes: real sockets, real calls.
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "services/common/testing/raw_connections.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;

constexpr absl::Duration kHangGuard = absl::Seconds(60);
constexpr absl::Duration kRecovery = absl::Seconds(5);

// A client with a connection of its own.
class Client {
 public:
  explicit Client(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
    stub_ = EchoService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  absl::Status Echo(const std::string& text = "") {
    grpc::ClientContext context;
    PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, &context);
    EchoMessage request, response;
    request.set_text(text);
    return FromGrpcStatus(stub_->Echo(&context, request, &response));
  }

  // A stream that sends one answer and then nothing until it is told to end.
  std::unique_ptr<grpc::ClientReader<EchoMessage>> Repeat(grpc::ClientContext* context) {
    PrepareCall("Ada", v1::ROLE_STAFF, kHangGuard, context);
    return stub_->Repeat(context, EchoMessage());
  }

 private:
  std::unique_ptr<EchoService::Stub> stub_;
};

class ServerConnectionsTest : public ::testing::Test {
 protected:
  ~ServerConnectionsTest() override { Release(); }

  // Echo with the text "wait", and Repeat after its first answer, end at Release().
  void Start(int max_connections, const std::string& address = "127.0.0.1:0") {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [this](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
          if (request.text() == "wait") WaitForRelease();
          return request;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [this](const CallContext&, const EchoMessage& request, StreamWriter<EchoMessage>& writer) {
          writer.Write(request);
          WaitForRelease();
          return absl::OkStatus();
        });
    ServerOptions options;
    options.address = address;
    options.max_connections = max_connections;
    options.log_failed_calls = false;
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options, std::move(registry)));
  }

  void WaitForRelease() {
    absl::MutexLock lock(&mutex_);
    ++waiting_;
    mutex_.AwaitWithTimeout(absl::Condition(&released_), kHangGuard);
    --waiting_;
  }

  bool WaitForWaiting(int count) {
    const auto reached = [this, count] { return waiting_ == count; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kHangGuard);
  }

  void Release() {
    absl::MutexLock lock(&mutex_);
    released_ = true;
  }

  // Whether a new client is served, which may try again for the time of recovery.
  absl::Status NewcomerIsServed() {
    const absl::Time end = absl::Now() + kRecovery;
    Client newcomer(server_->address());
    absl::Status status = newcomer.Echo();
    while (!status.ok() && absl::Now() < end) {
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      absl::SleepFor(absl::Milliseconds(20));
      status = newcomer.Echo();
    }
    return status;
  }

  // Calls that wait on connections of their own, while newcomers come; all have to go well.
  void KeepBusy(int count) {
    std::vector<absl::Status> answers(static_cast<size_t>(count));
    std::vector<std::thread> callers;
    for (int i = 0; i < count; ++i) {
      callers.emplace_back([this, i, &answers] {
        answers[static_cast<size_t>(i)] = Client(server_->address()).Echo("wait");
      });
    }
    EXPECT_TRUE(WaitForWaiting(count));
    Client newcomer(server_->address());
    EXPECT_THAT(newcomer.Echo(), StatusIs(absl::StatusCode::kUnavailable));
    Release();
    for (std::thread& caller : callers) caller.join();
    for (const absl::Status& answer : answers) TANDEM_EXPECT_OK(answer);
    TANDEM_EXPECT_OK(NewcomerIsServed());
  }

  absl::Mutex mutex_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerConnectionsTest, ThousandIdleConnectionsKeepNobodyOut) {
  Start(500);
  const std::vector<RawConnection> idle = ConnectSilently(server_->address(), 1000);
  ASSERT_EQ(idle.size(), 1000u);
  TANDEM_EXPECT_OK(NewcomerIsServed());
}

TEST_F(ServerConnectionsTest, HalfBegunConnectionsKeepNobodyOut) {
  Start(20);
  std::vector<RawConnection> begun = ConnectSilently(server_->address(), 100);
  const std::string preface = Http2Preface();
  for (size_t i = 0; i < begun.size(); ++i) {
    begun[i].Send(preface.substr(0, preface.size() * (i % 4 + 1) / 4));
  }
  TANDEM_EXPECT_OK(NewcomerIsServed());
}

TEST_F(ServerConnectionsTest, TheLongestSilentConnectionGivesWayAndItsClientConnectsAgain) {
  Start(2);
  Client first(server_->address());
  Client second(server_->address());
  TANDEM_ASSERT_OK(first.Echo());
  absl::SleepFor(absl::Milliseconds(50));
  TANDEM_ASSERT_OK(second.Echo());
  std::vector<RawConnection> third = ConnectSilently(server_->address(), 1);
  EXPECT_FALSE(third[0].ClosesWithin(absl::Milliseconds(200)));
  TANDEM_EXPECT_OK(first.Echo());
  TANDEM_EXPECT_OK(second.Echo());
}

TEST_F(ServerConnectionsTest, ConnectionsWithACallUnderWayArePreferredToNewcomers) {
  Start(4);
  KeepBusy(4);
}

TEST_F(ServerConnectionsTest, TheyArePreferredOverIpv6Too) {
  Start(4, "[::1]:0");
  KeepBusy(4);
}

TEST_F(ServerConnectionsTest, AFollowedStreamOutlivesAFloodOfConnections) {
  Start(8);
  Client follower(server_->address());
  grpc::ClientContext context;
  const auto stream = follower.Repeat(&context);
  EchoMessage answer;
  ASSERT_TRUE(stream->Read(&answer));
  for (int i = 0; i < 10; ++i) ConnectSilently(server_->address(), 50);
  TANDEM_EXPECT_OK(NewcomerIsServed());
  Release();
  EXPECT_FALSE(stream->Read(&answer));
  TANDEM_EXPECT_OK(FromGrpcStatus(stream->Finish()));
}

// Lowers the limit to what is open now, until it is destroyed.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = dup(STDERR_FILENO);
    close(next);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptorLeft() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

TEST_F(ServerConnectionsTest, WithoutADescriptorNewcomersAreToldAndServedOnceThereAreSome) {
  Start(100);
  absl::Status known;
  std::thread caller([&] { known = Client(server_->address()).Echo("wait"); });
  EXPECT_TRUE(WaitForWaiting(1));
  std::vector<RawConnection> sockets(50);
  {
    const NoDescriptorLeft used_up;
    for (RawConnection& socket : sockets) EXPECT_TRUE(socket.Connect(server_->address()));
    for (RawConnection& socket : sockets) EXPECT_TRUE(socket.ClosesWithin(kRecovery));
  }
  TANDEM_EXPECT_OK(NewcomerIsServed());
  Release();
  caller.join();
  TANDEM_EXPECT_OK(known);
}

}  // namespace
}  // namespace tandem::common
