#include "services/common/resource_table.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/common/testing/programme_table.h"
#include "services/common/testing/test_call.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

google::protobuf::RepeatedPtrField<std::string> Names(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

TEST_F(ResourceTableTest, ABatchIsReadInTheOrderAskedForAsOfOneRevision) {
  const Programme first = MustCreate("p1", "First");
  Programme second = MustCreate("p2", "Second");
  const storage::Revision before = Head();
  second.set_display_name("Renamed");
  TANDEM_ASSERT_OK(table_->Update(*TestCall(), second, Mask({"display_name"}), false).status());
  const auto names = Names({second.name(), first.name()});

  TANDEM_ASSERT_OK_AND_ASSIGN(const auto now, table_->BatchGet(names, 0));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto then, table_->BatchGet(names, before));

  ASSERT_EQ(now.resources.size(), 2u);
  EXPECT_EQ(now.resources[0].display_name(), "Renamed");
  EXPECT_EQ(now.resources[1].name(), first.name());
  EXPECT_EQ(now.revision, Head());
  EXPECT_EQ(then.resources[0].display_name(), "Second");
  EXPECT_EQ(then.revision, before);
}

TEST_F(ResourceTableTest, ABatchIsReadAsAWholeOrNotAtAll) {
  const std::string name = MustCreate("p1", "First").name();
  EXPECT_THAT(table_->BatchGet(Names({name, "programmes/none"}), 0),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("programmes/none")));
  EXPECT_THAT(table_->BatchGet(Names({name, name}), 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("names[1]")));
  EXPECT_THAT(table_->BatchGet(Names({name, "mentors/1"}), 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("names[1]")));
  EXPECT_THAT(table_->BatchGet(Names({}), 0), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(table_->BatchGet(Names(std::vector<std::string>(1001, name)), 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 to 1000")));
}

TEST_F(ResourceTableTest, ABatchTooLargeForOneAnswerSaysHowManyFit) {
  std::vector<std::string> names;
  for (int i = 0; i < 4; ++i) {
    Programme programme = MakeProgramme(absl::StrCat("p", i), "Large");
    programme.set_description(std::string(1'000'000, 'x'));
    names.push_back(table_->Create(*TestCall(), programme, false)->name());
  }

  const absl::Status refused = table_->BatchGet(Names(names), 0).status();

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the first 3")));
  EXPECT_EQ(ErrorDetailOf(refused)->reason, "ANSWER_TOO_LARGE");
}

TEST_F(ResourceTableTest, HistoryIsPagedNewestFirst) {
  Programme programme = MustCreate("p1", "Name 0");
  for (int i = 1; i <= 4; ++i) {
    programme.set_display_name(absl::StrCat("Name ", i));
    programme = *table_->Update(*TestCall(), programme, Mask({"display_name"}), false);
  }
  const TestCall call;
  std::vector<std::string> names;
  ListQuery query;
  query.page_size = 2;
  do {
    const auto page = *table_->ListRevisions(*call, programme.name(), query);
    EXPECT_LE(page.resources.size(), 2u);
    for (const Programme& state : page.resources) names.push_back(state.display_name());
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());

  EXPECT_THAT(names, ElementsAre("Name 4", "Name 3", "Name 2", "Name 1", "Name 0"));
  EXPECT_THAT(table_->ListRevisions(*call, "programmes/none", ListQuery()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ResourceTableTest, APageOfHistoryEndsEarlyRatherThanGrowBeyondWhatClientsTake) {
  Programme programme = MustCreate("p1", "Name");
  constexpr int kStates = 10;
  for (int i = 1; i < kStates; ++i) {
    programme.set_description(std::string(1'000'000, static_cast<char>('0' + i)));
    programme = *table_->Update(*TestCall(), programme, Mask({"description"}), false);
  }
  const TestCall call;
  std::set<int64_t> revisions;
  ListQuery query;
  do {
    const auto page = *table_->ListRevisions(*call, programme.name(), query);
    EXPECT_LE(page.resources.size(), 4u);
    EXPECT_GE(page.resources.size(), 1u);
    for (const Programme& state : page.resources) revisions.insert(state.revision());
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());

  EXPECT_EQ(revisions.size(), static_cast<size_t>(kStates));
}

TEST_F(ResourceTableTest, ListingShowsOneRevisionWhileOthersWrite) {
  std::set<std::string> expected;
  for (int i = 0; i < 250; ++i) expected.insert(MustCreate(absl::StrCat("p", i), "LDC").name());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      (void)table_->Upsert(*TestCall(), MakeProgramme(absl::StrCat("w", i), "New"), false);
      (void)table_->Upsert(*TestCall(), MakeProgramme(absl::StrCat("p", i % 250), "Old"), false);
    }
  });

  const TestCall call;
  std::vector<std::string> listed;
  ListQuery query;
  query.page_size = 7;
  do {
    const auto page = *table_->List(*call, query);
    for (const Programme& programme : page.resources) {
      if (programme.external_id()[0] == 'p') listed.push_back(programme.name());
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  stop = true;
  writer.join();

  EXPECT_EQ(listed, std::vector<std::string>(expected.begin(), expected.end()));
}

TEST_F(ResourceTableTest, FiltersSelect) {
  const Programme first = MustCreate("p1", "A");
  const Programme second = MustCreate("p2", "B");
  TANDEM_ASSERT_OK(table_->Deactivate(*TestCall(), second.name(), "", ""));
  const TestCall call;
  const auto list = [&](const std::string& filter) {
    std::vector<std::string> ids;
    ListQuery query;
    query.filter = filter;
    const auto page = *table_->List(*call, query);
    for (const Programme& programme : page.resources) {
      ids.push_back(programme.external_id());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  };

  EXPECT_THAT(list(""), ElementsAre("p1", "p2"));
  EXPECT_THAT(list("state = \"ACTIVE\""), ElementsAre("p1"));
  EXPECT_THAT(list("state != \"RECORD_STATE_ACTIVE\""), ElementsAre("p2"));
  EXPECT_THAT(list("external_id = \"p2\""), ElementsAre("p2"));
  EXPECT_THAT(list("external_id != \"p2\""), ElementsAre("p1"));
  EXPECT_THAT(list("external_id = \"p2\" AND state = \"ACTIVE\""), IsEmpty());
  EXPECT_THAT(list("external_id = \"p1\" AND external_id = \"p2\""), IsEmpty());
  EXPECT_THAT(list("external_id = \"none\""), IsEmpty());
}

TEST_F(ResourceTableTest, TokensOfAnotherListingAreRefused) {
  MustCreate("p1", "A");
  MustCreate("p2", "B");
  const TestCall call;
  ListQuery query;
  query.page_size = 1;
  query.page_token = table_->List(*call, query)->next_page_token;
  ASSERT_FALSE(query.page_token.empty());
  TestCallOptions other;
  other.actor = "unauthenticated: somebody else";

  EXPECT_THAT(table_->List(*TestCall(other), query),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  query.filter = "state = \"ACTIVE\"";
  EXPECT_THAT(table_->List(*call, query),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
}

TEST_F(ResourceTableTest, ListingOfATrimmedRevisionSaysToStartAgain) {
  for (int i = 0; i < 3; ++i) MustCreate(absl::StrCat("p", i), "A");
  const TestCall call;
  ListQuery query;
  query.page_size = 1;
  query.page_token = table_->List(*call, query)->next_page_token;
  MustCreate("p9", "A");
  TANDEM_ASSERT_OK(store_->Trim(Head()));

  EXPECT_THAT(table_->List(*call, query),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("start it again")));
}

TEST_F(ResourceTableTest, FollowerGetsASnapshotAndThenEveryChange) {
  const Programme first = MustCreate("p1", "A");
  std::set<std::string> seen;
  bool complete = false;
  int64_t revision = 0;
  TestCall call;

  const absl::Status ended = table_->Watch(*call, 0, [&](WatchStep<Programme> step) {
    for (const Programme& programme : step.resources) {
      EXPECT_EQ(programme.description(), "");
      seen.insert(programme.external_id());
    }
    EXPECT_GT(step.revision, revision);
    revision = step.revision;
    if (!complete) {
      EXPECT_TRUE(step.snapshot_complete);
      complete = true;
      MustCreate("p2", "B");
      return true;
    }
    return seen.size() < 2;
  });

  EXPECT_THAT(ended, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(seen, ElementsAre("p1", "p2"));
  EXPECT_EQ(revision, Head());
}

TEST_F(ResourceTableTest, FollowerOfAnEmptyTableGetsOneCompleteSnapshot) {
  int steps = 0;
  TestCall call;

  const absl::Status ended = table_->Watch(*call, 0, [&](WatchStep<Programme> step) {
    EXPECT_EQ(step.snapshot_complete, steps == 0);
    EXPECT_EQ(step.resources.size(), static_cast<size_t>(steps));
    if (steps == 0) MustCreate("p1", "A");
    return ++steps < 2;
  });

  EXPECT_THAT(ended, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(steps, 2);
}

}  // namespace
}  // namespace tandem::common
