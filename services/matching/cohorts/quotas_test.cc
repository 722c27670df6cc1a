#include "services/matching/cohorts/quotas.h"

#include <string>

#include "absl/time/civil_time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kQuotas[] = R"(
  quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" min_matches: 1
           parent: "least-developed" }
  quotas { quota_id: "least-developed" attribute: QUOTA_ATTRIBUTE_DEVELOPMENT_CONTEXT values: "ldc"
           max_matches: 5 }
  quotas { quota_id: "kenyans" attribute: QUOTA_ATTRIBUTE_RESIDENCE_COUNTRY values: "KE"
           values: "UG" max_matches: 2 }
  quotas { quota_id: "bureau" attribute: QUOTA_ATTRIBUTE_EMPLOYER values: "organisations/bureau"
           parent: "kenyans" })";

v1::Policy Policy(const std::string& text) {
  v1::Policy policy;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &policy));
  return policy;
}

engine::Day D(int year, int month, int day) {
  return engine::DayOf(absl::CivilDay(year, month, day));
}

engine::NeedFacts Need(const std::string& country, const std::string& context) {
  engine::NeedFacts need;
  need.id = "engagementRequests/" + country + "/roles/lead";
  need.countries = {country};
  if (!context.empty()) need.development_contexts = {context};
  return need;
}

// One need and one mentor of each kind, and who works where.
class QuotasTest : public ::testing::Test {
 protected:
  QuotasTest() {
    needs_ = {Need("ML", "ldc"), Need("TD", "ldc"), Need("FR", "")};
    for (const engine::NeedFacts& need : needs_) {
      CohortNeed entry;
      entry.id = need.id;
      inputs_.needs.push_back(entry);
    }
    AddMentor("mentors/kenyan", "KE", "");
    AddMentor("mentors/of-the-bureau", "KE", "organisations/bureau");
    AddMentor("mentors/french", "FR", "");
    inputs_.mentors.push_back({"mentors/unknown", {}});
  }

  void AddMentor(const std::string& id, const std::string& country, const std::string& employer) {
    engine::MentorFacts facts;
    facts.id = id;
    facts.residence_country = country;
    if (!employer.empty()) {
      facts.relations = {
          {employer, engine::RelationKind::kEmployment, D(2020, 1, 1), D(2026, 12, 31)}};
    }
    TANDEM_EXPECT_OK(roster_.Upsert(facts).status());
    inputs_.mentors.push_back({id, {}});
  }

  absl::Status Put(const std::string& policy, engine::Day day = D(2026, 12, 1)) {
    return PutQuotas(Policy(policy), needs_, roster_.Snapshot(), day, &inputs_);
  }

  // The ids of the innermost quotas, "" for none.
  template <typename Members>
  std::vector<std::string> QuotasOf(const Members& members) const {
    std::vector<std::string> ids;
    for (const auto& member : members) {
      ids.push_back(member.quota < 0 ? "" : inputs_.quotas[member.quota].id);
    }
    return ids;
  }

  std::vector<engine::NeedFacts> needs_;
  engine::Roster roster_;
  CohortInputs inputs_;
};

TEST_F(QuotasTest, EachMemberStandsInTheInnermostQuotaThatPicksIt) {
  TANDEM_ASSERT_OK(Put(kQuotas));

  EXPECT_THAT(QuotasOf(inputs_.needs), ElementsAre("mali", "least-developed", ""));
  EXPECT_THAT(QuotasOf(inputs_.mentors), ElementsAre("kenyans", "bureau", "", ""));
}

TEST_F(QuotasTest, BoundsAndParentsAreThoseOfThePolicyInTheOrderOfTheIds) {
  TANDEM_ASSERT_OK(Put(kQuotas));

  ASSERT_EQ(inputs_.quotas.size(), 4u);
  EXPECT_EQ(inputs_.quotas[0].id, "bureau");
  EXPECT_EQ(inputs_.quotas[0].side, engine::Side::kMentor);
  EXPECT_EQ(inputs_.quotas[0].max, engine::kUnlimited);
  EXPECT_EQ(inputs_.quotas[0].parent, 1);
  EXPECT_EQ(inputs_.quotas[1].id, "kenyans");
  EXPECT_EQ(inputs_.quotas[1].max, 2);
  EXPECT_EQ(inputs_.quotas[3].id, "mali");
  EXPECT_EQ(inputs_.quotas[3].side, engine::Side::kNeed);
  EXPECT_EQ(inputs_.quotas[3].min, 1);
  EXPECT_EQ(inputs_.quotas[3].parent, 2);
}

TEST_F(QuotasTest, AFormerEmployerPicksNobody) {
  TANDEM_ASSERT_OK(Put(kQuotas, D(2027, 1, 1)));

  EXPECT_THAT(QuotasOf(inputs_.mentors), ElementsAre("kenyans", "kenyans", "", ""));
}

TEST_F(QuotasTest, ANeedInTwoQuotasThatDoNotNestIsNamedWithBoth) {
  const absl::Status status = Put(R"(
    quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" }
    quotas { quota_id: "ldc" attribute: QUOTA_ATTRIBUTE_DEVELOPMENT_CONTEXT values: "ldc" })");

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               AllOf(HasSubstr("engagementRequests/ML/roles/lead"),
                                     HasSubstr("\"ldc\" and \"mali\""))));
}

TEST_F(QuotasTest, WithoutQuotasNothingChanges) {
  TANDEM_ASSERT_OK(Put(""));

  EXPECT_THAT(inputs_.quotas, IsEmpty());
  EXPECT_THAT(QuotasOf(inputs_.needs), ElementsAre("", "", ""));
}

TEST_F(QuotasTest, ApprovedMatchesBeyondAMaximumRaiseItAndAreReported) {
  TANDEM_ASSERT_OK(Put(kQuotas));
  inputs_.active = {{0, 0, 10}, {1, 1, 20}, {2, 1, 30}};

  const engine::AssignmentProblem problem = BuildProblem(inputs_, HoursRule::kConservative);

  EXPECT_THAT(AcceptedOfQuotas(inputs_), ElementsAre(2, 3, 2, 1));
  EXPECT_THAT(OvercommittedQuotas(inputs_), ElementsAre("kenyans"));
  EXPECT_EQ(problem.quotas[1].max, 3);  // kenyans: raised from 2
  EXPECT_EQ(problem.quotas[2].max, 5);  // least-developed: as it was
  TANDEM_EXPECT_OK(engine::ValidateProblem(problem));
}

}  // namespace
}  // namespace tandem::matching
