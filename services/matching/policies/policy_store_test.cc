#include "services/matching/policies/policy_store.h"

#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

// 2026-12-01 09:00 UTC.
const absl::Time kNow = absl::FromCivil(absl::CivilHour(2026, 12, 1, 9), absl::UTCTimeZone());

// A published version that is effective from a day of December 2026.
v1::Policy Version(int32_t version, int day) {
  v1::Policy policy;
  policy.set_version(version);
  policy.set_state(v1::POLICY_STATE_PUBLISHED);
  policy.mutable_effective_from()->set_year(2026);
  policy.mutable_effective_from()->set_month(day > 0 ? 12 : 11);
  policy.mutable_effective_from()->set_day(day > 0 ? day : 30 + day);
  return policy;
}

int32_t VersionInForce(const std::vector<v1::Policy>& versions) {
  const v1::Policy* policy = InForce(versions, kNow);
  return policy == nullptr ? 0 : policy->version();
}

TEST(InForceTest, TheLatestEffectiveDateThatHasComeDecides) {
  EXPECT_EQ(VersionInForce({Version(1, -5), Version(2, 1), Version(3, 2)}), 2);
  EXPECT_EQ(VersionInForce({Version(1, 1), Version(2, -5)}), 1);
}

TEST(InForceTest, OfEqualDatesTheHighestVersionDecides) {
  EXPECT_EQ(VersionInForce({Version(2, 1), Version(1, 1)}), 2);
}

TEST(InForceTest, DraftsAndTheFutureAreNotInForce) {
  v1::Policy draft = Version(2, -5);
  draft.set_state(v1::POLICY_STATE_DRAFT);

  EXPECT_EQ(VersionInForce({draft, Version(3, 2)}), 0);
  EXPECT_EQ(VersionInForce({}), 0);
}

TEST(InForceTest, WithoutAnEffectiveDateTheDayOfPublicationCounts) {
  v1::Policy policy = Version(1, 1);
  policy.clear_effective_from();
  policy.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(kNow));
  EXPECT_EQ(VersionInForce({policy}), 1);

  policy.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(kNow + absl::Hours(24)));
  EXPECT_EQ(VersionInForce({policy}), 0);
}

}  // namespace
}  // namespace tandem::matching
