#include "services/matching/engine/time/zone_table.h"

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

using base::IsOk;
using base::StatusIs;
using ::testing::HasSubstr;

ZoneTransitions Zone() { return {"Test/Zone", 0, 1'000'000, 3600, {{500, 7200}, {900, 3600}}}; }

TEST(ZoneTableTest, OffsetsHoldFromTheirInstantOn) {
  const ZoneTransitions zone = Zone();
  EXPECT_EQ(zone.OffsetAt(0), 3600);
  EXPECT_EQ(zone.OffsetAt(499), 3600);
  EXPECT_EQ(zone.OffsetAt(500), 7200);
  EXPECT_EQ(zone.OffsetAt(900), 3600);
}

TEST(ZoneTableTest, ZonesAreFoundByName) {
  ZoneTable table("2026a");
  EXPECT_EQ(table.Find("Test/Zone"), nullptr);
  EXPECT_THAT(table.Add(Zone()), IsOk());
  ASSERT_NE(table.Find("Test/Zone"), nullptr);
  EXPECT_EQ(table.Find("Test/Zone")->first_offset, 3600);
  EXPECT_EQ(table.tzdata_version(), "2026a");
}

TEST(ZoneTableTest, WrongZonesAreRefused) {
  ZoneTable table;
  ZoneTransitions falling = Zone();
  falling.transitions[1].at = 500;
  EXPECT_THAT(table.Add(falling),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rising order")));
  ZoneTransitions late = Zone();
  late.transitions[1].at = late.until;
  EXPECT_THAT(table.Add(late), StatusIs(absl::StatusCode::kInvalidArgument));
  ZoneTransitions far = Zone();
  far.first_offset = 86'400;
  EXPECT_THAT(table.Add(far), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("24 hours")));
  ZoneTransitions nameless = Zone();
  nameless.zone = "";
  EXPECT_THAT(table.Add(nameless), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(table.zones().empty());
}

}  // namespace
}  // namespace tandem::engine
