// tandemd before peers that use up its connections and file descriptors: the gateway serves others,
// or does so again within 5 seconds. The programs are real, and so are their limits.
#include <sys/resource.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/http_client.h"

namespace tandem {
namespace {

using gateway::HttpClient;
using gateway::HttpResponse;

constexpr absl::Duration kRecovery = absl::Seconds(5);
constexpr absl::Duration kStartTimeout = absl::Minutes(2);
constexpr char kList[] = "/tandem.needs.v1.NeedsService/ListProgrammes";
constexpr int kFiles = 256;  // descriptors of the small tandemd

class AbuseTest : public ::testing::Test {
 protected:
  AbuseTest() {
    // This process holds the other ends of all connections.
    rlimit files = {};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }

  // With at most `files` descriptors.
  void Start(int files) {
    TANDEM_ASSERT_OK_AND_ASSIGN(
        tandemd_, base::ChildProcess::Start(
                      {"/bin/sh", "-c",
                       absl::StrCat("ulimit -n ", files,
                                    " && exec services/tandemd/tandemd --address 127.0.0.1:0 "
                                    "--http-address 127.0.0.1:0 --log-level error --data \"$0\""),
                       folder_.path()}));
    http_ = Address(" serves HTTP on ");
    grpc_ = Address(" listening on ");
    ASSERT_LT(UntilServed(), kStartTimeout);
  }

  std::string Address(const std::string& before) {
    auto line = tandemd_->WaitForLine(before, kStartTimeout);
    EXPECT_THAT(line, base::IsOk());
    return line.ok() ? line->substr(line->find(before) + before.size()) : "";
  }

  // How long it takes until a call of a newcomer is answered.
  absl::Duration UntilServed() {
    const absl::Time start = absl::Now();
    while (absl::Now() < start + absl::Seconds(30)) {
      HttpClient client(http_);
      const HttpResponse response = client.Call(
          "POST", kList, {{"content-type", "application/json"}, {"tandem-role", "staff"}}, "{}");
      if (response.status == 200) break;
      // 0 is a connection that was cut off to make room.
      EXPECT_THAT(response.status, ::testing::AnyOf(0, 503)) << response.body;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return absl::Now() - start;
  }

  std::vector<HttpClient> Connect(const std::string& address, int count) {
    std::vector<HttpClient> clients;
    for (int i = 0; i < count; ++i) {
      clients.emplace_back(address);
      // Every second one begins a request.
      if (i % 2 == 1) clients.back().Send("POST /tandem.needs.v1");
    }
    return clients;
  }

  const base::TempDir folder_;
  std::unique_ptr<base::ChildProcess> tandemd_;
  std::string http_;
  std::string grpc_;
};

TEST_F(AbuseTest, ThousandIdleConnectionsKeepNobodyOut) {
  Start(1024);
  const std::vector<HttpClient> idle = Connect(http_, 1000);
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, MoreConnectionsThanDescriptorsKeepNobodyOut) {
  Start(kFiles);
  const std::vector<HttpClient> idle = Connect(http_, 3 * kFiles);
  EXPECT_LT(UntilServed(), kRecovery);
}

TEST_F(AbuseTest, DescriptorsThatGrpcUsedUpAreMissedOnlyAsLongAsTheyAreHeld) {
  Start(kFiles);
  std::vector<HttpClient> greedy = Connect(grpc_, 2 * kFiles);
  // No descriptor is left: a newcomer is served by one that is kept back, or told to come again.
  HttpClient newcomer(http_);
  const HttpResponse response = newcomer.Call("GET", "/healthz", {}, "");
  EXPECT_THAT(response.status, ::testing::AnyOf(200, 503)) << response.body;
  greedy.clear();
  EXPECT_LT(UntilServed(), kRecovery);
}

}  // namespace
}  // namespace tandem
