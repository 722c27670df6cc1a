#include "services/needs/assessment_rules.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/reference_data.h"
#include "services/needs/testing/builders.h"

namespace tandem::needs {
namespace {

using ::testing::UnorderedElementsAreArray;

TEST(StatesOfNsbTest, ANeedIsEndorsedAndMetByTheProgrammeOnly) {
  for (const v1::NeedItemState own :
       {v1::NEED_ITEM_STATE_UNSPECIFIED, v1::NEED_ITEM_STATE_DRAFT, v1::NEED_ITEM_STATE_SUBMITTED,
        v1::NEED_ITEM_STATE_WITHDRAWN, v1::NEED_ITEM_STATE_ENDORSED, v1::NEED_ITEM_STATE_OPEN,
        v1::NEED_ITEM_STATE_MATCHED, v1::NEED_ITEM_STATE_IN_PROGRESS, v1::NEED_ITEM_STATE_MET,
        v1::NEED_ITEM_STATE_PARTLY_MET, v1::NEED_ITEM_STATE_UNMET, v1::NEED_ITEM_STATE_DEFERRED}) {
    v1::Assessment next = MakeAssessment("a1", "programmes/p");
    next.mutable_items(0)->set_state(own);
    const bool allowed =
        own <= v1::NEED_ITEM_STATE_SUBMITTED || own == v1::NEED_ITEM_STATE_WITHDRAWN;

    common::FieldViolations violations;
    CheckStatesOfNsb(nullptr, next, &violations);

    EXPECT_EQ(violations.empty(), allowed) << v1::NeedItemState_Name(own);
  }
}

TEST(StatesOfNsbTest, WhatTheProgrammeHasSetIsKeptButNotMovedToOtherItems) {
  v1::Assessment previous = MakeAssessment("a1", "programmes/p");
  previous.mutable_items(0)->set_state(v1::NEED_ITEM_STATE_ENDORSED);
  v1::Assessment next = previous;
  *next.add_items() = previous.items(0);
  next.mutable_items(1)->set_item_id("I2");

  common::FieldViolations violations;
  CheckStatesOfNsb(&previous, next, &violations);

  EXPECT_THAT(FieldsOf(violations), ::testing::ElementsAre("items[1].state"));
}

TEST(AssessmentListsTest, ListsOfMillionsAreRefusedWithoutLookingAtEachEntry) {
  v1::Assessment assessment = MakeAssessment("a1", "programmes/p");
  for (int i = 0; i < 1'000'000; ++i) {
    assessment.mutable_items(0)->add_sdgs(i);
    assessment.mutable_items(0)->add_modalities(tandem::common::v1::MODALITY_ON_SITE);
    assessment.mutable_items(0)->add_languages("en");
  }

  common::FieldViolations violations;
  static const auto reference = common::ReferenceData::Load("").value();
  CheckAssessment(assessment, *reference, &violations);

  EXPECT_THAT(FieldsOf(violations), ::testing::IsSupersetOf({"items[0].sdgs", "items[0].modalities",
                                                             "items[0].languages"}));
  EXPECT_LT(violations.violations().size(), 400u);
}

class AssessmentRuleTest : public ::testing::TestWithParam<RuleCase<v1::Assessment>> {};

TEST_P(AssessmentRuleTest, NamesExactlyTheFieldsThatBreakIt) {
  v1::Assessment assessment = MakeAssessment("a1", "programmes/p");

  GetParam().edit(&assessment);

  common::FieldViolations violations;
  static const auto reference = common::ReferenceData::Load("").value();
  CheckAssessment(assessment, *reference, &violations);

  EXPECT_THAT(FieldsOf(violations), UnorderedElementsAreArray(GetParam().violated));
}

const RuleCase<v1::Assessment> kCases[] = {
    {"Complete", [](v1::Assessment* m) { (void)m; }, {}},
    {"NoOrganisation", [](v1::Assessment* m) { m->clear_organisation(); }, {"organisation"}},
    {"OrganisationOfAnotherKind",
     [](v1::Assessment* m) { m->set_organisation("mentors/x"); },
     {"organisation"}},
    {"NoProgramme", [](v1::Assessment* m) { m->clear_programme(); }, {}},
    {"SupersedesSomethingElse",
     [](v1::Assessment* m) { m->set_supersedes("programmes/x"); },
     {"supersedes"}},
    {"UnknownMode",
     [](v1::Assessment* m) { m->set_mode(static_cast<v1::AssessmentMode>(99)); },
     {"mode"}},
    {"DayThatIsNone",
     [](v1::Assessment* m) { SetDate(2026, 2, 30, m->mutable_assessed_on()); },
     {"assessed_on"}},
    {"ValidUntilBeforeItWasAssessed",
     [](v1::Assessment* m) {
       SetDate(2027, 1, 2, m->mutable_assessed_on());
       SetDate(2027, 1, 1, m->mutable_valid_until());
     },
     {"valid_until"}},
    {"ItemWithoutAnything",
     [](v1::Assessment* m) { m->add_items(); },
     {"items[1].item_id", "items[1].area", "items[1].priority"}},
    {"ItemIdTwice", [](v1::Assessment* m) { *m->add_items() = m->items(0); }, {"items[1].item_id"}},
    {"TooManyItems",
     [](v1::Assessment* m) {
       for (int i = 0; i < 500; ++i) {
         *m->add_items() = m->items(0);
         m->mutable_items(i + 1)->set_item_id("J" + std::to_string(i));
       }
     },
     {"items"}},
    {"UnknownTopic",
     [](v1::Assessment* m) { m->mutable_items(0)->set_area("no.such"); },
     {"items[0].area"}},
    {"LevelsAtTheirEnds",
     [](v1::Assessment* m) {
       m->mutable_items(0)->set_baseline_level(0);
       m->mutable_items(0)->set_target_level(5);
     },
     {}},
    {"TargetBelowBaseline",
     [](v1::Assessment* m) { m->mutable_items(0)->set_baseline_level(4); },
     {"items[0].target_level"}},
    {"LevelsBeyondTheirEnds",
     [](v1::Assessment* m) {
       m->mutable_items(0)->set_baseline_level(-1);
       m->mutable_items(0)->set_target_level(6);
     },
     {"items[0].baseline_level", "items[0].target_level"}},
    {"MesoLevelAndBeneficiaries",
     [](v1::Assessment* m) {
       m->mutable_items(0)->set_level(v1::INTERVENTION_LEVEL_MESO);
       m->mutable_items(0)->add_beneficiaries("women-owned businesses");
       m->mutable_items(0)->set_focus_area("trade");
     },
     {}},
    {"UnknownLevel",
     [](v1::Assessment* m) {
       m->mutable_items(0)->set_level(static_cast<v1::InterventionLevel>(9));
     },
     {"items[0].level"}},
    {"EmptyBeneficiary",
     [](v1::Assessment* m) { m->mutable_items(0)->add_beneficiaries(""); },
     {"items[0].beneficiaries[0]"}},
    {"BidirectionalFocusArea",
     [](v1::Assessment* m) { m->mutable_items(0)->set_focus_area("a\u2066b"); },
     {"items[0].focus_area"}},
    {"PriorityBeyond",
     [](v1::Assessment* m) { m->mutable_items(0)->set_priority(6); },
     {"items[0].priority"}},
    {"GoalsUnknownAndTwice",
     [](v1::Assessment* m) {
       m->mutable_items(0)->add_sdgs(18);
       m->mutable_items(0)->add_sdgs(8);
       m->mutable_items(0)->add_sdgs(8);
     },
     {"items[0].sdgs[0]", "items[0].sdgs[2]"}},
    {"LanguagesUnknownAndTwice",
     [](v1::Assessment* m) {
       m->mutable_items(0)->add_languages("xx");
       m->mutable_items(0)->add_languages("en");
     },
     {"items[0].languages[1]", "items[0].languages[2]"}},
    {"ModalityTwice",
     [](v1::Assessment* m) {
       m->mutable_items(0)->add_modalities(tandem::common::v1::MODALITY_REMOTE);
     },
     {"items[0].modalities[1]"}},
    {"MoreHoursThanAMonthHas",
     [](v1::Assessment* m) { m->mutable_items(0)->set_hours_per_month(745); },
     {"items[0].hours_per_month"}},
    {"PeriodReversed",
     [](v1::Assessment* m) {
       SetDate(2027, 2, 1, m->mutable_items(0)->mutable_period()->mutable_start_date());
       SetDate(2027, 1, 1, m->mutable_items(0)->mutable_period()->mutable_end_date());
     },
     {"items[0].period.end_date"}},
    {"UnknownState",
     [](v1::Assessment* m) { m->mutable_items(0)->set_state(static_cast<v1::NeedItemState>(99)); },
     {"items[0].state"}},
};

INSTANTIATE_TEST_SUITE_P(Rules, AssessmentRuleTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tandem::needs
