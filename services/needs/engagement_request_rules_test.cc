#include "services/needs/engagement_request_rules.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/reference_data.h"
#include "services/needs/testing/builders.h"

namespace tandem::needs {
namespace {

using ::testing::UnorderedElementsAreArray;

class EngagementRequestRuleTest : public ::testing::TestWithParam<RuleCase<v1::EngagementRequest>> {
};

TEST_P(EngagementRequestRuleTest, NamesExactlyTheFieldsThatBreakIt) {
  v1::EngagementRequest request = MakeRequest("r1", "programmes/p");

  GetParam().edit(&request);

  common::FieldViolations violations;
  static const auto reference = common::ReferenceData::Load("").value();
  CheckEngagementRequest(request, *reference, &violations);

  EXPECT_THAT(FieldsOf(violations), UnorderedElementsAreArray(GetParam().violated));
}

const RuleCase<v1::EngagementRequest> kCases[] = {
    {"Complete", [](v1::EngagementRequest* m) { (void)m; }, {}},
    {"Empty",
     [](v1::EngagementRequest* m) { m->Clear(); },
     {"programme", "organisations", "service_type", "roles", "modalities", "period.start_date",
      "period.end_date"}},
    {"FourOrganisations",
     [](v1::EngagementRequest* m) {
       for (const char* id : {"a", "b", "c"}) {
         m->add_organisations(std::string("organisations/") + id);
       }
     },
     {}},
    {"OrganisationTwice",
     [](v1::EngagementRequest* m) { m->add_organisations("organisations/lesotho"); },
     {"organisations[1]"}},
    {"UnknownServiceType",
     [](v1::EngagementRequest* m) {
       m->set_service_type(static_cast<tandem::common::v1::ServiceType>(99));
     },
     {"service_type"}},
    {"RoleTwice",
     [](v1::EngagementRequest* m) { *m->add_roles() = m->roles(0); },
     {"roles[1].role_id"}},
    {"RoleInCapitals",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_role_id("Lead"); },
     {"roles[0].role_id"}},
    {"MostBelowLeast",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_min_mentors(2); },
     {"roles[0].max_mentors"}},
    {"NobodyAskedFor",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_max_mentors(0); },
     {"roles[0].max_mentors"}},
    {"NegativeLeast",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_min_mentors(-1); },
     {"roles[0].min_mentors"}},
    {"NoHours",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_hours_per_month(0); },
     {"roles[0].hours_per_month"}},
    {"MoreHoursThanAMonthHas",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->set_hours_per_month(745); },
     {"roles[0].hours_per_month"}},
    {"TopicUnknown",
     [](v1::EngagementRequest* m) {
       v1::TopicRequirement* t = m->mutable_roles(0)->add_topics();
       t->set_topic("no.such");
       t->set_weight(1);
     },
     {"roles[0].topics[0].topic"}},
    {"TopicTwiceBeyondItsRanges",
     [](v1::EngagementRequest* m) {
       for (int i = 0; i < 2; ++i) {
         v1::TopicRequirement* t = m->mutable_roles(0)->add_topics();
         t->set_topic("wto-tbt");
         t->set_weight(101);
         t->set_min_level(6);
       }
     },
     {"roles[0].topics[0].weight", "roles[0].topics[0].min_level", "roles[0].topics[1].topic",
      "roles[0].topics[1].weight", "roles[0].topics[1].min_level"}},
    {"LanguageUnknown",
     [](v1::EngagementRequest* m) { m->mutable_roles(0)->add_languages()->set_language("xx"); },
     {"roles[0].languages[0].language"}},
    {"ModalityTwice",
     [](v1::EngagementRequest* m) { m->add_modalities(tandem::common::v1::MODALITY_REMOTE); },
     {"modalities[1]"}},
    {"PeriodOfThirtySixMonths",
     [](v1::EngagementRequest* m) {
       SetDate(2029, 12, 31, m->mutable_period()->mutable_end_date());
     },
     {}},
    {"PeriodOfADayMore",
     [](v1::EngagementRequest* m) { SetDate(2030, 1, 1, m->mutable_period()->mutable_end_date()); },
     {"period.end_date"}},
    {"PeriodReversed",
     [](v1::EngagementRequest* m) {
       SetDate(2026, 12, 31, m->mutable_period()->mutable_end_date());
     },
     {"period.end_date"}},
    {"LeapDayOfACommonYear",
     [](v1::EngagementRequest* m) {
       SetDate(2027, 2, 29, m->mutable_period()->mutable_start_date());
     },
     {"period.start_date"}},
    {"LeapDayOfALeapYear",
     [](v1::EngagementRequest* m) {
       SetDate(2028, 2, 29, m->mutable_period()->mutable_end_date());
     },
     {}},
    {"UnknownZone",
     [](v1::EngagementRequest* m) { m->set_time_zone("Africa/Nowhere"); },
     {"time_zone"}},
    {"MoreOverlapThanAWeekHas",
     [](v1::EngagementRequest* m) { m->set_min_weekly_overlap_minutes(10081); },
     {"min_weekly_overlap_minutes"}},
    {"NegativeWeeks",
     [](v1::EngagementRequest* m) { m->set_min_overlap_weeks(-1); },
     {"min_overlap_weeks"}},
    {"AdviceWithoutAVisit",
     [](v1::EngagementRequest* m) {
       m->set_service_type(tandem::common::v1::SERVICE_TYPE_IN_COUNTRY_ADVICE);
     },
     {"visit"}},
    {"VisitOnlineOnly",
     [](v1::EngagementRequest* m) {
       m->mutable_visit()->set_country("UG");
       m->mutable_visit()->set_consecutive_days(5);
     },
     {"visit"}},
    {"VisitToNowhere",
     [](v1::EngagementRequest* m) {
       m->add_modalities(tandem::common::v1::MODALITY_ON_SITE);
       m->mutable_visit()->set_country("XX");
       m->mutable_visit()->set_consecutive_days(0);
     },
     {"visit.country", "visit.consecutive_days"}},
    {"VisitBeforeThePeriod",
     [](v1::EngagementRequest* m) {
       m->add_modalities(tandem::common::v1::MODALITY_ON_SITE);
       m->mutable_visit()->set_country("UG");
       m->mutable_visit()->set_consecutive_days(5);
       SetDate(2026, 12, 31, m->mutable_visit()->mutable_earliest_date());
     },
     {"visit.earliest_date"}},
    {"VisitAfterThePeriod",
     [](v1::EngagementRequest* m) {
       m->add_modalities(tandem::common::v1::MODALITY_ON_SITE);
       m->mutable_visit()->set_country("UG");
       m->mutable_visit()->set_consecutive_days(5);
       SetDate(2028, 1, 1, m->mutable_visit()->mutable_latest_date());
     },
     {"visit.latest_date"}},
    {"TierTen", [](v1::EngagementRequest* m) { m->set_tier(10); }, {"tier"}},
    {"TierNine", [](v1::EngagementRequest* m) { m->set_tier(9); }, {}},
    {"PreferredAndExcluded",
     [](v1::EngagementRequest* m) {
       m->add_preferred_mentors("mentors/a");
       m->add_excluded_mentors("mentors/a");
     },
     {"excluded_mentors[0]"}},
    {"MentorsOfAnotherKindAndTwice",
     [](v1::EngagementRequest* m) {
       m->add_preferred_mentors("organisations/a");
       m->add_excluded_mentors("mentors/b");
       m->add_excluded_mentors("mentors/b");
     },
     {"preferred_mentors[0]", "excluded_mentors[1]"}},
};

INSTANTIATE_TEST_SUITE_P(Rules, EngagementRequestRuleTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tandem::needs
