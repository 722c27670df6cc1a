// The cases that docs/filters.md gives to callers hold.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "services/common/filter.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::common {
namespace {

using needs::v1::EngagementRequest;

struct DocumentedCase {
  std::string filter;
  std::string answer;
};

// The rows of the page's table.
std::vector<DocumentedCase> DocumentedCases() {
  std::ifstream page("docs/filters.md");
  std::vector<DocumentedCase> cases;
  for (std::string line; std::getline(page, line);) {
    if (!absl::StartsWith(line, "| `")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    const absl::string_view filter = absl::StripPrefix(cells.at(0), "| `");
    cases.push_back({std::string(absl::StripSuffix(filter, "`")),
                     std::string(absl::StripSuffix(cells.at(1), " |"))});
  }
  return cases;
}

EngagementRequest DocumentedRequest() {
  EngagementRequest request;
  request.set_title("A \"quoted\" \\ title");
  request.set_state(needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN);
  request.add_organisations("organisations/a");
  request.add_organisations("organisations/b");
  request.mutable_create_time()->set_seconds(1'800'000'000);
  request.set_interpreter_available(true);
  request.set_tier(3);
  return request;
}

std::string AnswerTo(const std::string& text) {
  const auto filter = Filter::Parse(text, *EngagementRequest::descriptor(),
                                    {"title", "state", "organisations", "create_time",
                                     "interpreter_available", "tier", "referral_code"});
  if (!filter.ok()) return "is refused";
  return filter->Matches(DocumentedRequest()) ? "matches" : "does not match";
}

TEST(FilterDocsTest, EveryDocumentedCaseHolds) {
  const std::vector<DocumentedCase> cases = DocumentedCases();

  ASSERT_EQ(cases.size(), 26u);
  for (const DocumentedCase& c : cases) EXPECT_EQ(AnswerTo(c.filter), c.answer) << c.filter;
}

}  // namespace
}  // namespace tandem::common
