#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/contract_test_suite.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::IsOkAndHolds;
using base::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::string> KeysIn(const Snapshot& snapshot, const std::string& start,
                                const std::string& end) {
  std::vector<std::string> keys;
  EXPECT_THAT(snapshot.Scan(start, end,
                            [&](const Record& record) {
                              keys.push_back(record.key);
                              return true;
                            }),
              IsOk());
  return keys;
}

TEST_P(StoreContract, SnapshotNeverChanges) {
  Apply(Put("a", "1"));
  Apply(Put("b", "1"));
  const std::unique_ptr<Snapshot> before = Latest();
  Apply(Put("a", "2"));
  Apply(Delete("b"));
  Apply(Put("c", "1"));
  EXPECT_THAT(store_->Trim(5), IsOk());
  EXPECT_EQ(before->revision(), 2);
  EXPECT_THAT(before->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_THAT(Contents(*before),
              IsOkAndHolds(UnorderedElementsAre(Pair("a", "1"), Pair("b", "1"))));
}

TEST_P(StoreContract, SnapshotsOfOneRevisionOutliveEachOther) {
  Apply(Put("a", "1"));
  std::unique_ptr<Snapshot> first = Latest();
  const std::unique_ptr<Snapshot> second = Latest();
  EXPECT_THAT(first->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  first.reset();
  Apply(Put("a", "2"));
  EXPECT_THAT(store_->Trim(2), IsOk());
  EXPECT_EQ(second->revision(), 1);
  EXPECT_THAT(second->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_THAT(Latest()->Get("a"), IsOkAndHolds(IsRecord("a", "2", 2)));
}

TEST_P(StoreContract, ManyThreadsReadWholeRevisionsWhileOthersAreCommitted) {
  const auto all_are = [](int value) {
    Commit commit = Put("k0", absl::StrCat(value));
    for (int k = 1; k < 10; ++k) {
      commit.mutations.push_back({absl::StrCat("k", k), absl::StrCat(value)});
    }
    return commit;
  };
  Apply(all_are(1));
  std::atomic<bool> done = false;
  std::atomic<int64_t> wrong = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      do {
        const std::unique_ptr<Snapshot> snapshot = Latest();
        const std::string value = absl::StrCat(snapshot->revision());
        for (int k = 0; k < 10; ++k) {
          const auto record = snapshot->Get(absl::StrCat("k", k));
          if (!record.ok() || !record->has_value() || (*record)->value != value) ++wrong;
        }
        if (snapshot->History("k5", snapshot->revision(), 1)->front().value != value) ++wrong;
      } while (!done);
    });
  }
  for (int revision = 2; revision <= 200; ++revision) Apply(all_are(revision));
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(StoreContract, EveryKeptRevisionReadsAsItWas) {
  Apply(Put("a", "1"));
  Apply(Put("a", "2"));
  Apply(Delete("a"));
  ReopenIfDurable();
  EXPECT_THAT(At(0)->Get("a"), IsOkAndHolds(IsAbsent()));
  EXPECT_THAT(At(1)->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_THAT(At(2)->Get("a"), IsOkAndHolds(IsRecord("a", "2", 2)));
  EXPECT_THAT(At(3)->Get("a"), IsOkAndHolds(IsAbsent()));
}

TEST_P(StoreContract, FutureAndNegativeRevisionsAreOutOfRange) {
  Apply(Put("a", "1"));
  EXPECT_THAT(store_->At(2), StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("not exist yet")));
  EXPECT_THAT(store_->At(-1), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_P(StoreContract, ScanGivesTheRangeInByteOrder) {
  const std::string zero("a\0b", 3);
  for (const std::string& key : {std::string("b"), std::string("a"), zero, std::string("a\xFFz"),
                                 std::string("ab"), std::string("\0", 1)}) {
    Apply(Put(key, "v"));
  }
  EXPECT_THAT(KeysIn(*Latest(), "", ""),
              ElementsAre(std::string("\0", 1), "a", zero, "ab", "a\xFFz", "b"));
  EXPECT_THAT(KeysIn(*Latest(), "a", "b"), ElementsAre("a", zero, "ab", "a\xFFz"));
  EXPECT_THAT(KeysIn(*Latest(), zero, "ab"), ElementsAre(zero));
  EXPECT_THAT(KeysIn(*Latest(), "b", "a"), testing::IsEmpty());
  EXPECT_THAT(KeysIn(*Latest(), "a", EndOfPrefix("a")), ElementsAre("a", zero, "ab", "a\xFFz"));
}

TEST_P(StoreContract, ScanStopsWhenTold) {
  for (int i = 0; i < 5; ++i) Apply(Put(absl::StrCat("k", i), "v"));
  int visited = 0;
  EXPECT_THAT(Latest()->Scan("", "", [&](const Record&) { return ++visited < 3; }), IsOk());
  EXPECT_EQ(visited, 3);
}

TEST_P(StoreContract, ScanVisitorMayWrite) {
  for (int i = 0; i < 3; ++i) Apply(Put(absl::StrCat("k", i), "v"));
  int visited = 0;
  EXPECT_THAT(Latest()->Scan("", "",
                             [&](const Record& record) {
                               Apply(Put("z" + record.key, "new"));
                               ++visited;
                               return true;
                             }),
              IsOk());
  EXPECT_EQ(visited, 3);
  EXPECT_EQ(store_->Revisions().head, 6);
}

TEST_P(StoreContract, ScanOfManyRecordsMissesNone) {
  Commit commit;
  for (int i = 0; i < 3000; ++i) commit.mutations.push_back({absl::StrCat(10000 + i), "v"});
  Apply(commit);
  ReopenIfDurable();
  EXPECT_EQ(KeysIn(*Latest(), "", "").size(), 3000u);
}

TEST_P(StoreContract, KeysThatBeginAlikeAreNotMixedUp) {
  const std::string zero("a\0", 2);
  const std::string zero_one("a\0\1", 3);
  Apply(Put("a", "1"));
  Apply(Put(zero, "2"));
  Apply(Put(zero_one, "3"));
  EXPECT_THAT(Latest()->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_THAT(Latest()->Get(zero), IsOkAndHolds(IsRecord(zero, "2", 2)));
  EXPECT_THAT(Latest()->Get(zero_one), IsOkAndHolds(IsRecord(zero_one, "3", 3)));
}

TEST_P(StoreContract, HistoryListsVersionsNewestFirstInPages) {
  Apply(Put("a", "1"));
  Apply(Put("other", "x"));
  Apply(Put("a", "3"));
  Apply(Delete("a"));
  Apply(Put("a", "5"));
  ReopenIfDurable();

  absl::StatusOr<std::vector<Version>> page = Latest()->History("a", 100, 2);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->size(), 2u);
  EXPECT_EQ((*page)[0].revision, 5);
  EXPECT_EQ((*page)[0].value, "5");
  EXPECT_EQ((*page)[1].revision, 4);
  EXPECT_FALSE((*page)[1].value.has_value());

  page = Latest()->History("a", 3, 2);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->size(), 2u);
  EXPECT_EQ((*page)[0].revision, 3);
  EXPECT_EQ((*page)[1].revision, 1);
  EXPECT_EQ((*At(1)->History("a", 100, 9)).size(), 1u);
  EXPECT_THAT(Latest()->History("a", 0, 9), IsOkAndHolds(testing::SizeIs(0)));
  EXPECT_THAT(Latest()->History("a", 9, 0), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(StoreContract, TrimForgetsOldStatesAndKeepsTheRest) {
  for (int i = 1; i <= 4; ++i) Apply(Put("a", absl::StrCat(i)));
  Apply(Delete("b"));
  EXPECT_THAT(store_->Trim(3), IsOk());
  ReopenIfDurable();
  EXPECT_EQ(store_->Revisions().oldest, 3);
  EXPECT_THAT(store_->At(2), StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("trimmed")));
  EXPECT_THAT(At(3)->Get("a"), IsOkAndHolds(IsRecord("a", "3", 3)));
  EXPECT_THAT(At(4)->Get("a"), IsOkAndHolds(IsRecord("a", "4", 4)));
  EXPECT_THAT(Latest()->History("a", 99, 99), IsOkAndHolds(testing::SizeIs(2)));
}

TEST_P(StoreContract, TrimKeepsTheLastVersionOfUnchangedKeys) {
  Apply(Put("a", "1"));
  Apply(Put("b", "2"));
  Apply(Put("b", "3"));
  EXPECT_THAT(store_->Trim(3), IsOk());
  EXPECT_THAT(Latest()->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_EQ(Apply(PutAt(1, "a", "4")), 4);
}

TEST_P(StoreContract, TrimForwardOnlyAndNeverPastTheHead) {
  for (int i = 1; i <= 4; ++i) Apply(Put("a", absl::StrCat(i)));
  EXPECT_THAT(store_->Trim(5), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(store_->Trim(3), IsOk());
  EXPECT_THAT(store_->Trim(2), IsOk());
  EXPECT_EQ(store_->Revisions().oldest, 3);
  EXPECT_THAT(store_->Trim(4), IsOk());
  ReopenIfDurable();
  EXPECT_EQ(Apply(Put("a", "5")), 5);
}

TEST_P(StoreContract, DeletedKeyLeavesNothingBehindATrim) {
  Apply(Put("a", "1"));
  Apply(Delete("a"));
  Apply(Put("b", "1"));
  EXPECT_THAT(store_->Trim(3), IsOk());
  EXPECT_THAT(Latest()->History("a", 99, 99), IsOkAndHolds(testing::SizeIs(0)));
  EXPECT_EQ(Apply(PutAt(0, "a", "2")), 4);
}

TEST_P(StoreContract, PinnedRevisionStaysReadableAcrossTrimsAndRestarts) {
  Apply(Put("a", "1"));
  Apply(Put("a", "2"));
  Apply(Put("a", "3"));
  EXPECT_THAT(store_->Pin(1, "decision-7"), IsOk());
  EXPECT_THAT(store_->Pin(1, "decision-7"), IsOk());
  EXPECT_THAT(store_->Trim(3), IsOk());
  ReopenIfDurable();
  EXPECT_THAT(At(1)->Get("a"), IsOkAndHolds(IsRecord("a", "1", 1)));
  EXPECT_THAT(store_->At(2), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(store_->Pin(2, "late"), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(store_->Pin(1, "decision-8"), IsOk());
}

TEST_P(StoreContract, RevisionIsReadableUntilItsLastOwnerUnpins) {
  Apply(Put("a", "1"));
  Apply(Put("a", "2"));
  EXPECT_THAT(store_->Pin(1, "x"), IsOk());
  EXPECT_THAT(store_->Pin(1, "y"), IsOk());
  EXPECT_THAT(store_->Trim(2), IsOk());
  EXPECT_THAT(store_->Unpin(1, "x"), IsOk());
  EXPECT_THAT(store_->At(1), IsOk());
  const std::vector<PinnedRevision> pins = *store_->Pins();
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_EQ(pins[0].owner, "y");
  EXPECT_THAT(store_->Unpin(1, "y"), IsOk());
  EXPECT_THAT(store_->Unpin(1, "y"), IsOk());
  EXPECT_THAT(store_->At(1), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(store_->Pin(2, ""), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace tandem::storage
