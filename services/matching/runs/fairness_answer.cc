#include "services/matching/runs/fairness_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/fairness.h"
#include "services/matching/runs/recorded_problem.h"
#include "services/matching/words/fairness_words.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

v1::PlanFigures FiguresOf(const engine::AssignmentResult& plan) {
  v1::PlanFigures figures;
  figures.set_needs_served(static_cast<int32_t>(plan.needs_served));
  figures.set_filled_slots(static_cast<int32_t>(plan.filled_slots));
  figures.set_beneficiaries_served(static_cast<int32_t>(plan.beneficiaries_served));
  figures.set_total_score_micropoints(DecimalString(plan.total_score));
  if (plan.has_worst_pair) {
    figures.set_worst_pair_score_micropoints(DecimalString(plan.worst_pair_score));
  }
  return figures;
}

void AddPrice(engine::Objective objective, const engine::ObjectivePrice& price,
              std::string sentence, v1::ReportFairnessResponse* response) {
  v1::ObjectivePrice* added = response->add_prices();
  added->set_objective(ToProtoObjective(objective));
  added->set_sentence(std::move(sentence));
  if (!price.refusal.empty()) return;
  *added->mutable_plan() = FiguresOf(price.result);
  for (const engine::ValueComponent& component : price.cost) {
    if (component.amount == 0) continue;
    v1::ObjectiveCost* cost = added->add_costs();
    cost->set_component(ComponentWords(component.name));
    cost->set_amount(DecimalString(component.amount));
  }
}

void AddBlockingPairs(const engine::AssignmentProblem& problem,
                      const std::vector<engine::BlockingPair>& pairs, int32_t most,
                      v1::ReportFairnessResponse* response) {
  response->set_blocking_pair_count(static_cast<int64_t>(pairs.size()));
  response->set_blocking_sentence(BlockingSentence(response->blocking_pair_count()));
  for (const engine::BlockingPair& pair : pairs) {
    if (response->blocking_pairs_size() == most) break;
    v1::BlockingPair* added = response->add_blocking_pairs();
    added->set_need(problem.needs[pair.need].id);
    added->set_mentor(problem.mentors[pair.mentor].id);
    added->set_score_micropoints(pair.score);
    if (pair.instead_of_mentor >= 0) {
      added->set_instead_of_mentor(problem.mentors[pair.instead_of_mentor].id);
    }
    if (pair.instead_of_need >= 0) {
      added->set_instead_of_need(problem.needs[pair.instead_of_need].id);
    }
  }
}

}  // namespace

absl::StatusOr<v1::ReportFairnessResponse> ReportRecordedFairness(
    const RecordedRun& recorded, int32_t max_blocking_pairs, const engine::SolveOptions& options) {
  if (recorded.result.outcome == engine::Outcome::kInfeasible) return RunHasNoPlan();
  TANDEM_ASSIGN_OR_RETURN(const engine::FairnessReport report,
                          engine::ReportFairness(recorded.problem, options));
  v1::ReportFairnessResponse response;
  *response.mutable_total() = FiguresOf(report.total);
  AddPrice(engine::Objective::kCoverage, report.coverage,
           CoveragePriceSentence(report.total, report.coverage), &response);
  AddPrice(engine::Objective::kFloor, report.floor, FloorPriceSentence(report.total, report.floor),
           &response);
  AddBlockingPairs(recorded.problem, report.blocking_pairs, max_blocking_pairs, &response);
  return response;
}

}  // namespace tandem::matching
