#include "services/matching/engine/assignment/relaxation.h"

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/flow_of_plan.h"

namespace tandem::engine {
namespace {

using Figures = bipartite::BipartiteSolver::Figures;

// The quota around each beneficiary, where the objective has them.
absl::flat_hash_map<absl::string_view, int32_t> QuotasOfBeneficiaries(
    const AssignmentProblem& problem) {
  absl::flat_hash_map<absl::string_view, int32_t> quotas;
  if (problem.objective != Objective::kCoverage) return quotas;
  for (const AssignmentNeed& need : problem.needs) quotas[BeneficiaryOf(need)] = need.quota;
  return quotas;
}

// The prices of the network's nodes: those of needs, mentors and quotas as found, of a mentor and
// request as of the mentor, of a beneficiary as of the quota around it, all others as of the
// ground. So no arc but those between pairs, and those of quotas that bind, gains or loses, except
// where something counts that the relaxation did not know of.
std::vector<absl::int128> PricesOf(const AssignmentProblem& problem, const Network& network,
                                   const ValueSpace& space,
                                   const bipartite::BipartiteSolver& solver) {
  const Figures needs = solver.NeedFigures();
  const Figures mentors = solver.MentorFigures();
  const Figures need_quotas = solver.NeedQuotaFigures();
  const Figures mentor_quotas = solver.MentorQuotaFigures();
  const auto quota_of = QuotasOfBeneficiaries(problem);
  const size_t figures = needs.size() / problem.needs.size();
  // Unreached, and beneficiaries, come before what the relaxation counts.
  const size_t first = space.beneficiaries() >= 0 ? 2 : 1;
  const size_t taken = static_cast<size_t>(space.head_size()) - first;
  const auto size = static_cast<size_t>(space.size());
  std::vector<absl::int128> prices(network.nodes.size() * size, 0);
  for (size_t v = 0; v < network.nodes.size(); ++v) {
    const NodeRef& node = network.nodes[v];
    int32_t index = node.index;
    const Figures* from = nullptr;
    if (node.kind == NodeKind::kNeed) from = &needs;
    if (node.kind == NodeKind::kMentor || node.kind == NodeKind::kMentorRequest) from = &mentors;
    if (node.kind == NodeKind::kNeedQuota) from = &need_quotas;
    if (node.kind == NodeKind::kMentorQuota) from = &mentor_quotas;
    if (node.kind == NodeKind::kBeneficiary) {
      from = &need_quotas;
      index = quota_of.at(node.name);
    }
    if (from == nullptr || index < 0) continue;
    for (size_t c = 0; c < taken; ++c) {
      prices[v * size + first + c] = (*from)[static_cast<size_t>(index) * figures + c];
    }
  }
  return prices;
}

}  // namespace

absl::StatusOr<FlowStart> SolveRelaxation(const AssignmentProblem& problem,
                                          const ProblemIndex& index, const Network& network,
                                          const ValueSpace& space, int64_t min_score,
                                          const SolveOptions& options) {
  FlowStart start;
  if (problem.needs.empty() || problem.mentors.empty()) return start;
  const auto solver = bipartite::BipartiteSolver::CreateRelaxed(problem, index, min_score,
                                                                space.points() >= 0, options);
  if (solver == nullptr) return start;
  TANDEM_RETURN_IF_ERROR(solver->Solve());
  std::vector<bool> chosen(problem.pairs.size(), false);
  for (int32_t pair : solver->ChosenPairs()) chosen[pair] = true;
  start.flow = FlowOfPlan(network, chosen);
  start.prices = PricesOf(problem, network, space, *solver);
  return start;
}

}  // namespace tandem::engine
