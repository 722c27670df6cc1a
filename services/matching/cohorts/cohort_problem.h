// From who is eligible for what to the assignment problem of a cohort: places, minimums, active
// matches that stay. Pure and canonical: the same cohort gives the same problem, byte for byte,
// whatever the order of the inputs.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_COHORT_PROBLEM_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_COHORT_PROBLEM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/capacity/places.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::matching {

// A role of a request of the cohort.
struct CohortNeed {
  std::string id;           // "engagementRequests/ID/roles/ROLE"
  std::string request;      // "engagementRequests/ID"
  std::string beneficiary;  // the NSB; a request of several NSBs is a beneficiary of its own
  int64_t min_mentors = 0;
  int64_t max_mentors = 1;
  int tier = 1;
  MonthlyWork work;    // what each mentor gives
  int32_t quota = -1;  // index of the innermost quota that it stands in; -1 for none
};

// A mentor with a pair or an active match.
struct CohortMentor {
  std::string id;      // "mentors/ID"
  Capacity capacity;   // everything promised, active matches of the cohort included
  int32_t quota = -1;  // index of the innermost quota that the mentor stands in; -1 for none
};

// A mentor who breaks no rule for a need.
struct EligiblePair {
  int32_t need = 0;    // index of the need
  int32_t mentor = 0;  // index of the mentor
  int64_t score = 0;   // micro-points
};

// An approved match of a need of the cohort.
struct ActiveMatch {
  int32_t need = 0;    // index of the need
  int32_t mentor = 0;  // index of the mentor
  int64_t score = 0;   // as recorded when it was proposed, micro-points
};

// The pairs of a run that had a plan.
struct EarlierPlan {
  std::string run;                       // "cohorts/ID/runs/N"
  std::vector<engine::PairOfIds> pairs;  // in order of need, then mentor
};

struct CohortInputs {
  std::vector<CohortNeed> needs;                // each id once
  std::vector<CohortMentor> mentors;            // each id once
  std::vector<EligiblePair> pairs;              // each pair once
  std::vector<ActiveMatch> active;              // each pair once
  std::vector<engine::AssignmentQuota> quotas;  // in the order of their ids
  engine::Objective objective = engine::Objective::kTotal;
  uint64_t seed = 0;
  std::optional<EarlierPlan> previous;  // to stay near
  int64_t change_penalty = 0;           // of each changed pair, micro-points
};

// How places are counted.
enum class HoursRule {
  kConservative,  // the rule of places.h: what is solved and proposed
  kIgnored,       // engagements only: what no exact planning of hours can exceed
};

// The problem. Mentors are those with a pair or an active match. Active matches are pinned at their
// recorded score, and a maximum (of a need, mentor or quota) below the accepted load is raised to
// it.
engine::AssignmentProblem BuildProblem(const CohortInputs& inputs, HoursRule rule);

// How many active matches each quota holds, those of quotas within it included.
std::vector<int64_t> AcceptedOfQuotas(const CohortInputs& inputs);

// Mentors of the cohort who are promised more than they offer now, in order.
std::vector<std::string> OvercommittedMentors(const CohortInputs& inputs);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_COHORT_PROBLEM_H_
