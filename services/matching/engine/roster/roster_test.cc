#include "services/matching/engine/roster/roster.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/chunk.h"

namespace tandem::engine {
namespace {

using base::IsOk;
using base::IsOkAndHolds;
using base::StatusIs;

MentorFacts Mentor(const std::string& id, int64_t revision, int hours) {
  MentorFacts mentor;
  mentor.id = id;
  mentor.revision = revision;
  mentor.hours_per_month = hours;
  mentor.expertise = {{"testing", 3, kNoDay}};
  return mentor;
}

TEST(RosterTest, ASnapshotDoesNotChange) {
  Roster roster;
  EXPECT_THAT(roster.Upsert(Mentor("mentors/a", 1, 10)), IsOkAndHolds(true));
  const RosterSnapshot before = roster.Snapshot();
  EXPECT_THAT(roster.Upsert(Mentor("mentors/a", 2, 20)), IsOkAndHolds(true));
  EXPECT_THAT(roster.Upsert(Mentor("mentors/b", 3, 30)), IsOkAndHolds(true));
  const RosterSnapshot after = roster.Snapshot();

  EXPECT_EQ(before.size(), 1);
  EXPECT_EQ(before.mentor(0).facts().hours_per_month, 10);
  EXPECT_EQ(before.RowOf("mentors/b"), std::nullopt);
  EXPECT_EQ(after.size(), 2);
  EXPECT_EQ(after.mentor(0).facts().hours_per_month, 20);
  EXPECT_EQ(after.RowOf("mentors/b"), 1);
  EXPECT_THAT(before.RowsOf({"mentors/b", "mentors/a", "mentors/x"}),
              testing::ElementsAre(-1, 0, -1));
}

TEST(RosterTest, AnEarlierRevisionComesTooLate) {
  Roster roster;
  EXPECT_THAT(roster.Upsert(Mentor("mentors/a", 5, 10)), IsOkAndHolds(true));
  EXPECT_THAT(roster.Upsert(Mentor("mentors/a", 4, 20)), IsOkAndHolds(false));
  EXPECT_THAT(roster.Deactivate("mentors/a", 4), IsOk());
  EXPECT_EQ(roster.Snapshot().mentor(0).facts().hours_per_month, 10);
  EXPECT_TRUE(roster.Snapshot().mentor(0).facts().active);
}

TEST(RosterTest, ADeactivatedMentorKeepsTheRow) {
  Roster roster;
  EXPECT_THAT(roster.Upsert(Mentor("mentors/a", 1, 10)), IsOkAndHolds(true));
  const RosterSnapshot before = roster.Snapshot();
  EXPECT_THAT(roster.Deactivate("mentors/a", 2), IsOk());
  EXPECT_TRUE(before.mentor(0).facts().active);
  EXPECT_FALSE(roster.Snapshot().mentor(0).facts().active);
  EXPECT_EQ(roster.Snapshot().mentor(0).revision(), 2);
}

TEST(RosterTest, WrongInputChangesNothing) {
  Roster roster;
  EXPECT_THAT(roster.Upsert(MentorFacts()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(roster.Deactivate("mentors/a", 1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(roster.Snapshot().size(), 0);
}

TEST(RosterTest, TheRevisionNeverGoesBack) {
  Roster roster;
  roster.AdvanceTo(7);
  roster.AdvanceTo(3);
  EXPECT_EQ(roster.Snapshot().revision(), 7);
}

TEST(RosterTest, SnapshotsAreWholeWhileOthersWrite) {
  // Every mentor's hours are set in rounds; within a chunk they may differ by a round, but a
  // snapshot once taken stays as it is, and rounds never go back.
  constexpr int kMentors = 3 * kChunkRows;
  constexpr int kRounds = 20;
  Roster roster;
  for (int i = 0; i < kMentors; ++i) {
    ASSERT_THAT(roster.Upsert(Mentor(absl::StrCat("mentors/", i), 0, 0)), IsOkAndHolds(true));
  }
  std::thread writer([&roster] {
    for (int round = 1; round <= kRounds; ++round) {
      for (int i = 0; i < kMentors; ++i) {
        EXPECT_TRUE(roster.Upsert(Mentor(absl::StrCat("mentors/", i), round, round)).ok());
      }
      roster.AdvanceTo(round);
    }
  });
  int64_t complete = 0;
  while (complete < kRounds) {
    const RosterSnapshot snapshot = roster.Snapshot();
    complete = snapshot.revision();
    for (int row = 0; row < snapshot.size(); ++row) {
      const MentorView mentor = snapshot.mentor(row);
      ASSERT_EQ(mentor.facts().hours_per_month, mentor.revision());
      ASSERT_GE(mentor.revision(), complete);
      ASSERT_LE(mentor.revision(), complete + 1);
      ASSERT_EQ(mentor.expertise().size(), 1u);
    }
  }
  writer.join();
}

TEST(RosterTest, MemoryIsReported) {
  Roster roster;
  const size_t empty = roster.MemoryBytes();
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_THAT(roster.Upsert(Mentor(absl::StrCat("mentors/", i), 1, 1)), IsOkAndHolds(true));
  }
  EXPECT_GT(roster.MemoryBytes(), empty + 1'000 * sizeof(MentorRow));
  EXPECT_LT(roster.MemoryBytes(), empty + 1'000 * 2'000);
}

}  // namespace
}  // namespace tandem::engine
