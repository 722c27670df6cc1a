#include "services/matching/engine/fuzz/solved_examples.h"

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/random_problem.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/engine/fuzz/expect.h"

namespace tandem::engine::fuzz {
namespace {

constexpr size_t kExamples = 128;
constexpr uint64_t kFirstSeed = 7'000'000;

std::unique_ptr<const SolvedExample> Make(uint64_t seed) {
  auto example = std::make_unique<SolvedExample>();
  example->problem = testing::RandomProblem(seed);
  absl::StatusOr<AssignmentResult> result = Solve(example->problem, SolveOptions());
  Expect(result.ok(), "an example is solved");
  example->result = *std::move(result);
  example->json = files::ResultToJson(example->problem, example->result);
  return example;
}

}  // namespace

const SolvedExample& ExampleNumber(uint64_t i) {
  static auto& examples = *new std::vector<std::unique_ptr<const SolvedExample>>(kExamples);
  std::unique_ptr<const SolvedExample>& example = examples[i % kExamples];
  if (example == nullptr) example = Make(kFirstSeed + i % kExamples);
  return *example;
}

void ExpectCheckedRightly(const SolvedExample& example, const AssignmentResult& result) {
  const CheckResult checked = Check(example.problem, result);
  Expect(checked.valid == checked.failure.empty(), "an invalid result has a reason");
  if (!checked.valid) return;
  const AssignmentResult& truth = example.result;
  Expect(result.outcome == truth.outcome, "a result found valid has the true status");
  if (truth.outcome != Outcome::kOptimal) return;
  Expect(result.matches == truth.matches, "a result found valid has the best plan");
  Expect(result.value == truth.value, "and its value");
  Expect(result.needs_served == truth.needs_served && result.filled_slots == truth.filled_slots &&
             result.beneficiaries_served == truth.beneficiaries_served &&
             result.total_score == truth.total_score &&
             result.has_worst_pair == truth.has_worst_pair &&
             result.changed_pairs == truth.changed_pairs,
         "and its numbers");
  Expect(!truth.has_worst_pair || result.worst_pair_score == truth.worst_pair_score,
         "and its worst pair");
}

}  // namespace tandem::engine::fuzz
