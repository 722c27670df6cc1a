// tandemd before peers that use up its connections and file descriptors: it serves others, over
// gRPC and over HTTP, or does so again within 5 seconds. The programs are real, and so are their
// limits.
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/raw_connections.h"
#include "tests/abuse/small_tandemd.h"

namespace tandem::abuse {
namespace {

using common::RawConnection;

constexpr int kFiles = 256;  // descriptors of the small tandemd

class ConnectionsTest : public ::testing::Test {
 protected:
  // Connections of which each third says nothing, begins HTTP/1.1, or begins HTTP/2.
  static std::vector<RawConnection> Connect(const std::string& address, int count) {
    const std::string beginnings[] = {"", "POST /tandem.needs.v1", common::Http2Preface()};
    std::vector<RawConnection> connections = common::ConnectSilently(address, count);
    EXPECT_EQ(connections.size(), static_cast<size_t>(count));
    for (size_t i = 0; i < connections.size(); ++i) connections[i].Send(beginnings[i % 3]);
    return connections;
  }

  std::vector<RawConnection> ConnectToBoth(int count) {
    std::vector<RawConnection> all = Connect(tandemd_.grpc_address(), count);
    std::vector<RawConnection> http = Connect(tandemd_.http_address(), count);
    std::move(http.begin(), http.end(), std::back_inserter(all));
    return all;
  }

  void ExpectServed() {
    TANDEM_ASSERT_OK_AND_ASSIGN(const absl::Duration grpc, tandemd_.UntilServedByGrpc());
    EXPECT_LT(grpc, kRecovery);
    TANDEM_ASSERT_OK_AND_ASSIGN(const absl::Duration http, tandemd_.UntilServedByHttp());
    EXPECT_LT(http, kRecovery);
  }

  SmallTandemd tandemd_;
};

TEST_F(ConnectionsTest, ThousandIdleConnectionsToEachKeepNobodyOut) {
  TANDEM_ASSERT_OK(tandemd_.Start(1024));
  std::vector<RawConnection> idle = ConnectToBoth(1000);
  ExpectServed();
  TANDEM_EXPECT_OK(tandemd_.Write("WRITTEN-AMONG-IDLE"));
  idle.clear();
  ExpectServed();
}

TEST_F(ConnectionsTest, MoreConnectionsThanDescriptorsKeepNobodyOut) {
  TANDEM_ASSERT_OK(tandemd_.Start(kFiles));
  std::vector<RawConnection> idle = ConnectToBoth(3 * kFiles);
  ExpectServed();
  TANDEM_EXPECT_OK(tandemd_.Write("WRITTEN-AMONG-IDLE"));
  idle.clear();
  ExpectServed();
}

// Newcomers are told as well, by the descriptor that each listener keeps for that. It may lose it
// to the other one for a while; then they wait, so this is not claimed here.
TEST_F(ConnectionsTest, WithoutDescriptorsKnownCallersAreServedAndNewcomersAfterwards) {
  TANDEM_ASSERT_OK(tandemd_.Start(kFiles));
  const std::shared_ptr<grpc::Channel> known = tandemd_.NewConnection();
  TANDEM_ASSERT_OK(SmallTandemd::List(known));

  tandemd_.UseUpDescriptors();
  TANDEM_EXPECT_OK(SmallTandemd::List(known));
  const std::vector<RawConnection> others = ConnectToBoth(50);

  tandemd_.GiveDescriptorsBack();
  ExpectServed();
  TANDEM_EXPECT_OK(tandemd_.Write("WRITTEN-AFTERWARDS"));
}

}  // namespace
}  // namespace tandem::abuse
