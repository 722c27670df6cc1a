#include "services/matching/ledger/ledger.h"

#include "base/sha256.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/call_context.h"
#include "storage/cancellation.h"
#include "storage/open.h"

namespace tandem::matching {
namespace {

using ::testing::IsEmpty;

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    TANDEM_ASSERT_OK_AND_ASSIGN(auto store, storage::Open("memory:"));
    common::ResourceStoreOptions options;
    options.name = "matching";
    TANDEM_ASSERT_OK_AND_ASSIGN(resources_,
                                common::ResourceStore::Open(std::move(store), std::move(options)));
    ledger_ = std::make_unique<Ledger>(resources_.get());
  }

  // Commits the state of a match, as the service does.
  void Commit(const std::string& id, v1::MatchState state) {
    v1::Match match;
    match.set_need("engagementRequests/1/roles/lead");
    match.set_mentor("mentors/m");
    match.set_state(state);
    match.set_score_micropoints(500);
    match.set_hours_per_month(6);
    match.set_first_month("2027-01");
    match.set_last_month("2027-03");
    match.mutable_decide_time()->set_seconds(86'400 * 3);
    storage::Cancellation never;
    const common::CallContext call(common::Call(), &never);
    TANDEM_ASSERT_OK(resources_->Write(call, common::WriteMode::kCommit,
                                       [&](const storage::Snapshot&, common::ChangeSet* changes) {
                                         changes->Put("matches/" + id, match.SerializeAsString());
                                         changes->AddChange("matches/" + id,
                                                            common::v1::CHANGE_KIND_DECIDED, "", "",
                                                            base::Sha256("x"));
                                         return absl::OkStatus();
                                       }));
  }

  LedgerState Current() {
    const auto state = ledger_->Current();
    EXPECT_TRUE(state.ok()) << state.status();
    return state.ok() ? **state : LedgerState();
  }

  std::unique_ptr<common::ResourceStore> resources_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, OnlyApprovedMatchesReserveCapacity) {
  Commit("a", v1::MATCH_STATE_PROPOSED);
  EXPECT_THAT(Current().Load().commitments, IsEmpty());

  Commit("a", v1::MATCH_STATE_APPROVED);

  const LedgerState state = Current();
  ASSERT_EQ(state.Load().commitments.size(), 1u);
  EXPECT_EQ(state.Load().commitments[0].mentor, "mentors/m");
  EXPECT_EQ(state.Load().commitments[0].first_month, 2027 * 12);
  EXPECT_EQ(state.Load().commitments[0].last_month, 2027 * 12 + 2);
  EXPECT_EQ(state.PromisedWork().at("mentors/m").size(), 1u);
  EXPECT_EQ(state.approved.at("matches/a").score, 500);
}

TEST_F(LedgerTest, ARejectionReleasesAndIsRemembered) {
  Commit("a", v1::MATCH_STATE_APPROVED);
  Current();

  Commit("a", v1::MATCH_STATE_REJECTED);

  const LedgerState state = Current();
  EXPECT_THAT(state.approved, IsEmpty());
  ASSERT_EQ(state.RefusalsOf("engagementRequests/1/roles/lead").size(), 1u);
  EXPECT_EQ(state.RefusalsOf("engagementRequests/1/roles/lead")[0].mentor, "mentors/m");
  EXPECT_EQ(state.RefusalsOf("engagementRequests/1/roles/lead")[0].day, 3);
  EXPECT_THAT(state.RefusalsOf("engagementRequests/1"), IsEmpty());
}

TEST_F(LedgerTest, FollowingTheFeedGivesWhatReadingInFullGives) {
  Commit("a", v1::MATCH_STATE_PROPOSED);
  Current();
  Commit("b", v1::MATCH_STATE_APPROVED);
  Commit("a", v1::MATCH_STATE_REJECTED);
  Commit("c", v1::MATCH_STATE_APPROVED);
  Commit("c", v1::MATCH_STATE_SUPERSEDED);

  const LedgerState followed = Current();

  TANDEM_ASSERT_OK_AND_ASSIGN(const auto snapshot, resources_->SnapshotAt(0));
  TANDEM_ASSERT_OK_AND_ASSIGN(const LedgerState read, ReadLedger(*snapshot));
  EXPECT_EQ(followed.revision, read.revision);
  EXPECT_EQ(followed.approved.size(), 1u);
  EXPECT_EQ(read.approved.size(), 1u);
  EXPECT_EQ(followed.refusals.size(), read.refusals.size());
}

TEST_F(LedgerTest, ATrimmedFeedIsMadeUpForByReadingInFull) {
  Commit("a", v1::MATCH_STATE_PROPOSED);
  Current();
  Commit("b", v1::MATCH_STATE_APPROVED);
  TANDEM_ASSERT_OK(resources_->store().Trim(resources_->store().Revisions().head));

  EXPECT_EQ(Current().approved.count("matches/b"), 1u);
}

}  // namespace
}  // namespace tandem::matching
