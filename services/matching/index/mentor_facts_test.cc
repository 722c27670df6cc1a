#include "services/matching/index/mentor_facts.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::ElementsAre;

profiles::v1::Mentor Parse(const std::string& text) {
  profiles::v1::Mentor mentor;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &mentor));
  return mentor;
}

engine::Day Day(int year, int month, int day) {
  return engine::DayOf(absl::CivilDay(year, month, day));
}

TEST(MentorFactsTest, OnlyAnActiveProfileIsActive) {
  EXPECT_TRUE(ToMentorFacts(Parse("state: PROFILE_STATE_ACTIVE")).active);
  for (const char* state :
       {"PROFILE_STATE_UNSPECIFIED", "PROFILE_STATE_INACTIVE", "PROFILE_STATE_ERASED"}) {
    EXPECT_FALSE(ToMentorFacts(Parse(std::string("state: ") + state)).active) << state;
  }
}

TEST(MentorFactsTest, OnlyTheConsentToMatchingCounts) {
  const engine::MentorFacts facts = ToMentorFacts(Parse(R"(
    consents { purpose: CONSENT_PURPOSE_STATISTICS given_on { year: 2025 month: 1 day: 1 } }
    consents { purpose: CONSENT_PURPOSE_MATCHING given_on { year: 2026 month: 2 day: 3 } })"));

  EXPECT_EQ(facts.consent_given_on, Day(2026, 2, 3));
  EXPECT_EQ(facts.consent_withdrawn_on, engine::kNoDay);
}

TEST(MentorFactsTest, EmploymentNominationAndDeclaredRelationsAreAllTies) {
  const engine::MentorFacts facts = ToMentorFacts(Parse(R"(
    employments { organisation: "organisations/a" start_date { year: 2020 month: 1 day: 1 }
                  end_date { year: 2024 month: 6 day: 30 } }
    nominating_organisation: "organisations/b"
    coi_declaration { relations { organisation: "organisations/c" kind: RELATION_KIND_FAMILY } })"));

  ASSERT_EQ(facts.relations.size(), 3u);
  EXPECT_EQ(facts.relations[0].organisation, "organisations/a");
  EXPECT_EQ(facts.relations[0].kind, engine::RelationKind::kEmployment);
  EXPECT_EQ(facts.relations[0].last, Day(2024, 6, 30));
  EXPECT_EQ(facts.relations[1].kind, engine::RelationKind::kNomination);
  EXPECT_EQ(facts.relations[2].kind, engine::RelationKind::kFamily);
  EXPECT_EQ(facts.relations[2].first, engine::kNoDay);
}

TEST(MentorFactsTest, SkillsAndAvailabilityKeepTheirNumbers) {
  const engine::MentorFacts facts = ToMentorFacts(Parse(R"(
    name: "mentors/1" revision: 7 vetting_state: VETTING_STATE_VETTED
    last_confirmed_time { seconds: 1790000000 }
    expertise { topic: "testing.food" level: 4 last_practised { year: 2026 month: 5 day: 6 } }
    languages { language: "fr" spoken: CEFR_LEVEL_B1 written: CEFR_LEVEL_A2 }
    availability {
      time_zone: "Africa/Dakar"
      weekly_windows { weekday: WEEKDAY_TUESDAY start_minute: 540 end_minute: 720 }
      days_off { start_date { year: 2026 month: 12 day: 24 } end_date { year: 2027 month: 1 day: 2 } }
      hours_per_month: 12 max_engagements: 3
      modalities: MODALITY_REMOTE modalities: MODALITY_ON_SITE
    })"));

  EXPECT_EQ(facts.id, "mentors/1");
  EXPECT_EQ(facts.revision, 7);
  EXPECT_EQ(facts.vetting, engine::Vetting::kVetted);
  EXPECT_EQ(facts.last_confirmed, 1790000000);
  ASSERT_EQ(facts.expertise.size(), 1u);
  EXPECT_EQ(facts.expertise[0].level, 4);
  ASSERT_EQ(facts.languages.size(), 1u);
  EXPECT_EQ(facts.languages[0].spoken, engine::Cefr::kB1);
  EXPECT_EQ(facts.languages[0].written, engine::Cefr::kA2);
  ASSERT_EQ(facts.weekly_windows.size(), 1u);
  EXPECT_EQ(facts.weekly_windows[0].weekday, 2);
  EXPECT_THAT(facts.days_off, ElementsAre(engine::DayRange{Day(2026, 12, 24), Day(2027, 1, 2)}));
  EXPECT_EQ(facts.hours_per_month, 12);
  EXPECT_EQ(facts.max_engagements, 3);
  EXPECT_EQ(facts.modalities, engine::kRemote | engine::kOnSite);
}

TEST(MentorFactsTest, AProfileThatWasNeverConfirmedSaysSo) {
  EXPECT_EQ(ToMentorFacts(Parse("name: 'mentors/1'")).last_confirmed, engine::kNever);
}

}  // namespace
}  // namespace tandem::matching
