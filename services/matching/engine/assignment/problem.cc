#include "services/matching/engine/assignment/problem.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace tandem::engine {
namespace {

absl::Status CheckId(absl::string_view what, const std::string& id,
                     absl::flat_hash_set<absl::string_view>& seen) {
  if (id.empty()) return absl::InvalidArgumentError(absl::StrCat("a ", what, " without an id"));
  if (!seen.insert(id).second) {
    return absl::InvalidArgumentError(absl::StrCat(what, " '", id, "' stands twice"));
  }
  return absl::OkStatus();
}

absl::Status CheckRange(absl::string_view what, absl::string_view id, int64_t min, int64_t max) {
  if (min < 0 || min > kMaxCapacity) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " '", id, "': min is ", min, ", not within 0 to ", kMaxCapacity));
  }
  if (max < 0 || max > kMaxCapacity) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " '", id, "': max is ", max, ", not within 0 to ", kMaxCapacity));
  }
  if (min > max) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " '", id, "': min ", min, " is more than max ", max));
  }
  return absl::OkStatus();
}

absl::Status CheckCount(absl::string_view what, size_t count, int64_t limit) {
  if (static_cast<int64_t>(count) <= limit) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(count, " ", what, " are more than the limit of ", limit));
}

// That `quota`, if any, exists and has the side.
absl::Status CheckQuotaRef(const AssignmentProblem& problem, absl::string_view what,
                           absl::string_view id, int32_t quota, Side side) {
  if (quota == -1) return absl::OkStatus();
  if (quota < 0 || quota >= static_cast<int32_t>(problem.quotas.size())) {
    return absl::InvalidArgumentError(absl::StrCat(what, " '", id, "': no quota ", quota));
  }
  if (problem.quotas[quota].side != side) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, " '", id, "': quota '", problem.quotas[quota].id, "' is of the other side"));
  }
  return absl::OkStatus();
}

absl::Status CheckQuotas(const AssignmentProblem& problem) {
  TANDEM_RETURN_IF_ERROR(CheckCount("quotas", problem.quotas.size(), kMaxNodes));
  absl::flat_hash_set<absl::string_view> ids;
  for (const AssignmentQuota& quota : problem.quotas) {
    TANDEM_RETURN_IF_ERROR(CheckId("quota", quota.id, ids));
    const int64_t max = quota.max == kUnlimited ? kMaxCapacity : quota.max;
    TANDEM_RETURN_IF_ERROR(CheckRange("quota", quota.id, quota.min, max));
    TANDEM_RETURN_IF_ERROR(CheckQuotaRef(problem, "quota", quota.id, quota.parent, quota.side));
  }
  // Colours: 0 new, 1 on the current path, 2 known to end at the top.
  std::vector<char> colour(problem.quotas.size(), 0);
  for (size_t start = 0; start < colour.size(); ++start) {
    std::vector<int32_t> path;
    int32_t at = static_cast<int32_t>(start);
    while (at != -1 && colour[at] == 0) {
      colour[at] = 1;
      path.push_back(at);
      at = problem.quotas[at].parent;
    }
    if (at != -1 && colour[at] == 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("quota '", problem.quotas[at].id, "' is its own ancestor"));
    }
    for (int32_t done : path) colour[done] = 2;
  }
  return absl::OkStatus();
}

absl::Status CheckParties(const AssignmentProblem& problem) {
  TANDEM_RETURN_IF_ERROR(CheckCount("needs", problem.needs.size(), kMaxNodes));
  TANDEM_RETURN_IF_ERROR(CheckCount("mentors", problem.mentors.size(), kMaxNodes));
  absl::flat_hash_set<absl::string_view> ids;
  for (const AssignmentNeed& need : problem.needs) {
    TANDEM_RETURN_IF_ERROR(CheckId("need", need.id, ids));
    TANDEM_RETURN_IF_ERROR(CheckRange("need", need.id, need.min, need.max));
    if (need.tier < 1 || need.tier > 9) {
      return absl::InvalidArgumentError(
          absl::StrCat("need '", need.id, "': tier is ", need.tier, ", not within 1 to 9"));
    }
    TANDEM_RETURN_IF_ERROR(CheckQuotaRef(problem, "need", need.id, need.quota, Side::kNeed));
  }
  ids.clear();
  for (const AssignmentMentor& mentor : problem.mentors) {
    TANDEM_RETURN_IF_ERROR(CheckId("mentor", mentor.id, ids));
    TANDEM_RETURN_IF_ERROR(CheckRange("mentor", mentor.id, mentor.min, mentor.max));
    TANDEM_RETURN_IF_ERROR(
        CheckQuotaRef(problem, "mentor", mentor.id, mentor.quota, Side::kMentor));
  }
  return absl::OkStatus();
}

std::string PairName(const AssignmentProblem& problem, int32_t need, int32_t mentor) {
  return absl::StrCat("pair of need '", problem.needs[need].id, "' and mentor '",
                      problem.mentors[mentor].id, "'");
}

absl::Status CheckPairRef(const AssignmentProblem& problem, absl::string_view what, int32_t need,
                          int32_t mentor) {
  if (need >= 0 && need < static_cast<int32_t>(problem.needs.size()) && mentor >= 0 &&
      mentor < static_cast<int32_t>(problem.mentors.size())) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " pair with need ", need, " and mentor ", mentor, ": no such index"));
}

// The first pair that stands in `pairs` a second time, by its place; -1 if none does. Indices must
// be valid. There may be millions of pairs, so they are put in order of need by counting: no table
// of all of them is hashed.
template <typename Pair>
int64_t FirstRepeated(const AssignmentProblem& problem, const std::vector<Pair>& pairs) {
  const auto not_before = [](const Pair& a, const Pair& b) {
    return std::tie(a.need, a.mentor) >= std::tie(b.need, b.mentor);
  };
  if (std::adjacent_find(pairs.begin(), pairs.end(), not_before) == pairs.end()) return -1;
  std::vector<uint32_t> next(problem.needs.size() + 1, 0);
  for (const Pair& pair : pairs) ++next[pair.need + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<uint32_t> of_need(pairs.size());  // Places in `pairs`, need after need.
  for (uint32_t i = 0; i < of_need.size(); ++i) of_need[next[pairs[i].need]++] = i;
  std::vector<int32_t> last_need(problem.mentors.size(), -1);  // That each mentor was seen with.
  int64_t first = -1;
  for (const uint32_t i : of_need) {
    int32_t& seen = last_need[pairs[i].mentor];
    if (seen == pairs[i].need && (first < 0 || i < first)) first = i;
    seen = pairs[i].need;
  }
  return first;
}

template <typename Pair>
absl::Status CheckRepeated(const AssignmentProblem& problem, absl::string_view what,
                           const std::vector<Pair>& pairs) {
  const int64_t repeated = FirstRepeated(problem, pairs);
  if (repeated < 0) return absl::OkStatus();
  const Pair& pair = pairs[repeated];
  return absl::InvalidArgumentError(
      absl::StrCat(what, " ", PairName(problem, pair.need, pair.mentor), " stands twice"));
}

absl::Status CheckScore(const AssignmentProblem& problem, const AssignmentPair& pair,
                        absl::string_view what, int64_t score) {
  if (score >= 0 && score <= kMaxScore) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(PairName(problem, pair.need, pair.mentor), ": ",
                                                 what, " is ", score, ", not within 0 to ",
                                                 kMaxScore));
}

absl::Status CheckPairRefs(const AssignmentProblem& problem, absl::string_view what,
                           const std::vector<PairRef>& pairs) {
  for (const PairRef& pair : pairs) {
    TANDEM_RETURN_IF_ERROR(CheckPairRef(problem, what, pair.need, pair.mentor));
  }
  return CheckRepeated(problem, what, pairs);
}

absl::Status CheckPairs(const AssignmentProblem& problem) {
  TANDEM_RETURN_IF_ERROR(CheckCount("pairs", problem.pairs.size(), kMaxPairs));
  for (const AssignmentPair& pair : problem.pairs) {
    TANDEM_RETURN_IF_ERROR(CheckPairRef(problem, "listed", pair.need, pair.mentor));
    TANDEM_RETURN_IF_ERROR(CheckScore(problem, pair, "score", pair.score));
    if (pair.mentor_score == kSameScore) continue;
    TANDEM_RETURN_IF_ERROR(CheckScore(problem, pair, "mentor_score", pair.mentor_score));
  }
  TANDEM_RETURN_IF_ERROR(CheckRepeated(problem, "listed", problem.pairs));
  TANDEM_RETURN_IF_ERROR(CheckPairRefs(problem, "pinned", problem.pinned));
  return CheckPairRefs(problem, "forbidden", problem.forbidden);
}

absl::Status CheckPrevious(const AssignmentProblem& problem) {
  if (problem.change_penalty < 0 || problem.change_penalty > kMaxScore) {
    return absl::InvalidArgumentError(absl::StrCat("change_penalty is ", problem.change_penalty,
                                                   ", not within 0 to ", kMaxScore));
  }
  if (!problem.has_previous && (!problem.previous.empty() || problem.change_penalty != 0)) {
    return absl::FailedPreconditionError("a change penalty needs a previous plan");
  }
  TANDEM_RETURN_IF_ERROR(CheckCount("previous pairs", problem.previous.size(), kMaxPairs));
  std::set<std::pair<absl::string_view, absl::string_view>> seen;
  for (const PairOfIds& pair : problem.previous) {
    if (!seen.insert({pair.need, pair.mentor}).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "previous pair of need '", pair.need, "' and mentor '", pair.mentor, "' stands twice"));
    }
  }
  return absl::OkStatus();
}

// kStable has no notion of minimums, quotas, or a plan to stay close to.
absl::Status CheckStable(const AssignmentProblem& problem) {
  if (!problem.quotas.empty()) {
    return absl::FailedPreconditionError("the objective stable takes no quotas");
  }
  if (problem.has_previous) {
    return absl::FailedPreconditionError("the objective stable takes no previous plan");
  }
  absl::flat_hash_set<absl::string_view> requests;
  for (const AssignmentNeed& need : problem.needs) {
    if (need.min > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("the objective stable takes no minimums; need '", need.id, "' has one"));
    }
    if (!requests.insert(RequestOf(need)).second) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the objective stable takes no requests of several roles, as '", RequestOf(need), "'"));
    }
  }
  for (const AssignmentMentor& mentor : problem.mentors) {
    if (mentor.min > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("the objective stable takes no minimums; mentor '", mentor.id, "' has one"));
    }
  }
  return absl::OkStatus();
}

// The beneficiaries must be a family of sets nested with the quotas', or the problem is no flow.
absl::Status CheckCoverage(const AssignmentProblem& problem) {
  absl::flat_hash_map<absl::string_view, const AssignmentNeed*> first;
  for (const AssignmentNeed& need : problem.needs) {
    const AssignmentNeed* other = first.emplace(BeneficiaryOf(need), &need).first->second;
    if (other->quota != need.quota) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the objective coverage needs every quota to hold all needs of a beneficiary or none; "
          "needs '",
          other->id, "' and '", need.id, "' of beneficiary '", BeneficiaryOf(need),
          "' stand in different ones"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateProblem(const AssignmentProblem& problem) {
  TANDEM_RETURN_IF_ERROR(CheckQuotas(problem));
  TANDEM_RETURN_IF_ERROR(CheckParties(problem));
  TANDEM_RETURN_IF_ERROR(CheckPairs(problem));
  TANDEM_RETURN_IF_ERROR(CheckPrevious(problem));
  if (problem.fill == Fill::kOptional && problem.objective != Objective::kTotal) {
    return absl::FailedPreconditionError("optional filling goes with the objective total only");
  }
  if (problem.objective == Objective::kStable) return CheckStable(problem);
  if (problem.objective == Objective::kCoverage) return CheckCoverage(problem);
  return absl::OkStatus();
}

const std::string& BeneficiaryOf(const AssignmentNeed& need) {
  return need.beneficiary.empty() ? need.id : need.beneficiary;
}

const std::string& RequestOf(const AssignmentNeed& need) {
  return need.request.empty() ? need.id : need.request;
}

}  // namespace tandem::engine
