#include "services/common/filter.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using needs::v1::EngagementRequest;
using ::testing::HasSubstr;

const std::vector<std::string>& Allowed() {
  static const auto* allowed = new std::vector<std::string>{
      "title", "state",   "organisations", "create_time", "interpreter_available",
      "tier",  "revision"};
  return *allowed;
}

EngagementRequest Example() {
  EngagementRequest request;
  request.set_title("A \"quoted\" \\ title");
  request.set_state(needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN);
  request.add_organisations("organisations/a");
  request.add_organisations("organisations/b");
  request.mutable_create_time()->set_seconds(1'800'000'000);
  request.set_interpreter_available(true);
  request.set_tier(3);
  request.set_revision(77);
  return request;
}

TEST(FilterTest, MatchesAndDoesNotMatch) {
  const std::vector<std::pair<std::string, bool>> cases = {
      {"", true},
      {"  ", true},
      {R"(title = "A \"quoted\" \\ title")", true},
      {R"(title != "A \"quoted\" \\ title")", false},
      {R"(title : "A ")", true},
      {R"(title : "B")", false},
      {R"(state = "OPEN")", true},
      {R"(state="ENGAGEMENT_REQUEST_STATE_OPEN")", true},
      {R"(state = "REFERRED")", false},
      {R"(state != "REFERRED" AND tier = "3")", true},
      {R"(state != "REFERRED" AND tier = "4")", false},
      {R"(organisations = "organisations/b")", true},
      {R"(organisations != "organisations/b")", false},
      {R"(organisations = "organisations/c")", false},
      {R"(organisations != "organisations/c")", true},
      {R"(create_time = "2027-01-15T08:00:00Z")", true},
      {R"(create_time = "2027-01-15T09:00:00+01:00")", true},
      {R"(create_time != "2027-01-15T08:00:00Z")", false},
      {R"(interpreter_available = "true")", true},
      {R"(interpreter_available = "false")", false},
      {R"(revision = "77")", true},
  };
  for (const auto& [text, matches] : cases) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const Filter filter,
                                Filter::Parse(text, *EngagementRequest::descriptor(), Allowed()));
    EXPECT_EQ(filter.Matches(Example()), matches) << text;
  }
}

TEST(FilterTest, WhatIsNotUnderstoodIsRefused) {
  for (const char* text :
       {"title", "title =", "title = x", "title = \"x", "title == \"x\"", "name = \"x\"",
        "unknown = \"x\"", "state = \"NOTHING\"", "state : \"OP\"",
        "title = \"x\" OR title = \"y\"", "title = \"x\" title = \"y\"", "title = \"x\" AND", "AND",
        "interpreter_available = \"yes\"", "tier = \"three\"", "create_time = \"yesterday\"",
        "= \"x\"", "title = \"x\\"}) {
    EXPECT_THAT(Filter::Parse(text, *EngagementRequest::descriptor(), Allowed()),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("filter")))
        << text;
  }
  EXPECT_THAT(Filter::Parse(std::string(5000, ' '), *EngagementRequest::descriptor(), Allowed()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(FilterTest, ConditionsCanBeTakenOut) {
  TANDEM_ASSERT_OK_AND_ASSIGN(Filter filter,
                              Filter::Parse(R"(title = "x" AND tier = "3" AND title != "y")",
                                            *EngagementRequest::descriptor(), Allowed()));

  const std::vector<FilterCondition> taken = filter.TakeConditionsOn("title");

  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].value, "x");
  EXPECT_EQ(taken[1].op, FilterCondition::Op::kNotEqual);
  EXPECT_EQ(filter.conditions().size(), 1u);
  EXPECT_TRUE(filter.Matches(Example()));
}

}  // namespace
}  // namespace tandem::common
