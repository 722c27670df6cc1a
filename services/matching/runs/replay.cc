#include "services/matching/runs/replay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/runs/recorded_problem.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

// The position of an id, or -1. Recorded needs and mentors stand in the order of their ids.
template <typename T>
int32_t PositionOf(const std::vector<T>& entries, absl::string_view id) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), id,
                                      [](const T& entry, absl::string_view wanted) {
                                        return absl::string_view(entry.id) < wanted;
                                      });
  if (found == entries.end() || found->id != id) return -1;
  return static_cast<int32_t>(found - entries.begin());
}

bool IsPair(const engine::AssignmentProblem& problem, int32_t need, int32_t mentor) {
  if (mentor < 0) return false;
  return std::any_of(problem.pairs.begin(), problem.pairs.end(),
                     [&](const auto& pair) { return pair.need == need && pair.mentor == mentor; });
}

v1::WhyNotKind KindOf(const engine::WhyNot& why_not, int32_t mentor) {
  if (why_not.already_matched) return v1::WHY_NOT_KIND_MATCHED;
  if (!why_not.feasible) return v1::WHY_NOT_KIND_INFEASIBLE;
  const bool moves_the_mentor =
      std::any_of(why_not.removed.begin(), why_not.removed.end(),
                  [&](const engine::Match& match) { return match.mentor == mentor; });
  return moves_the_mentor ? v1::WHY_NOT_KIND_PLACED_ELSEWHERE : v1::WHY_NOT_KIND_OUTRANKED;
}

void AddCost(const RecordedRun& recorded, const engine::WhyNot& why_not,
             v1::ExplainWhyNotResponse* response) {
  for (size_t i = 0; i < why_not.cost.size(); ++i) {
    const engine::ValueComponent& cost = why_not.cost[i];
    if (cost.amount == 0 && !cost.unbounded) continue;
    v1::ValueDifference* difference = response->add_cost();
    difference->set_component(ComponentWords(cost.name));
    const engine::ValueComponent& optimum = recorded.result.value[i];
    difference->set_optimum(optimum.unbounded ? "unbounded" : DecimalString(optimum.amount));
    difference->set_forced(cost.unbounded ? "unbounded"
                                          : DecimalString(optimum.amount - cost.amount));
  }
}

void AddMoved(const engine::AssignmentProblem& problem, const std::vector<engine::Match>& matches,
              bool added, v1::ExplainWhyNotResponse* response) {
  for (const engine::Match& match : matches) {
    v1::MovedMatch* moved = response->add_moved();
    moved->set_need(problem.needs[match.need].id);
    moved->set_mentor(problem.mentors[match.mentor].id);
    moved->set_added(added);
  }
}

}  // namespace

absl::StatusOr<RecordedRun> ReadRecordedRun(const RunStore& runs, const storage::Snapshot& snapshot,
                                            const v1::CohortRun& run) {
  RecordedRun recorded;
  TANDEM_ASSIGN_OR_RETURN(recorded.problem_bytes, runs.ReadPart(snapshot, run, kProblemPart));
  TANDEM_ASSIGN_OR_RETURN(recorded.result_json, runs.ReadPart(snapshot, run, kResultPart));
  if (base::Sha256Hex(recorded.problem_bytes) != run.inputs().problem_digest() ||
      base::Sha256Hex(recorded.result_json) != run.inputs().result_digest()) {
    return absl::DataLossError(absl::StrCat("the record of ", run.name(),
                                            " is not what its digests name: restore the store "
                                            "from a backup"));
  }
  TANDEM_ASSIGN_OR_RETURN(recorded.problem, ReadRecordedProblem(recorded.problem_bytes));
  TANDEM_ASSIGN_OR_RETURN(
      recorded.result,
      engine::files::ResultFromJson(recorded.problem, recorded.result_json, kResultPart));
  return recorded;
}

absl::StatusOr<std::string> Replay(const RecordedRun& recorded) {
  TANDEM_ASSIGN_OR_RETURN(const engine::AssignmentResult result,
                          engine::Solve(recorded.problem, engine::SolveOptions()));
  return engine::files::ResultToJson(recorded.problem, result);
}

absl::StatusOr<v1::ExplainWhyNotResponse> ExplainRecorded(const RecordedRun& recorded,
                                                          engine::SolvedPlan* plan,
                                                          absl::string_view need,
                                                          absl::string_view mentor) {
  v1::ExplainWhyNotResponse response;
  const int32_t need_index = PositionOf(recorded.problem.needs, need);
  const int32_t mentor_index = PositionOf(recorded.problem.mentors, mentor);
  if (need_index < 0) return common::NotFound(need);
  if (plan == nullptr) return RunHasNoPlan();
  response.set_need(std::string(need));
  response.set_mentor(std::string(mentor));
  if (!IsPair(recorded.problem, need_index, mentor_index)) {
    response.set_kind(v1::WHY_NOT_KIND_INELIGIBLE);
    return response;
  }
  TANDEM_ASSIGN_OR_RETURN(const engine::WhyNot why_not,
                          plan->ExplainWhyNot(need_index, mentor_index));
  response.set_kind(KindOf(why_not, mentor_index));
  if (why_not.feasible && !why_not.already_matched) {
    AddCost(recorded, why_not, &response);
    AddMoved(recorded.problem, why_not.removed, /*added=*/false, &response);
    AddMoved(recorded.problem, why_not.added, /*added=*/true, &response);
  }
  response.set_sentence(WhyNotSentence(why_not, response.kind()));
  return response;
}

}  // namespace tandem::matching
