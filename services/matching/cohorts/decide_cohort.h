// How a cohort is matched, in one place: every need against every mentor, all eligible pairs, the
// places that capacity leaves, the exact assignment, and the independent check of its proof. Pure:
// the same question gives the same decision, bit for bit.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_DECIDE_COHORT_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_DECIDE_COHORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/time/zone_table.h"
#include "services/matching/index/live_index.h"
#include "services/matching/ledger/ledger.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// The version of the decision: raised whenever the same question may get another answer.
inline constexpr absl::string_view kEngineVersion = "1";

// Everything that the decision reads.
struct CohortQuestion {
  IndexView index;
  std::shared_ptr<const LedgerState> ledger;
  std::shared_ptr<const engine::ZoneTable> zones;
  v1::Policy policy;
  std::vector<NeedRef> needs;  // each once
  absl::Time decision_time;
  uint64_t seed = 0;
  std::optional<EarlierPlan> previous;  // to stay near
  int64_t change_penalty = 0;           // of each changed pair, micro-points
};

// What it found.
struct CohortDecision {
  std::vector<engine::NeedFacts> needs;   // in the order of the question, refusals included
  std::vector<engine::PoolCounts> pools;  // who was excluded by what, for each of them
  engine::LoadFacts load;
  engine::PolicyFacts policy;
  CohortInputs inputs;
  engine::AssignmentProblem problem;
  engine::AssignmentResult result;
  std::string hours_rule_cost;  // what exact hours could add at the most, in a sentence
  std::string coverage_price;   // what coverage costs against the best total, in a sentence
  std::vector<std::string> overcommitted_mentors;
  std::vector<std::string> overcommitted_quotas;
};

// The steps of a decision.
enum class CohortStep { kEligibility, kSolving, kChecking };

// Told at each step with rough percent of the whole; returns true to cancel. May be empty.
using CohortProgress = std::function<bool(CohortStep step, int percent)>;

// CANCELLED; FAILED_PRECONDITION for a service type that the policy does not cover, quotas that
// cross (reason QUOTAS_CROSS), or an objective that cannot be solved with these needs;
// RESOURCE_EXHAUSTED for more eligible pairs than one problem may have; INTERNAL if the checker
// refuses the solver's proof: nothing must be stored.
absl::StatusOr<CohortDecision> DecideCohort(const CohortQuestion& question,
                                            const CohortProgress& progress);

// What the engine's functions on single pairs and needs read. Points into question and decision.
engine::DecisionInputs InputsOf(const CohortQuestion& question, const CohortDecision& decision);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_DECIDE_COHORT_H_
