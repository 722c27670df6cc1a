#include "services/needs/programme_rules.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/needs/testing/builders.h"

namespace tandem::needs {
namespace {

using ::testing::UnorderedElementsAreArray;

class ProgrammeRuleTest : public ::testing::TestWithParam<RuleCase<v1::Programme>> {};

TEST_P(ProgrammeRuleTest, NamesExactlyTheFieldsThatBreakIt) {
  v1::Programme programme = MakeProgramme("ldc");

  GetParam().edit(&programme);

  common::FieldViolations violations;
  CheckProgramme(programme, &violations);

  EXPECT_THAT(FieldsOf(violations), UnorderedElementsAreArray(GetParam().violated));
}

const RuleCase<v1::Programme> kCases[] = {
    {"Complete", [](v1::Programme* m) { (void)m; }, {}},
    {"ExternalIdWithSpaces", [](v1::Programme* m) { m->set_external_id("a b"); }, {"external_id"}},
    {"NoName", [](v1::Programme* m) { m->clear_display_name(); }, {"display_name"}},
    {"NameOfFiveMegabytes",
     [](v1::Programme* m) { m->set_display_name(std::string(5'000'000, 'x')); },
     {"display_name"}},
    {"BidirectionalName",
     [](v1::Programme* m) { m->set_display_name("A\u202EB"); },
     {"display_name"}},
    {"DescriptionTooLong",
     [](v1::Programme* m) { m->set_description(std::string(4001, 'x')); },
     {"description"}},
    {"ControlCharacterInImpact", [](v1::Programme* m) { m->set_impact("a\x07"); }, {"impact"}},
    {"PeriodReversed",
     [](v1::Programme* m) {
       SetDate(2027, 2, 1, m->mutable_period()->mutable_start_date());
       SetDate(2027, 1, 1, m->mutable_period()->mutable_end_date());
     },
     {"period.end_date"}},
    {"PeriodWithoutEnd",
     [](v1::Programme* m) { SetDate(2027, 2, 1, m->mutable_period()->mutable_start_date()); },
     {"period.end_date"}},
    {"DayThatIsNone",
     [](v1::Programme* m) {
       SetDate(2026, 2, 30, m->mutable_period()->mutable_start_date());
       SetDate(2027, 1, 1, m->mutable_period()->mutable_end_date());
     },
     {"period.start_date"}},
    {"FunderInADatedRole",
     [](v1::Programme* m) {
       v1::ProgrammePartner* p = m->add_partners();
       p->set_display_name("Sida");
       p->set_role(v1::PARTNER_ROLE_FUNDER);
       SetDate(2022, 1, 1, p->mutable_start_date());
     },
     {}},
    {"PartnerWithoutNameOrRole",
     [](v1::Programme* m) { m->add_partners(); },
     {"partners[0].display_name", "partners[0].role"}},
    {"PartnerWithAnUnknownRole",
     [](v1::Programme* m) {
       v1::ProgrammePartner* p = m->add_partners();
       p->set_display_name("Sida");
       p->set_role(static_cast<v1::PartnerRole>(99));
     },
     {"partners[0].role"}},
    {"PartnerLeavesBeforeItComes",
     [](v1::Programme* m) {
       v1::ProgrammePartner* p = m->add_partners();
       p->set_display_name("Sida");
       p->set_role(v1::PARTNER_ROLE_FUNDER);
       SetDate(2022, 1, 2, p->mutable_start_date());
       SetDate(2022, 1, 1, p->mutable_end_date());
     },
     {"partners[0].end_date"}},
    {"TooManyPartners",
     [](v1::Programme* m) {
       for (int i = 0; i < 201; ++i) {
         v1::ProgrammePartner* p = m->add_partners();
         p->set_display_name("Sida");
         p->set_role(v1::PARTNER_ROLE_FUNDER);
       }
     },
     {"partners"}},
    {"OutcomeWithoutIdOrTitle",
     [](v1::Programme* m) { m->add_outcomes(); },
     {"outcomes[1].outcome_id", "outcomes[1].title"}},
    {"OutcomeIdTwice",
     [](v1::Programme* m) {
       m->add_outcomes()->set_outcome_id("oc1");
       m->mutable_outcomes(1)->set_title("Same");
     },
     {"outcomes[1].outcome_id"}},
    {"IdInCapitals",
     [](v1::Programme* m) { m->mutable_outcomes(0)->set_outcome_id("OC1"); },
     {"outcomes[0].outcome_id"}},
    {"OutputIdTwiceInTheProgramme",
     [](v1::Programme* m) {
       v1::Outcome* o = m->add_outcomes();
       o->set_outcome_id("oc2");
       o->set_title("Other");
       *o->add_outputs() = m->outcomes(0).outputs(0);
       o->mutable_outputs(0)->clear_indicators();
     },
     {"outcomes[1].outputs[0].output_id"}},
    {"OutputWithoutTitle",
     [](v1::Programme* m) { m->mutable_outcomes(0)->mutable_outputs(0)->clear_title(); },
     {"outcomes[0].outputs[0].title"}},
    {"IndicatorOfOutcomeAndOutputWithOneId",
     [](v1::Programme* m) {
       v1::Indicator* i = m->mutable_outcomes(0)->add_indicators();
       i->set_indicator_id("in1");
       i->set_title("Again");
     },
     {"outcomes[0].outputs[0].indicators[0].indicator_id"}},
    {"IndicatorWithoutTitle",
     [](v1::Programme* m) {
       m->mutable_outcomes(0)->mutable_outputs(0)->mutable_indicators(0)->clear_title();
     },
     {"outcomes[0].outputs[0].indicators[0].title"}},
    {"NegativeAndWholeNumbers",
     [](v1::Programme* m) {
       v1::Indicator* i = m->mutable_outcomes(0)->mutable_outputs(0)->mutable_indicators(0);
       i->set_baseline("-3");
       i->set_target("0");
     },
     {}},
    {"NoNumbersAtAll",
     [](v1::Programme* m) {
       v1::Indicator* i = m->mutable_outcomes(0)->mutable_outputs(0)->mutable_indicators(0);
       i->clear_baseline();
       i->clear_target();
     },
     {}},
    {"NumbersThatAreNone",
     [](v1::Programme* m) {
       v1::Indicator* i = m->mutable_outcomes(0)->mutable_outputs(0)->mutable_indicators(0);
       i->set_baseline("1e3");
       i->set_target("-.5");
     },
     {"outcomes[0].outputs[0].indicators[0].baseline",
      "outcomes[0].outputs[0].indicators[0].target"}},
    {"NumbersWithoutDigits",
     [](v1::Programme* m) {
       v1::Indicator* i = m->mutable_outcomes(0)->mutable_outputs(0)->mutable_indicators(0);
       i->set_baseline("-");
       i->set_target("1.");
     },
     {"outcomes[0].outputs[0].indicators[0].baseline",
      "outcomes[0].outputs[0].indicators[0].target"}},
};

INSTANTIATE_TEST_SUITE_P(Rules, ProgrammeRuleTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tandem::needs
