// Prints digests of RESULT.json for a few hundred problems, one line per set of problems:
//
//   digests [--threads N]
//
// Each problem is solved as listed, listed in another order, by the general method, from the result
// of a slightly different problem, and (where the solver takes changes) from its plan in memory.
// All must give the same bytes: else it names the problem and ends with exit code 1. digests_test
// compares the lines with digests.golden and runs programs built by GCC and clang, optimised and
// not, with wide vector instructions and without vectorisation, in one thread and in several.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/digests/digest_problems.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/plan.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/random_problem.h"
#include "services/matching/engine/assignment/value_space.h"
#include "services/matching/engine/files/result_json.h"

namespace tandem::engine::digests {
namespace {

using bipartite::BipartiteSolver;

// From what was solved for a slightly different problem, whatever the shape.
absl::StatusOr<std::string> SolvedFrom(const AssignmentProblem& before,
                                       const AssignmentProblem& problem) {
  TANDEM_ASSIGN_OR_RETURN(const AssignmentResult earlier, Solve(before, SolveOptions()));
  SolveOptions options;
  options.before = {&before, &earlier};
  TANDEM_ASSIGN_OR_RETURN(const AssignmentResult result, Solve(problem, options));
  return files::ResultToJson(problem, result);
}

absl::StatusOr<std::string> Solved(const AssignmentProblem& problem, SolveMethod method) {
  SolveOptions options;
  options.method = method;
  TANDEM_ASSIGN_OR_RETURN(const AssignmentResult result, Solve(problem, options));
  return files::ResultToJson(problem, result);
}

// The same problem but for a few scores and maximums, and the last forbidden pair.
AssignmentProblem Neighbour(const AssignmentProblem& problem) {
  AssignmentProblem other = problem;
  int64_t largest = 0;
  for (const AssignmentPair& pair : problem.pairs) largest = std::max(largest, pair.score);
  for (size_t i = 0; i < other.pairs.size(); i += 3) {
    // The largest score stays: a solver takes none beyond those it was made with.
    if (other.pairs[i].score < largest) other.pairs[i].score = other.pairs[i].score / 2;
  }
  for (size_t i = 0; i < other.mentors.size(); i += 4) ++other.mentors[i].max;
  for (size_t i = 0; i < other.needs.size(); i += 5) ++other.needs[i].max;
  if (!other.forbidden.empty()) other.forbidden.pop_back();
  return other;
}

// Makes `problem` of its neighbour, in the solver.
absl::Status ChangeBack(const AssignmentProblem& problem, const ProblemIndex& index,
                        const AssignmentProblem& neighbour, BipartiteSolver* solver) {
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    const AssignmentPair& pair = problem.pairs[i];
    if (pair.score == neighbour.pairs[i].score) continue;
    const int64_t kept = index.previous[i] ? problem.change_penalty : 0;
    solver->SetWeight(pair.need, pair.mentor, pair.score + kept);
  }
  for (size_t i = 0; i < problem.mentors.size(); ++i) {
    if (!solver->SetMentorMax(static_cast<int32_t>(i), problem.mentors[i].max)) {
      return absl::InternalError("a mentor's maximum was not taken");
    }
  }
  for (size_t i = 0; i < problem.needs.size(); ++i) {
    if (!solver->SetNeedMax(static_cast<int32_t>(i), problem.needs[i].max)) {
      return absl::InternalError("a need's maximum was not taken");
    }
  }
  if (!problem.forbidden.empty()) {
    solver->ForbidPair(problem.forbidden.back().need, problem.forbidden.back().mentor);
  }
  return solver->Resolve();
}

// From the neighbour's plan and prices; empty where the problem's shape has no such solver.
absl::StatusOr<std::string> SolvedWarm(const AssignmentProblem& problem) {
  if (problem.objective != Objective::kTotal) return std::string();
  const ProblemIndex index(problem);
  if (!index.impossible_pins.empty()) return std::string();
  if (BipartiteSolver::Create(problem, index, bipartite::kEveryScore, {}) == nullptr) {
    return std::string();
  }
  const AssignmentProblem neighbour = Neighbour(problem);
  const ProblemIndex neighbour_index(neighbour);
  const std::unique_ptr<BipartiteSolver> solver =
      BipartiteSolver::Create(neighbour, neighbour_index, bipartite::kEveryScore, {});
  if (solver == nullptr) return absl::InternalError("no solver for the neighbour");
  TANDEM_RETURN_IF_ERROR(solver->Solve());
  TANDEM_RETURN_IF_ERROR(ChangeBack(problem, index, neighbour, solver.get()));
  TANDEM_RETURN_IF_ERROR(solver->BreakTies());
  AssignmentResult result =
      DescribePlan(problem, index, ValueSpace::ForPlan(problem), solver->ChosenPairs());
  TANDEM_RETURN_IF_ERROR(solver->FindPrices());
  result.certificate.price_sets.push_back(solver->Prices());
  return files::ResultToJson(problem, result);
}

// The bytes of RESULT.json, got in every way; INTERNAL naming the way that gave others.
absl::StatusOr<std::string> SolvedInEveryWay(const AssignmentProblem& problem, uint64_t seed,
                                             bool* warm) {
  TANDEM_ASSIGN_OR_RETURN(std::string bytes, Solved(problem, SolveMethod::kAutomatic));
  TANDEM_ASSIGN_OR_RETURN(const std::string shuffled,
                          Solved(testing::Shuffled(problem, seed), SolveMethod::kAutomatic));
  if (shuffled != bytes) return absl::InternalError("other bytes in another order of input");
  TANDEM_ASSIGN_OR_RETURN(const std::string general, Solved(problem, SolveMethod::kGeneral));
  if (general != bytes) return absl::InternalError("other bytes by the general method");
  TANDEM_ASSIGN_OR_RETURN(const std::string from_plan, SolvedWarm(problem));
  TANDEM_ASSIGN_OR_RETURN(const std::string from_result, SolvedFrom(Neighbour(problem), problem));
  if (from_result != bytes) return absl::InternalError("other bytes from an earlier result");
  *warm = !from_plan.empty();
  if (*warm && from_plan != bytes) return absl::InternalError("other bytes from a warm start");
  return bytes;
}

struct Answer {
  absl::StatusOr<std::string> bytes = absl::UnknownError("not solved");
  bool warm = false;
};

std::vector<Answer> SolveAll(const std::vector<DigestProblem>& problems, int threads) {
  std::vector<Answer> answers(problems.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i; (i = next++) < problems.size();) {
      answers[i].bytes = SolvedInEveryWay(problems[i].problem, problems[i].seed, &answers[i].warm);
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return answers;
}

int Print(const std::vector<DigestProblem>& problems, const std::vector<Answer>& answers) {
  std::string set_bytes;
  int64_t warm = 0;
  for (size_t i = 0; i < problems.size(); ++i) {
    if (!answers[i].bytes.ok()) {
      std::cerr << problems[i].set << ", seed " << problems[i].seed << ": "
                << answers[i].bytes.status() << "\n";
      return 1;
    }
    warm += answers[i].warm ? 1 : 0;
    set_bytes += *answers[i].bytes;
    if (i + 1 < problems.size() && problems[i + 1].set == problems[i].set) continue;
    std::cout << base::Sha256Hex(set_bytes) << "  " << problems[i].set << "\n";
    set_bytes.clear();
  }
  std::cout << problems.size() << " problems, " << warm << " of them also from a warm start\n";
  return 0;
}

int Main(int argc, char** argv) {
  int threads = 1;
  const bool threads_given = argc == 3 && std::strcmp(argv[1], "--threads") == 0 &&
                             absl::SimpleAtoi(argv[2], &threads) && threads > 0;
  if (argc != 1 && !threads_given) {
    std::cerr << "usage: digests [--threads N]\n";
    return 2;
  }
  const std::vector<DigestProblem> problems = AllDigestProblems();
  return Print(problems, SolveAll(problems, threads));
}

}  // namespace
}  // namespace tandem::engine::digests

int main(int argc, char** argv) { return tandem::engine::digests::Main(argc, argv); }
