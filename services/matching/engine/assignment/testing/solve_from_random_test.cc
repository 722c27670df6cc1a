// Starting from what was solved before changes nothing but the time: after declines, new needs and
// mentors, changed places, scores, quotas and options, the answer is that of solving anew.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/random_problem.h"

namespace tandem::engine::testing {
namespace {

class Changer {
 public:
  Changer(uint64_t seed, AssignmentProblem* problem) : random_(seed), problem_(*problem) {}

  void Change() {
    const std::vector<std::function<void()>> kinds = {
        [&] { Decline(); },
        [&] { AddNeed(); },
        [&] { AddMentor(); },
        [&] { problem_.mentors[Below(problem_.mentors.size())].max += Step(); },
        [&] { problem_.needs[Below(problem_.needs.size())].max += Step(); },
        [&] { problem_.needs[Below(problem_.needs.size())].min += Step(); },
        [&] { problem_.mentors[Below(problem_.mentors.size())].min += Step(); },
        [&] { problem_.needs[Below(problem_.needs.size())].tier = 1 + Below(3); },
        [&] { ChangeScore(); },
        [&] { problem_.quotas.empty() ? Decline() : ChangeQuota(); },
        [&] { problem_.change_penalty += problem_.has_previous ? Step() : 0; },
        [&] { ChangeOptions(); },
        [&] { problem_.seed += 1; },
    };
    kinds[Below(kinds.size())]();
  }

 private:
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }
  int64_t Step() { return Below(2) == 0 ? 1 : -1; }

  void Decline() {
    if (problem_.pairs.empty()) return;
    const AssignmentPair& pair = problem_.pairs[Below(problem_.pairs.size())];
    problem_.forbidden.push_back({pair.need, pair.mentor});
  }
  void AddNeed() {
    const auto need = static_cast<int32_t>(problem_.needs.size());
    problem_.needs.emplace_back();
    problem_.needs.back().id = absl::StrCat("new need ", need);
    problem_.needs.back().max = 1 + static_cast<int64_t>(Below(2));
    for (size_t m = 0; m < problem_.mentors.size(); ++m) {
      if (Below(2) == 0) problem_.pairs.push_back({need, static_cast<int32_t>(m), Score()});
    }
  }
  void AddMentor() {
    const auto mentor = static_cast<int32_t>(problem_.mentors.size());
    problem_.mentors.emplace_back();
    problem_.mentors.back().id = absl::StrCat("new mentor ", mentor);
    for (size_t n = 0; n < problem_.needs.size(); ++n) {
      if (Below(2) == 0) problem_.pairs.push_back({static_cast<int32_t>(n), mentor, Score()});
    }
  }
  // Now and then far beyond what was there before, or as large as can be.
  int64_t Score() {
    if (Below(20) == 0) return kMaxScore;
    return static_cast<int64_t>(Below(Below(10) == 0 ? 1'000'000 : 5));
  }
  void ChangeScore() {
    if (problem_.pairs.empty()) return;
    problem_.pairs[Below(problem_.pairs.size())].score = Score();
  }
  void ChangeQuota() {
    AssignmentQuota& quota = problem_.quotas[Below(problem_.quotas.size())];
    if (Below(2) == 0) {
      quota.min += Step();
    } else {
      quota.max = static_cast<int64_t>(Below(4));
    }
  }
  void ChangeOptions() {
    constexpr Objective kObjectives[] = {Objective::kTotal, Objective::kCoverage, Objective::kFloor,
                                         Objective::kStable};
    problem_.objective = kObjectives[Below(4)];
    problem_.fill = Below(2) == 0 ? Fill::kFirst : Fill::kOptional;
  }

  std::mt19937_64 random_;
  AssignmentProblem& problem_;
};

// A few changes that leave the problem valid.
AssignmentProblem Changed(const AssignmentProblem& problem, std::mt19937_64& random) {
  while (true) {
    AssignmentProblem changed = problem;
    for (uint64_t count = 1 + random() % 3; count > 0; --count)
      Changer(random(), &changed).Change();
    // Places in lists mean nothing: ids do.
    if (random() % 2 == 0) changed = Shuffled(changed, random());
    if (ValidateProblem(changed).ok()) return changed;
  }
}

TEST(SolveFromRandomTest, AnEarlierResultLeadsToTheAnswerOfSolvingAnew) {
  ForEachSeed(9'000'000, 20'000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    AssignmentProblem before = RandomProblem(seed);
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult earlier, Solve(before, SolveOptions()));
    for (int round = 0; round < 4; ++round) {
      const AssignmentProblem problem = Changed(before, random);
      SolveOptions options;
      options.before = {&before, &earlier};
      TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, options));
      TANDEM_ASSERT_OK_AND_ASSIGN(const AssignmentResult anew, Solve(problem, SolveOptions()));
      ASSERT_EQ(Describe(problem, result), Describe(problem, anew))
          << "TANDEM_TEST_SEED=" << seed << " round " << round << "\n"
          << Describe(problem);
      ASSERT_TRUE(Check(problem, result).valid);
      before = problem;
      earlier = std::move(result);
    }
  });
}

}  // namespace
}  // namespace tandem::engine::testing
