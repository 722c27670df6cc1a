// Clients that follow tandemd's events and never read them: its memory stays bounded, they are
// ended with a clear code, and their places are given to others.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/silent_reader.h"
#include "tandem/events/v1/events_service.grpc.pb.h"
#include "tests/abuse/small_tandemd.h"

namespace tandem::abuse {
namespace {

using base::StatusIs;
using common::SilentReader;
using events::v1::EventsService;
using ::testing::HasSubstr;

constexpr char kWatchEvents[] = "/tandem.events.v1.EventsService/WatchEvents";
constexpr absl::Duration kHangGuard = absl::Seconds(60);
constexpr absl::Duration kSlowReaderTime = absl::Seconds(2);
constexpr int kStreams = 8;
constexpr int kOwnStreams = 8;  // at least: tandemd's services follow each other by streams, too
constexpr int kMentors = 3000;  // each is an event, together more than the windows of a client
constexpr int64_t kMaxGrowthBytes = 64 << 20;

class ReadersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    TANDEM_ASSERT_OK(tandemd_.Start(
        1024, {"--slow-reader-s", absl::StrCat(absl::ToInt64Seconds(kSlowReaderTime)),
               "--max-streams", absl::StrCat(kStreams + kOwnStreams), "--calls-per-second", "0"}));
    const std::string out = folder_.Join("generated");
    Run({"tools/tandem", "generate", "--mentors", absl::StrCat(kMentors), "--needs", "1", "--seed",
         "7", "--out", out});
    for (const std::string what : {"organisations", "mentors"}) {
      Run({"tools/tandem", "--address", tandemd_.grpc_address(), "import", what,
           absl::StrCat(out, "/", what, ".csv")});
    }
  }

  static void Run(const std::vector<std::string>& arguments) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const base::Finished finished, base::RunProgram(arguments));
    ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
  }

  // Follows the events from the first on until there were as many as mentors.
  absl::Status FollowAll() {
    grpc::ClientContext context;
    common::PrepareCall("Grace", common::v1::ROLE_STAFF, kHangGuard, &context);
    const auto stream = EventsService::NewStub(tandemd_.NewConnection())
                            ->WatchEvents(&context, events::v1::WatchEventsRequest());
    events::v1::WatchEventsResponse response;
    int events = 0;
    while (events < kMentors && stream->Read(&response)) events += response.events_size();
    if (events < kMentors) return common::FromGrpcStatus(stream->Finish());
    context.TryCancel();
    stream->Finish();
    return absl::OkStatus();
  }

  void ExpectFollowersAreServedSoon() {
    const absl::Time end = absl::Now() + kHangGuard;
    absl::Status status = FollowAll();
    while (status.code() == absl::StatusCode::kResourceExhausted && absl::Now() < end) {
      EXPECT_THAT(status.message(), HasSubstr("wait a little"));
      absl::SleepFor(absl::Milliseconds(50));
      status = FollowAll();
    }
    TANDEM_EXPECT_OK(status);
  }

  const base::TempDir folder_;
  SmallTandemd tandemd_;
};

TEST_F(ReadersTest, FollowersThatNeverReadAreEndedAndOthersFollow) {
  const int64_t before = tandemd_.ResidentBytes();
  std::vector<std::unique_ptr<SilentReader>> silent;
  for (int i = 0; i < kStreams; ++i) {
    silent.push_back(std::make_unique<SilentReader>(tandemd_.grpc_address(), kWatchEvents,
                                                    common::v1::ROLE_STAFF,
                                                    events::v1::WatchEventsRequest()));
  }
  absl::SleepFor(kSlowReaderTime / 2);  // they are there by now
  ExpectFollowersAreServedSoon();
  absl::SleepFor(2 * kSlowReaderTime);  // the last of them is ended
  int ended = 0;
  for (const auto& reader : silent) {
    const absl::Status status = reader->Finish();
    // A follower that was served before one of them came took its place: that one was refused.
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
    ended += absl::StrContains(status.message(), "nothing of the answer was read") ? 1 : 0;
  }
  EXPECT_GE(ended, kStreams / 2);
  EXPECT_LT(tandemd_.ResidentBytes() - before, kMaxGrowthBytes);
}

}  // namespace
}  // namespace tandem::abuse
