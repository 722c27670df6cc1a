#include "services/matching/records/keys.h"

#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

TEST(KeysTest, NamesOfPoliciesAndRunsAreReadBack) {
  const auto policy = ParsePolicyName(PolicyName("ldc", 12));
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->policy_id, "ldc");
  EXPECT_EQ(policy->version, 12);

  const auto run = ParseRunName(RunName("cohorts/c1", 3));
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->cohort, "cohorts/c1");
  EXPECT_EQ(run->number, 3);
}

TEST(KeysTest, OtherNamesAreNotUnderstood) {
  for (const char* name :
       {"", "policies/ldc", "policies//versions/1", "policies/ldc/versions/0",
        "policies/ldc/versions/01", "policies/ldc/versions/x", "policies/ldc/versions/1/x",
        "cohorts/ldc/versions/1", "policies/ldc/versions/100000000"}) {
    EXPECT_FALSE(ParsePolicyName(name).has_value()) << name;
  }
  EXPECT_FALSE(ParseRunName("cohorts/c1/runs/-1").has_value());
}

TEST(KeysTest, KeysOfOnePolicySortByVersion) {
  EXPECT_LT(PolicyKey({"ldc", 9}), PolicyKey({"ldc", 10}));
  EXPECT_EQ(PolicyKey({"ldc", 9}), "policy/ldc/00000009");
}

TEST(KeysTest, KeysHoldTheLastSegmentOfNames) {
  EXPECT_EQ(ReservationsKey("mentors/m1"), "reservations/m1");
  EXPECT_EQ(BookingsKey("engagementRequests/r1"), "bookings/r1");
  EXPECT_EQ(RunFileKey({"cohorts/c1", 2}, 7), "run_file/c1/00000002/000007");
}

}  // namespace
}  // namespace tandem::matching
