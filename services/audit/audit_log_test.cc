#include "services/audit/audit_log.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gtest/gtest.h"
#include "storage/open.h"

namespace tandem::audit {
namespace {

using base::TempDir;
using common::v1::Change;
using Changes = google::protobuf::RepeatedPtrField<Change>;

constexpr absl::Duration kGuard = absl::Seconds(60);

std::shared_ptr<storage::Store> OpenStore(const std::string& url) {
  absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Open(url);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

std::unique_ptr<AuditLog> OpenLog(std::shared_ptr<storage::Store> store) {
  auto log = AuditLog::Open(std::move(store), [] { return absl::UnixEpoch(); });
  EXPECT_TRUE(log.ok()) << log.status();
  return *std::move(log);
}

// The one change that commit `revision` of `store_name` made.
Changes ChangeOf(const std::string& store_name, int64_t revision) {
  Changes changes;
  Change* change = changes.Add();
  change->set_store(store_name);
  change->set_revision(revision);
  change->set_resource(absl::StrCat("things/", revision));
  return changes;
}

bool WaitUntilDurable(const AuditLog& log, const std::string& store_name, int64_t revision) {
  const absl::Time give_up = absl::Now() + kGuard;
  while (log.DurableRevision(store_name) < revision) {
    if (absl::Now() > give_up) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

std::vector<v1::AuditEntry> Entries(const storage::Store& store) {
  std::vector<v1::AuditEntry> entries;
  auto snapshot = store.Latest();
  EXPECT_TRUE(snapshot.ok());
  EXPECT_TRUE((*snapshot)
                  ->Scan(EntryKeysBegin(), EntryKeysEnd(),
                         [&](const storage::Record& record) {
                           EXPECT_TRUE(entries.emplace_back().ParseFromString(record.value));
                           return true;
                         })
                  .ok());
  return entries;
}

// Checks that the log has, per store, exactly the changes 1 to its cursor, in a dense sequence.
void CheckComplete(const AuditLog& log) {
  std::map<std::string, int64_t> last;
  int64_t sequence = 0;
  for (const v1::AuditEntry& entry : Entries(log.store())) {
    EXPECT_EQ(entry.sequence(), ++sequence);
    EXPECT_EQ(entry.change().revision(), ++last[entry.change().store()]);
  }
  EXPECT_EQ(log.last_sequence(), sequence);
  for (const auto& [store_name, revision] : last) {
    EXPECT_EQ(log.DurableRevision(store_name), revision) << store_name;
  }
}

TEST(AuditLogTest, ChangesOfEveryStoreStandInOneDenseSequence) {
  auto log = OpenLog(OpenStore("memory:"));
  for (int64_t revision = 1; revision <= 3; ++revision) {
    TANDEM_ASSERT_OK(log->Enqueue("profiles", ChangeOf("profiles", revision), revision));
    TANDEM_ASSERT_OK(log->Enqueue("needs", ChangeOf("needs", revision), revision));
  }

  ASSERT_TRUE(WaitUntilDurable(*log, "profiles", 3));
  ASSERT_TRUE(WaitUntilDurable(*log, "needs", 3));
  EXPECT_EQ(log->last_sequence(), 6);
  CheckComplete(*log);
}

TEST(AuditLogTest, ChangesThatComeAgainAreNotTakenInTwice) {
  auto log = OpenLog(OpenStore("memory:"));
  TANDEM_ASSERT_OK(log->Enqueue("profiles", ChangeOf("profiles", 1), 1));
  Changes overlapping = ChangeOf("profiles", 1);
  *overlapping.Add() = ChangeOf("profiles", 2)[0];

  TANDEM_ASSERT_OK(log->Enqueue("profiles", ChangeOf("profiles", 1), 1));
  TANDEM_ASSERT_OK(log->Enqueue("profiles", overlapping, 2));

  ASSERT_TRUE(WaitUntilDurable(*log, "profiles", 2));
  EXPECT_EQ(log->last_sequence(), 2);
  CheckComplete(*log);
}

TEST(AuditLogTest, AStepWithoutChangesMovesTheCursorAlone) {
  auto log = OpenLog(OpenStore("memory:"));
  TANDEM_ASSERT_OK(log->Enqueue("profiles", Changes(), 7));

  ASSERT_TRUE(WaitUntilDurable(*log, "profiles", 7));
  EXPECT_EQ(log->last_sequence(), 0);
}

TEST(AuditLogTest, ClosingWritesWhatIsWaiting) {
  auto store = OpenStore("memory:");
  {
    auto log = OpenLog(store);
    for (int64_t revision = 1; revision <= 500; ++revision) {
      TANDEM_ASSERT_OK(log->Enqueue("needs", ChangeOf("needs", revision), revision));
    }
  }

  auto reopened = OpenLog(store);

  EXPECT_EQ(reopened->DurableRevision("needs"), 500);
  CheckComplete(*reopened);
}

TEST(AuditLogTest, AClosedStoreRefusesFurtherChangesInsteadOfLosingThem) {
  auto store = OpenStore("memory:");
  auto log = OpenLog(store);
  TANDEM_ASSERT_OK(store->Close());

  absl::Status status;
  const absl::Time give_up = absl::Now() + kGuard;
  for (int64_t revision = 1; status.ok() && absl::Now() < give_up; ++revision) {
    status = log->Enqueue("needs", ChangeOf("needs", revision), revision);
  }

  EXPECT_THAT(status, base::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(log->Health(), base::StatusIs(absl::StatusCode::kUnavailable));
}

// Follows two feeds without end, from where the log stands, until the process is killed.
[[noreturn]] void FollowForEver(const std::string& url) {
  auto log = OpenLog(OpenStore(url));
  int64_t profiles = log->DurableRevision("profiles");
  int64_t needs = log->DurableRevision("needs");
  while (log->Enqueue("profiles", ChangeOf("profiles", profiles + 1), profiles + 1).ok() &&
         log->Enqueue("needs", ChangeOf("needs", needs + 1), needs + 1).ok()) {
    ++profiles;
    ++needs;
    if (profiles % 50 == 0) absl::SleepFor(absl::Milliseconds(2));
  }
  _exit(1);
}

TEST(AuditLogTest, NothingIsMissingOrTwiceAfterKills) {
  const TempDir folder;
  const std::string url = absl::StrCat("rocksdb:", folder.Join("audit"));
  int64_t before = 0;
  for (int kill_number = 0; kill_number < 10; ++kill_number) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) FollowForEver(url);
    absl::SleepFor(absl::Milliseconds(150 + 37 * kill_number));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the follower ended by itself";

    auto log = OpenLog(OpenStore(url));
    CheckComplete(*log);
    EXPECT_GE(log->last_sequence(), before);
    before = log->last_sequence();
  }
  EXPECT_GT(before, 0) << "no kill came after a commit: this run shows nothing";
}

}  // namespace
}  // namespace tandem::audit
