#include "services/matching/index/need_facts.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

// Mali and Senegal, with their standards bodies.
class NeedFactsTest : public testing::Test {
 protected:
  engine::NeedFacts Convert(const std::string& request_text) {
    const auto request = Parse<needs::v1::EngagementRequest>(
        "name: 'engagementRequests/1' roles { role_id: 'lead' hours_per_month: 6 }" + request_text);
    return ToNeedFacts(
        request, request.roles(0),
        [this](absl::string_view name) -> const profiles::v1::Organisation* {
          if (name == "organisations/ml") return &mali_;
          return name == "organisations/sn" ? &senegal_ : nullptr;
        },
        [](absl::string_view) {
          return std::vector<std::string>{"GH", "ML", "SN"};
        });
  }

  const profiles::v1::Organisation mali_ = Parse<profiles::v1::Organisation>(R"(
    name: "organisations/ml" country: "ML" time_zone: "Africa/Bamako" development_contexts: "ldc"
    excluded_mentors: "mentors/x"
    weekly_windows { weekday: WEEKDAY_MONDAY start_minute: 480 end_minute: 720 })");
  const profiles::v1::Organisation senegal_ = Parse<profiles::v1::Organisation>(R"(
    name: "organisations/sn" country: "SN" time_zone: "Africa/Dakar" development_contexts: "ldc"
    excluded_mentors: "mentors/y")");
};

TEST_F(NeedFactsTest, WhatTheRequestLeavesOpenComesFromItsFirstOrganisation) {
  const engine::NeedFacts facts =
      Convert("organisations: 'organisations/ml' organisations: 'organisations/sn'");

  EXPECT_EQ(facts.id, "engagementRequests/1/roles/lead");
  EXPECT_EQ(facts.time_zone, "Africa/Bamako");
  ASSERT_EQ(facts.weekly_windows.size(), 1u);
  EXPECT_EQ(facts.weekly_windows[0].start_minute, 480);
}

TEST_F(NeedFactsTest, WindowsOfTheRequestStandInItsOwnZone) {
  const engine::NeedFacts facts = Convert(R"(
    organisations: "organisations/ml" time_zone: "Europe/Paris"
    weekly_windows { weekday: WEEKDAY_FRIDAY start_minute: 600 end_minute: 660 })");

  EXPECT_EQ(facts.time_zone, "Europe/Paris");
  ASSERT_EQ(facts.weekly_windows.size(), 1u);
  EXPECT_EQ(facts.weekly_windows[0].weekday, 5);
}

TEST_F(NeedFactsTest, WindowsOfTheOrganisationKeepTheZoneInWhichTheyWereStated) {
  const engine::NeedFacts facts =
      Convert("organisations: 'organisations/ml' time_zone: 'Europe/Paris'");

  EXPECT_EQ(facts.time_zone, "Africa/Bamako");
}

TEST_F(NeedFactsTest, AllOrganisationsGiveCountriesAndExclusions) {
  const engine::NeedFacts facts = Convert(R"(
    organisations: "organisations/sn" organisations: "organisations/ml"
    excluded_mentors: "mentors/z")");

  EXPECT_THAT(facts.countries, ElementsAre("ML", "SN"));
  EXPECT_THAT(facts.region_countries, ElementsAre("GH"));
  EXPECT_THAT(facts.development_contexts, ElementsAre("ldc"));
  EXPECT_THAT(facts.excluded_mentors, ElementsAre("mentors/x", "mentors/y", "mentors/z"));
}

TEST_F(NeedFactsTest, TheVisitsCountryIsOneOfTheCountries) {
  const engine::NeedFacts facts = Convert(R"(
    organisations: "organisations/sn" visit { country: "ML" consecutive_days: 5 })");

  EXPECT_THAT(facts.countries, ElementsAre("ML", "SN"));
  ASSERT_TRUE(facts.visit.has_value());
  EXPECT_EQ(facts.visit->consecutive_days, 5);
  EXPECT_EQ(facts.visit->earliest, engine::kNoDay);
}

TEST_F(NeedFactsTest, AnOrganisationThatIsNotKnownYetAddsNothing) {
  const engine::NeedFacts facts = Convert("organisations: 'organisations/unknown'");

  EXPECT_THAT(facts.organisations, ElementsAre("organisations/unknown"));
  EXPECT_THAT(facts.countries, IsEmpty());
}

TEST(NeedNameTest, ARequestIsFoundInItsNeedsName) {
  EXPECT_EQ(NeedName("engagementRequests/1", "lead"), "engagementRequests/1/roles/lead");
  EXPECT_EQ(RequestOfNeed("engagementRequests/1/roles/lead"), "engagementRequests/1");
  EXPECT_EQ(RequestOfNeed("engagementRequests/1"), "engagementRequests/1");
}

}  // namespace
}  // namespace tandem::matching
