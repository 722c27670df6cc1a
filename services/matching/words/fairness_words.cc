#include "services/matching/words/fairness_words.h"

#include "absl/strings/str_cat.h"
#include "base/points.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

std::string NoPlan(const engine::ObjectivePrice& price) {
  return absl::StrCat("This cohort has no such plan: ", price.refusal, ".");
}

std::string Score(int64_t micropoints) {
  return absl::StrCat(base::ExactPoints(micropoints), " points");
}

}  // namespace

std::string CoverageSentence(int64_t more_beneficiaries, const std::string& loss) {
  if (loss.empty()) return "Coverage costs nothing: the best total serves as many beneficiaries.";
  return absl::StrCat("Coverage serves ",
                      Counted(more_beneficiaries, "beneficiary", "beneficiaries"),
                      " more than the best total would, for ", loss, ".");
}

std::string CoveragePriceSentence(const engine::AssignmentResult& total,
                                  const engine::ObjectivePrice& coverage) {
  if (!coverage.refusal.empty()) return NoPlan(coverage);
  return CoverageSentence(coverage.result.beneficiaries_served - total.beneficiaries_served,
                          FirstCostWords(coverage.cost));
}

std::string FloorPriceSentence(const engine::AssignmentResult& total,
                               const engine::ObjectivePrice& floor) {
  if (!floor.refusal.empty()) return NoPlan(floor);
  const std::string loss = FirstCostWords(floor.cost);
  if (loss.empty()) return "A floor costs nothing: the best total's worst match is as good.";
  return absl::StrCat("With a floor the worst match scores ", Score(floor.result.worst_pair_score),
                      " instead of ", Score(total.worst_pair_score), ", for ", loss, ".");
}

std::string BlockingSentence(int64_t blocking_pairs) {
  if (blocking_pairs == 0) {
    return "No need and mentor would both rather have each other: the best total is stable.";
  }
  return absl::StrCat(
      Counted(blocking_pairs, "eligible pair", "eligible pairs"),
      " would both rather have each other than what the best total gives them; a stable plan has "
      "none.");
}

}  // namespace tandem::matching
