// What a cohort's decision reads, gathered at one moment with the revisions that it shows.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_COHORT_QUESTION_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_COHORT_QUESTION_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/resource_store.h"
#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/cohorts/cohort_table.h"
#include "services/matching/cohorts/decide_cohort.h"
#include "services/matching/engine/time/zone_table.h"
#include "services/matching/index/live_index.h"
#include "services/matching/ledger/ledger.h"
#include "services/matching/policies/policy_store.h"

namespace tandem::matching {

// Where decisions read from. Nothing is owned; everything must outlive its users.
struct DecisionSources {
  common::ResourceStore* resources = nullptr;
  const CohortTable* cohorts = nullptr;
  const PolicyStore* policies = nullptr;
  const LiveIndex* index = nullptr;
  Ledger* ledger = nullptr;
  std::shared_ptr<const engine::ZoneTable> zones;
};

// What the question may override of the cohort.
struct QuestionOptions {
  absl::string_view policy;      // empty: the cohort's, or the one in force
  bool policy_in_force = false;  // take the one in force even if the cohort names one
  absl::Time decision_time = absl::InfinitePast();  // the infinite past: the cohort's, or now
  std::optional<EarlierPlan> previous;              // to stay near
  int64_t change_penalty = 0;                       // of each changed pair, micro-points
};

// The question of `cohort` ("cohorts/ID") now. Policy, matches and reservations are all of the
// revision that the ledger shows. Errors: NOT_FOUND for the cohort or policy; UNAVAILABLE while the
// index loads; FAILED_PRECONDITION: NO_POLICY_IN_FORCE, NO_OPEN_REQUEST, REQUEST_UNKNOWN (one that
// the cohort names), SERVICE_TYPE_NOT_COVERED, OBJECTIVE_NOT_APPLICABLE.
absl::StatusOr<CohortQuestion> AskCohort(const DecisionSources& sources, absl::string_view cohort,
                                         const QuestionOptions& options);

// The revisions that the question shows.
v1::SeenRevisions SeenBy(const CohortQuestion& question);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_COHORT_QUESTION_H_
