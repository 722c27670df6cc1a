#include "services/common/connections/connection_list.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/common/testing/raw_connections.h"

namespace tandem::common {
namespace {

constexpr absl::Duration kSoon = absl::Milliseconds(100);

// A listener, its clients, and the server's side of their connections.
class ConnectionListTest : public ::testing::Test {
 protected:
  ConnectionListTest() {
    listen(listener_, 100);
    sockaddr_in address = {};
    socklen_t size = sizeof(address);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  }
  ~ConnectionListTest() override {
    for (const int fd : accepted_) close(fd);
    close(listener_);
  }

  // Connects a client, whose number is its place in clients_; whether it is admitted.
  bool Connect() {
    clients_.emplace_back();
    EXPECT_TRUE(clients_.back().Connect(address_));
    accepted_.push_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    return list_.Admit(accepted_.back());
  }

  std::string PeerOf(size_t client) {
    sockaddr_in address = {};
    socklen_t size = sizeof(address);
    getpeername(accepted_[client], reinterpret_cast<sockaddr*>(&address), &size);
    return absl::StrCat("ipv4:127.0.0.1:", ntohs(address.sin_port));
  }

  int Closed() {
    return static_cast<int>(std::count_if(clients_.begin(), clients_.end(), [](RawConnection& one) {
      return one.ClosesWithin(absl::ZeroDuration());
    }));
  }

  const int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string address_;
  std::vector<RawConnection> clients_;
  std::vector<int> accepted_;
  absl::flat_hash_set<std::string> busy_;
  ConnectionList list_{3, [this] { return busy_; }};
};

TEST_F(ConnectionListTest, AFullListClosesTheLongestSilent) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(Connect());
    absl::SleepFor(kSoon);
  }
  clients_[0].Send("hello");
  EXPECT_TRUE(Connect());
  EXPECT_TRUE(clients_[1].ClosesWithin(kSoon));
  EXPECT_EQ(Closed(), 1);
}

TEST_F(ConnectionListTest, BusyOnesAreNeverClosed) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Connect());
  for (size_t i = 0; i < 3; ++i) busy_.insert(PeerOf(i));
  EXPECT_FALSE(Connect());
  EXPECT_FALSE(list_.MakeRoom());
  EXPECT_EQ(Closed(), 0);
  busy_.erase(PeerOf(2));
  EXPECT_TRUE(Connect());
  EXPECT_TRUE(clients_[2].ClosesWithin(kSoon));
}

TEST_F(ConnectionListTest, EndedOnesMakeRoomAlsoWhenTheirDescriptorIsUsedAgain) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Connect());
  for (size_t i = 0; i < 3; ++i) busy_.insert(PeerOf(i));
  close(accepted_[0]);
  const int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(other, accepted_[0]);
  EXPECT_TRUE(Connect());
  busy_.insert(PeerOf(3));
  EXPECT_FALSE(Connect());
  EXPECT_EQ(Closed(), 1);  // the one that was closed above
}

TEST_F(ConnectionListTest, WhatIsShutDownAndNotYetClosedIsBounded) {
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += Connect() ? 1 : 0;
  EXPECT_EQ(admitted, 6);
}

}  // namespace
}  // namespace tandem::common
