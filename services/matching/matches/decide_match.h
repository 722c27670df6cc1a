// People decide about proposed matches: approve, or reject with a reason.
//
// An approval holds every hard rule against today's roster and needs again, under the policy of the
// run that proposed the match, and reserves the mentor's capacity in the same commit. A rejection
// releases it, and excludes the pair from later runs (rule DECLINED_BEFORE).
#ifndef TANDEM_SERVICES_MATCHING_MATCHES_DECIDE_MATCH_H_
#define TANDEM_SERVICES_MATCHING_MATCHES_DECIDE_MATCH_H_

#include "absl/status/statusor.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/matching/engine/time/zone_table.h"
#include "services/matching/index/live_index.h"
#include "services/matching/ledger/ledger.h"
#include "services/matching/matches/match_table.h"
#include "services/matching/policies/policy_store.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {

// Thread-safe. Everything given must outlive it.
class MatchDecider {
 public:
  struct Dependencies {
    common::ResourceStore* resources = nullptr;
    MatchTable* matches = nullptr;
    const PolicyStore* policies = nullptr;
    const LiveIndex* index = nullptr;
    Ledger* ledger = nullptr;
    const engine::ZoneTable* zones = nullptr;
  };

  explicit MatchDecider(const Dependencies& dependencies) : deps_(dependencies) {}

  // Errors: see MatchingService.ApproveMatch and RejectMatch.
  absl::StatusOr<v1::Match> Approve(const common::CallContext& call,
                                    const v1::ApproveMatchRequest& request);
  absl::StatusOr<v1::Match> Reject(const common::CallContext& call,
                                   const v1::RejectMatchRequest& request);

 private:
  absl::Status StageApproval(const common::CallContext& call,
                             const v1::ApproveMatchRequest& request,
                             const storage::Snapshot& snapshot, common::ChangeSet* changes) const;
  absl::Status StageRejection(const common::CallContext& call,
                              const v1::RejectMatchRequest& request,
                              const storage::Snapshot& snapshot, common::ChangeSet* changes) const;
  // Every rule of the policy that decided, again, on today's data.
  absl::Status CheckRules(const v1::CohortRun& run, const v1::Policy& policy, const IndexView& view,
                          const NeedRef& need, const v1::Match& match) const;

  const Dependencies deps_;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_MATCHES_DECIDE_MATCH_H_
