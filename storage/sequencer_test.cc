// What the contract suite cannot see from outside: groups, and what a failed write does to those
// who wait. The ledger here is a plain map that can be held up and made to fail.
#include "storage/sequencer.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/commit_gate.h"
#include "storage/errors.h"
#include "storage/testing/commits.h"

namespace tandem::storage {
namespace {

using base::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

class FakeLedger : public Ledger {
 public:
  absl::StatusOr<Revision> RevisionOf(absl::string_view key) override {
    ++reads;
    auto found = revisions.find(std::string(key));
    return found == revisions.end() ? 0 : found->second;
  }
  absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(absl::string_view) override {
    return std::nullopt;
  }
  absl::Status Write(const std::vector<NumberedCommit>& group) override {
    writing.Notify();
    go_on.WaitForNotification();
    groups.push_back(static_cast<int>(group.size()));
    if (static_cast<int>(groups.size()) == fails_at) return absl::UnknownError("disk on fire");
    for (const NumberedCommit& numbered : group) {
      for (const Mutation& mutation : numbered.commit.mutations) {
        revisions[mutation.key] = numbered.revision;
      }
    }
    return absl::OkStatus();
  }

  // Held up until go_on; `writing` tells that the first write began.
  struct Once {
    void Notify() {
      if (!told.HasBeenNotified()) told.Notify();
    }
    void WaitForNotification() { told.WaitForNotification(); }
    absl::Notification told;
  };
  Once writing;
  Once go_on;
  int fails_at = 0;  // the number of the write that fails, from 1
  int reads = 0;
  std::vector<int> groups;  // sizes
  std::map<std::string, Revision> revisions;
};

class SequencerTest : public testing::Test {
 protected:
  // Submits without waiting; the outcome appears in outcomes_.
  void Submit(Commit commit) {
    const size_t index = outcomes_.size();
    outcomes_.push_back(absl::UnknownError("pending"));
    sequencer_->Submit(std::move(commit), [this, index](absl::StatusOr<Revision> outcome) {
      outcomes_[index] = std::move(outcome);
    });
  }

  // Submits a first commit, and the rest while that is being written.
  void SubmitWhileWriting(std::vector<Commit> rest) {
    outcomes_.reserve(rest.size() + 1);
    Submit(Put("first", "x"));
    ledger_.writing.WaitForNotification();
    for (Commit& commit : rest) Submit(std::move(commit));
    ledger_.go_on.Notify();
    sequencer_->Stop(ClosedError());
  }

  FakeLedger ledger_;
  CommitGate gate_{0};
  std::vector<absl::StatusOr<Revision>> outcomes_;
  std::unique_ptr<Sequencer> sequencer_ = std::make_unique<Sequencer>(&ledger_, &gate_);
};

TEST_F(SequencerTest, CommitsThatWaitBecomeOneGroup) {
  SubmitWhileWriting({Put("a", "1"), Put("b", "1"), Put("c", "1")});
  EXPECT_THAT(ledger_.groups, ElementsAre(1, 3));
  EXPECT_EQ(gate_.head(), 4);
  for (int i = 0; i < 4; ++i) EXPECT_THAT(outcomes_[i], base::IsOkAndHolds(i + 1));
}

TEST_F(SequencerTest, ExpectationsSeeEarlierCommitsOfTheSameGroup) {
  SubmitWhileWriting(
      {PutAt(0, "a", "1"), PutAt(0, "a", "2"), PutAt(2, "a", "3"), PutAt(1, "first", "y")});
  EXPECT_THAT(outcomes_[1], base::IsOkAndHolds(2));
  EXPECT_EQ(ConflictOf(outcomes_[2].status())->actual, 2);
  EXPECT_THAT(outcomes_[3], base::IsOkAndHolds(3));
  EXPECT_THAT(outcomes_[4], base::IsOkAndHolds(4));
}

TEST_F(SequencerTest, RepeatedRequestInOneGroupIsAnsweredByTheFirst) {
  SubmitWhileWriting({WithAnswer(Put("a", "1"), "r"), WithAnswer(Put("a", "1"), "r")});
  EXPECT_THAT(outcomes_[1], base::IsOkAndHolds(2));
  EXPECT_EQ(KeptAnswerOf(outcomes_[2].status())->revision, 2);
}

TEST_F(SequencerTest, KeysSeenBeforeAreNotReadAgain) {
  SubmitWhileWriting({PutAt(0, "a", "1"), PutAt(2, "a", "2"), PutAt(1, "first", "3")});
  EXPECT_EQ(ledger_.reads, 1);  // of "a", once
}

TEST_F(SequencerTest, FailedWriteAcknowledgesNobodyAndEndsWriting) {
  ledger_.fails_at = 2;
  SubmitWhileWriting({Put("a", "1"), PutAt(0, "a", "2")});
  EXPECT_THAT(outcomes_[0], base::IsOkAndHolds(1));
  EXPECT_THAT(outcomes_[1], StatusIs(absl::StatusCode::kUnknown, HasSubstr("disk on fire")));
  // It failed only because of the commit before it, which perhaps never happened.
  EXPECT_THAT(outcomes_[2], StatusIs(absl::StatusCode::kUnavailable, HasSubstr("nothing")));
  EXPECT_EQ(gate_.head(), 1);
  EXPECT_THAT(sequencer_->Health(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("disk on fire")));
  outcomes_.reserve(10);
  Submit(Put("b", "1"));
  EXPECT_THAT(outcomes_.back(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("restart")));
  EXPECT_THAT(ledger_.groups, ElementsAre(1, 1));
}

TEST_F(SequencerTest, FailureInTheBackgroundRefusesWhatIsQueued) {
  outcomes_.reserve(10);
  Submit(Put("first", "x"));
  ledger_.writing.WaitForNotification();
  Submit(Put("a", "1"));
  sequencer_->Fail(absl::UnavailableError("compaction failed"));
  ledger_.go_on.Notify();
  sequencer_->Stop(ClosedError());
  EXPECT_THAT(outcomes_[0], base::IsOkAndHolds(1));
  EXPECT_THAT(outcomes_[1], StatusIs(absl::StatusCode::kUnavailable, "compaction failed"));
  EXPECT_THAT(ledger_.groups, ElementsAre(1));
}

}  // namespace
}  // namespace tandem::storage
