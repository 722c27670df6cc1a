#include "services/matching/engine/time/zone_transitions.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/time/calendar.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {
namespace {

using base::StatusIs;
using ::testing::Contains;
using ::testing::IsEmpty;

DayRange Years(int first, int last) {
  return {DayOf(absl::CivilDay(first, 1, 1)), DayOf(absl::CivilDay(last, 12, 31))};
}

TEST(ZoneTransitionsTest, OffsetsAreThoseOfTheSystemAtEveryHour) {
  for (const char* name : {"Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia",
                           "America/Havana", "Asia/Kathmandu", "Europe/Dublin", "Asia/Gaza"}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const ZoneTransitions zone, ReadZone(name, Years(2025, 2028)));
    absl::TimeZone expected;
    ASSERT_TRUE(absl::LoadTimeZone(name, &expected));
    for (int64_t instant = zone.from; instant < zone.until; instant += 3'600) {
      ASSERT_EQ(zone.OffsetAt(instant), expected.At(absl::FromUnixSeconds(instant)).offset)
          << name << " at " << instant;
    }
  }
}

TEST(ZoneTransitionsTest, ChangesAreToTheSecond) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const ZoneTransitions zone,
                              ReadZone("Europe/Paris", Years(2026, 2026)));
  ASSERT_EQ(zone.transitions.size(), 2u);
  EXPECT_EQ(absl::FromUnixSeconds(zone.transitions[0].at),
            absl::FromCivil(absl::CivilSecond(2026, 3, 29, 1), absl::UTCTimeZone()));
  EXPECT_EQ(zone.transitions[0].offset, 7'200);
  EXPECT_EQ(zone.transitions[1].offset, 3'600);
}

TEST(ZoneTransitionsTest, ZonesWithoutDaylightSavingHaveNoChanges) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const ZoneTransitions zone,
                              ReadZone("Africa/Maseru", Years(2025, 2030)));
  EXPECT_THAT(zone.transitions, IsEmpty());
  EXPECT_EQ(zone.first_offset, 7'200);
}

TEST(ZoneTransitionsTest, UnknownZonesAreNotFound) {
  EXPECT_THAT(ReadZone("Mars/Olympus", Years(2026, 2026)), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadZone("", Years(2026, 2026)), StatusIs(absl::StatusCode::kNotFound));
}

TEST(ZoneTransitionsTest, AllZonesOfTheSystemAreRead) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::vector<std::string> names, AllZoneNames());
  EXPECT_THAT(names, Contains("Africa/Addis_Ababa"));
  EXPECT_THAT(names, Contains("Asia/Vientiane"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const ZoneTable table, ReadAllZones(Years(2025, 2030)));
  EXPECT_NE(table.Find("Africa/Ndjamena"), nullptr);
  EXPECT_EQ(table.tzdata_version(), TzdataVersion());
  EXPECT_NE(table.tzdata_version(), "unknown");
}

}  // namespace
}  // namespace tandem::engine
