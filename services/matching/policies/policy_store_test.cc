#include "services/matching/policies/policy_store.h"

#include "gtest/gtest.h"
#include "services/common/change_set.h"
#include "services/common/resource_store.h"
#include "services/common/testing/test_call.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "storage/in_memory/in_memory_store.h"

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

TEST(InForceTest, OfEqualDatesTheOnePublishedLastDecidesWhicheverPolicyItIsOf) {
  v1::Policy morning = Version(7, 1);
  morning.set_policy_id("a");
  morning.mutable_publish_time()->set_seconds(1000);
  v1::Policy noon = Version(1, 1);
  noon.set_policy_id("z");
  noon.mutable_publish_time()->set_seconds(2000);

  EXPECT_EQ(VersionInForce({morning, noon}), 1);
  EXPECT_EQ(VersionInForce({noon, morning}), 1);
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

TEST(PolicyStoreTest, EachRevisionShowsThePoliciesThatItHas) {
  const auto resources = *common::ResourceStore::Open(storage::NewInMemoryStore(), {});
  const auto publish = [&](int32_t version) {
    const auto written =
        resources->Write(*common::TestCall(), common::WriteMode::kCommit,
                         [&](const storage::Snapshot&, common::ChangeSet* changes) {
                           PutRecord(PolicyKey({"p", version}), 0, Version(version, -5), changes);
                           return absl::OkStatus();
                         });
    return *resources->SnapshotAt(written->revision);
  };
  const PolicyStore policies(resources.get(), nullptr);
  const auto none = *resources->SnapshotAt(0);
  const auto first = publish(1);
  const auto second = publish(2);
  const auto version_at = [&](const storage::Snapshot& snapshot) {
    const absl::StatusOr<v1::Policy> policy = policies.Find(snapshot, "", kNow);
    return policy.ok() ? policy->version() : 0;
  };

  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(version_at(*first), 1);
    EXPECT_EQ(version_at(*second), 2);
    EXPECT_EQ(version_at(*none), 0);
  }
}

TEST(PolicyStoreTest, APageEndsEarlyRatherThanGrowBeyondWhatClientsTake) {
  const auto resources = *common::ResourceStore::Open(storage::NewInMemoryStore(), {});
  constexpr int kVersions = 8;
  for (int version = 1; version <= kVersions; ++version) {
    v1::Policy policy = Version(version, -5);
    policy.set_policy_id("p");
    policy.set_author(std::string(1'000'000, 'x'));
    ASSERT_TRUE(resources
                    ->Write(*common::TestCall(), common::WriteMode::kCommit,
                            [&](const storage::Snapshot&, common::ChangeSet* changes) {
                              PutRecord(PolicyKey({"p", version}), 0, policy, changes);
                              return absl::OkStatus();
                            })
                    .ok());
  }
  const PolicyStore policies(resources.get(), nullptr);
  const common::TestCall call;
  int listed = 0;
  v1::ListPoliciesRequest request;
  do {
    const v1::ListPoliciesResponse page = *policies.List(*call, request);
    EXPECT_LE(page.policies_size(), 3);
    for (const v1::Policy& policy : page.policies()) EXPECT_EQ(policy.version(), ++listed);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());

  EXPECT_EQ(listed, kVersions);
}

}  // namespace
}  // namespace tandem::matching
