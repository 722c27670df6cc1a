#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "storage/contract_test_suite.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::IsOkAndHolds;
using base::StatusIs;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST_P(StoreContract, NewStoreIsEmptyAtRevisionZero) {
  EXPECT_EQ(store_->Revisions().head, 0);
  EXPECT_EQ(Latest()->revision(), 0);
  EXPECT_THAT(NewestContents(*store_), IsOkAndHolds(testing::IsEmpty()));
  EXPECT_THAT(store_->Health(), IsOk());
}

TEST_P(StoreContract, RevisionsAreDenseFromOne) {
  EXPECT_EQ(Apply(Put("a", "1")), 1);
  EXPECT_EQ(Apply(Put("b", "2")), 2);
  ReopenIfDurable();
  EXPECT_EQ(Apply(Put("a", "3")), 3);
}

TEST_P(StoreContract, CommitWritesAllItsKeysAtOnce) {
  Apply(Put("a", "old"));
  Commit commit;
  commit.mutations = {{"a", std::nullopt}, {"b", "2"}, {"c", ""}};
  EXPECT_EQ(Apply(commit), 2);
  ReopenIfDurable();
  EXPECT_THAT(NewestContents(*store_),
              IsOkAndHolds(UnorderedElementsAre(Pair("b", "2"), Pair("c", ""))));
}

TEST_P(StoreContract, FailedExpectationNamesKeyAndRevisionsAndWritesNothing) {
  Apply(Put("a", "1"));
  Apply(Put("a", "2"));
  Commit stale = PutAt(1, "a", "3");
  stale.mutations.push_back({"b", "x"});

  const absl::StatusOr<Revision> refused = store_->Apply(stale);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted, HasSubstr("\"a\"")));
  const std::optional<Conflict> conflict = ConflictOf(refused.status());
  ASSERT_TRUE(conflict.has_value());
  EXPECT_EQ(conflict->key, "a");
  EXPECT_EQ(conflict->expected, 1);
  EXPECT_EQ(conflict->actual, 2);
  EXPECT_EQ(store_->Revisions().head, 2);
  EXPECT_THAT(NewestContents(*store_), IsOkAndHolds(UnorderedElementsAre(Pair("a", "2"))));
}

TEST_P(StoreContract, ExpectedAbsenceHoldsForNewAndDeletedKeysOnly) {
  EXPECT_EQ(Apply(PutAt(0, "a", "1")), 1);
  EXPECT_THAT(store_->Apply(PutAt(0, "a", "2")), StatusIs(absl::StatusCode::kAborted));
  Apply(Delete("a"));
  ReopenIfDurable();
  EXPECT_EQ(Apply(PutAt(0, "a", "3")), 3);
}

TEST_P(StoreContract, DeletedKeyIsNotAtTheRevisionOfItsDeletion) {
  Apply(Put("a", "1"));
  Apply(Delete("a"));
  const absl::StatusOr<Revision> refused = store_->Apply(PutAt(2, "a", "2"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted, HasSubstr("absent")));
}

TEST_P(StoreContract, ExpectationOfUnwrittenKeyGuardsTheCommit) {
  Apply(Put("guard", "1"));
  Commit commit = Put("a", "1");
  commit.expectations = {{"guard", 1}, {"other", 0}};
  EXPECT_EQ(Apply(commit), 2);
  commit.expectations = {{"guard", 1}, {"a", 0}};
  EXPECT_EQ(ConflictOf(store_->Apply(commit).status())->key, "a");
}

TEST_P(StoreContract, OneOfManyConcurrentWritersOfARevisionWins) {
  constexpr int kWriters = 16;
  std::vector<std::thread> writers;
  absl::Mutex mutex;
  int won = 0;
  int lost = 0;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      const absl::StatusOr<Revision> result = store_->Apply(PutAt(0, "seat", absl::StrCat(i)));
      absl::MutexLock lock(&mutex);
      (result.ok() ? won : lost) += 1;
      if (!result.ok()) {
        EXPECT_EQ(ConflictOf(result.status())->actual, 1);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, kWriters - 1);
}

TEST_P(StoreContract, ConcurrentIncrementsAreNeverLost) {
  constexpr int kWriters = 8;
  constexpr int kIncrements = 25;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      for (int done = 0; done < kIncrements;) {
        const absl::StatusOr<std::optional<Record>> read = (*store_->Latest())->Get("n");
        ASSERT_THAT(read, IsOk());
        const int before = read->has_value() ? std::stoi((*read)->value) : 0;
        const Revision at = read->has_value() ? (*read)->revision : 0;
        if (store_->Apply(PutAt(at, "n", absl::StrCat(before + 1))).ok()) ++done;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_THAT(Latest()->Get("n"), IsOkAndHolds(IsRecord("n", "200", kWriters * kIncrements)));
  EXPECT_EQ(store_->Revisions().head, kWriters * kIncrements);
}

TEST_P(StoreContract, AsynchronousCommitsKeepTheirOrder) {
  constexpr int kCommits = 200;
  absl::BlockingCounter pending(kCommits);
  std::vector<Revision> revisions(kCommits);
  for (int i = 0; i < kCommits; ++i) {
    store_->ApplyAsync(Put(absl::StrCat("k", i), "v"), [&, i](absl::StatusOr<Revision> revision) {
      revisions[i] = revision.value_or(-1);
      pending.DecrementCount();
    });
  }
  pending.Wait();
  for (int i = 0; i < kCommits; ++i) EXPECT_EQ(revisions[i], i + 1);
}

TEST_P(StoreContract, RepeatedRequestGetsTheKeptAnswerAndWritesNothing) {
  Apply(WithAnswer(Put("a", "1"), "request-1"));
  ReopenIfDurable();
  const absl::StatusOr<Revision> again = store_->Apply(WithAnswer(Put("a", "2"), "request-1"));

  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("request-1")));
  const std::optional<KeptAnswer> kept = KeptAnswerOf(again.status());
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->answer, "answer of request-1");
  EXPECT_EQ(kept->request_digest, "digest of request-1");
  EXPECT_EQ(kept->expires_at, absl::UnixEpoch() + absl::Hours(1));
  EXPECT_EQ(kept->revision, 1);
  EXPECT_THAT(Latest()->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
}

TEST_P(StoreContract, KeptAnswerComesBeforeAFailedExpectation) {
  Apply(WithAnswer(PutAt(0, "a", "1"), "request-1"));
  EXPECT_THAT(store_->Apply(WithAnswer(PutAt(0, "a", "1"), "request-1")),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(StoreContract, RequestSentTwiceAtOnceHappensOnce) {
  constexpr int kSenders = 12;
  std::vector<std::thread> senders;
  absl::Mutex mutex;
  int happened = 0;
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back([&] {
      const absl::StatusOr<Revision> sent = store_->Apply(WithAnswer(Put("a", "1"), "request"));
      if (!sent.ok()) {
        EXPECT_EQ(KeptAnswerOf(sent.status())->revision, 1);
      }
      absl::MutexLock lock(&mutex);
      happened += sent.ok() ? 1 : 0;
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(happened, 1);
  EXPECT_EQ(store_->Revisions().head, 1);
}

TEST_P(StoreContract, AnswersAreForgottenOnlyOnceExpired) {
  Apply(WithAnswer(Put("a", "1"), "request-1"));
  const absl::Time expiry = absl::UnixEpoch() + absl::Hours(1);
  EXPECT_THAT(store_->ForgetAnswers(expiry - absl::Microseconds(1)), IsOkAndHolds(0));
  EXPECT_TRUE((*store_->FindAnswer("request-1")).has_value());
  EXPECT_THAT(store_->ForgetAnswers(expiry), IsOkAndHolds(1));
  EXPECT_FALSE((*store_->FindAnswer("request-1")).has_value());
  EXPECT_EQ(Apply(WithAnswer(Put("a", "2"), "request-1")), 2);
}

TEST_P(StoreContract, WrongCommitsAreRefusedWithTheReason) {
  const auto refused = [&](Commit commit, const std::string& reason) {
    EXPECT_THAT(store_->Apply(std::move(commit)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(reason)));
  };
  refused(Commit(), "changes nothing");
  refused(Put("", "x"), "is empty");
  refused(Put(std::string(kMaxKeyBytes + 1, 'k'), "x"), "4097 bytes");
  refused(PutAt(-1, "a", "x"), "negative revision -1");
  refused(PutAt(0, "", "x"), "is empty");
  refused(WithAnswer(Put("a", "x"), ""), "request_id");
  Commit twice = Put("a", "1");
  twice.mutations.push_back({"a", "2"});
  refused(twice, "twice");
  refused(Put("a", std::string(kMaxCommitBytes, 'x')), "split it");
  EXPECT_EQ(store_->Revisions().head, 0);
}

TEST_P(StoreContract, ClosedStoreRefusesWritesAndStillReads) {
  Apply(Put("a", "1"));
  EXPECT_THAT(store_->Close(), IsOk());
  EXPECT_THAT(store_->Close(), IsOk());
  EXPECT_THAT(store_->Apply(Put("b", "1")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(store_->Pin(1, "x"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(store_->Trim(1), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(store_->Health(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Latest()->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
}

}  // namespace
}  // namespace tandem::storage
