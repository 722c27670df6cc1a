#include "services/common/client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

// A server on loopback that lets a client wait for the first frame of HTTP/2 as long as a slow link
// does. It serves one connection, and nothing else.
class SlowServer {
 public:
  explicit SlowServer(absl::Duration delay) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
    thread_ = std::thread([this, delay] { Serve(delay); });
  }

  ~SlowServer() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes accept() where nobody came
    thread_.join();
    ::close(listener_);
  }

  const std::string& address() const { return address_; }

 private:
  void Serve(absl::Duration delay) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    absl::SleepFor(delay);
    constexpr char kEmptySettings[9] = {0, 0, 0, 4, 0, 0, 0, 0, 0};  // RFC 9113, section 6.5
    ::send(connection, kEmptySettings, sizeof(kEmptySettings), MSG_NOSIGNAL);
    char dropped[256];
    while (::recv(connection, dropped, sizeof(dropped), 0) > 0) {
    }
    ::close(connection);
  }

  const int listener_;
  std::string address_;
  std::thread thread_;
};

TEST(ClientTest, ALinkThatTakesAWhileToAnswerIsNotGivenUp) {
  const SlowServer server(absl::Milliseconds(500));
  const auto channel = MakeChannel(server.address());

  EXPECT_TRUE(
      channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(15)));
}

}  // namespace
}  // namespace tandem::common
