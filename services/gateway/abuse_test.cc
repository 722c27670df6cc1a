// Peers that take what they can get: others are served all the same, or soon again.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/gateway/gateway.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/echo_gateway.h"
#include "services/gateway/testing/http_client.h"

namespace tandem::gateway {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kRecovery = absl::Seconds(5);
constexpr int kConnections = 16;

class AbuseTest : public EchoGatewayTest {
 protected:
  void StartSmall(size_t max_held_bytes = 256 << 20) {
    GatewayOptions options;
    options.http.max_connections = kConnections;
    options.http.max_held_bytes = max_held_bytes;
    Start(options);
  }

  std::string Request(const std::string& body) {
    return absl::StrCat("POST ", kEcho,
                        " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                        "tandem-role: staff\r\ncontent-length: ",
                        body.size(), "\r\n\r\n", body);
  }

  // How long it takes until a newcomer is served; each refusal before says why.
  absl::Duration UntilServed() {
    const absl::Time start = absl::Now();
    while (absl::Now() < start + 2 * kRecovery) {
      HttpClient client(gateway_->address());
      const HttpResponse response = client.Call("POST", kEcho, JsonHeaders(), R"({"text":"a"})");
      if (response.status == 200) break;
      // Cut off is a connection that others had to give way to.
      if (response.status != 0) {
        EXPECT_EQ(response.status, 503) << response.body;
        EXPECT_THAT(response.body, HasSubstr("SERVER_BUSY"));
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
    return absl::Now() - start;
  }
};

// As many as there are connections, each with an answer on its way that it does not read.
std::vector<HttpClient> SlowReaders(const std::string& address, const std::string& request) {
  std::vector<HttpClient> slow;
  for (int i = 0; i < kConnections; ++i) {
    slow.emplace_back(address);
    slow.back().Send(request);
  }
  return slow;
}

TEST_F(AbuseTest, SlowReadersOnAllConnectionsMakeRoom) {
  StartSmall();
  const std::vector<HttpClient> slow =
      SlowReaders(gateway_->address(), Request(R"({"text":"large 10000000"})"));
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, SlowReadersOfAllThatMayBeHeldMakeRoom) {
  StartSmall(16 << 20);
  const std::vector<HttpClient> slow =
      SlowReaders(gateway_->address(), Request(R"({"text":"large 10000000"})"));
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, SlowReadersOfStreamsMakeRoom) {
  StartSmall();
  std::string message = absl::StrCat(R"({"count":100,"text":")", std::string(1 << 20, 'x'), "\"}");
  const auto size = static_cast<uint32_t>(message.size());
  std::string prefix(5, '\0');
  for (int i = 0; i < 4; ++i) prefix[4 - i] = static_cast<char>(size >> (8 * i));
  message.insert(0, prefix);
  const std::vector<HttpClient> slow = SlowReaders(
      gateway_->address(), absl::StrCat("POST ", kRepeat,
                                        " HTTP/1.1\r\nhost: localhost\r\ncontent-type: "
                                        "application/connect+json\r\ntandem-role: staff\r\n"
                                        "content-length: ",
                                        message.size(), "\r\n\r\n", message));
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, HalfSentRequestsKeepNobodyOut) {
  StartSmall();
  std::vector<HttpClient> halves;
  for (int i = 0; i < 4 * kConnections; ++i) {
    halves.emplace_back(gateway_->address());
    const std::string request = Request(R"({"text":"half"})");
    halves.back().Send(request.substr(0, request.size() * (i % 4 + 1) / 5));
  }
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, NoiseKeepsNobodyOut) {
  StartSmall();
  std::vector<HttpClient> noisy;
  for (int i = 0; i < 4 * kConnections; ++i) {
    noisy.emplace_back(gateway_->address());
    noisy.back().Send(std::string(10000, static_cast<char>(i * 7)));
  }
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, CallsUnderWayArePreferredToNewcomers) {
  StartSmall();
  std::vector<HttpClient> callers;
  for (int i = 0; i < kConnections; ++i) {
    callers.emplace_back(gateway_->address());
    callers.back().Send(Request(R"({"text":"wait"})"));
  }
  ASSERT_TRUE(WaitForRunning(kConnections));
  HttpClient newcomer(gateway_->address());
  const HttpResponse response = newcomer.Call("POST", kEcho, JsonHeaders(), "{}");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"resource_exhausted")"));
  callers.clear();
  ASSERT_TRUE(WaitForRunning(0));
  EXPECT_LT(UntilServed(), kRecovery);
}

}  // namespace
}  // namespace tandem::gateway
