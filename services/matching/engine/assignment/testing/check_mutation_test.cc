// The checker against results that somebody has changed: whatever is no longer true is refused.
//
// A change to matches or numbers makes a result's statement false, since the optimum is unique. A
// changed price may still prove the same statement: such results are counted apart. A changed
// conflict may still be one: it is false exactly if demand and supply, counted anew by the oracle's
// rules, are not what it says.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iostream>
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

enum class Truth { kFalse, kUnknown };

struct Mutant {
  AssignmentResult result;
  Truth truth = Truth::kFalse;
};

class Mutator {
 public:
  Mutator(const AssignmentProblem& problem, const AssignmentResult& result, uint64_t seed)
      : problem_(problem), random_(seed) {
    mutant_.result = result;
  }

  Mutant Mutate() {
    if (mutant_.result.outcome == Outcome::kInfeasible) {
      MutateConflict();
    } else if (Below(3) == 0) {
      MutateMatches();
    } else if (Below(2) == 0 || mutant_.result.certificate.price_sets.empty()) {
      MutateNumbers();
    } else {
      MutateCertificate();
    }
    return std::move(mutant_);
  }

 private:
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }
  int64_t Step() { return Below(2) == 0 ? 1 : -1; }

  // Every kind changes something, or falls back to one that does.
  void MutateMatches() {
    std::vector<Match>& matches = mutant_.result.matches;
    const size_t kind = Below(5);
    if (kind == 0 && !matches.empty()) {
      matches.erase(matches.begin() + static_cast<int64_t>(Below(matches.size())));
    } else if (kind == 1 && !matches.empty()) {
      matches[Below(matches.size())].score += Step();
    } else if (kind == 2 && matches.size() > 1) {
      std::swap(matches.front(), matches.back());
    } else if (kind == 3 && !matches.empty() && problem_.mentors.size() > 1) {
      int32_t& mentor = matches[Below(matches.size())].mentor;
      mentor = (mentor + 1) % static_cast<int32_t>(problem_.mentors.size());
    } else {
      matches.push_back({static_cast<int32_t>(Below(problem_.needs.size())),
                         static_cast<int32_t>(Below(problem_.mentors.size())),
                         static_cast<int64_t>(Below(3))});
    }
  }

  void MutateNumbers() {
    AssignmentResult& result = mutant_.result;
    const std::vector<std::function<void()>> kinds = {
        [&] { result.needs_served += Step(); },
        [&] { result.filled_slots += Step(); },
        [&] { result.beneficiaries_served += Step(); },
        [&] { result.total_score += Step(); },
        [&] { result.changed_pairs += Step(); },
        [&] { result.has_worst_pair = !result.has_worst_pair; },
        [&] { result.value[Below(result.value.size())].amount += Step(); },
        [&] { result.value.pop_back(); },
        [&] {
          result.outcome =
              result.outcome == Outcome::kStable ? Outcome::kOptimal : Outcome::kStable;
        },
        [&] {
          result.outcome = Outcome::kInfeasible;
          result.conflict.needs = {0};
          result.conflict.demand = 1;
        },
        [&] {
          result.has_worst_pair ? result.worst_pair_score += Step() : result.needs_served += 1;
        },
    };
    kinds[Below(kinds.size())]();
  }

  void MutateCertificate() {
    mutant_.truth = Truth::kUnknown;
    std::vector<PriceSet>& sets = mutant_.result.certificate.price_sets;
    PriceSet& set = sets[Below(sets.size())];
    const size_t kind = Below(6);
    if (kind == 0) {
      sets.clear();
    } else if (kind == 1) {
      set.prices.pop_back();
    } else if (kind == 2) {
      set.nodes[Below(set.nodes.size())] = set.nodes[Below(set.nodes.size())];
    } else {
      const absl::int128 size = absl::int128(1) << static_cast<int>(Below(100));
      set.prices[Below(set.prices.size())] += size * Step();
    }
  }

  void MutateConflict() {
    Conflict& conflict = mutant_.result.conflict;
    switch (Below(5)) {
      case 0:
        conflict.demand += Step();
        return;
      case 1:
        conflict.supply += Step();
        return;
      case 2:
        mutant_.result.outcome = Outcome::kOptimal;
        return;
      case 3:
        // A set that is not the least may still be short.
        mutant_.truth = Truth::kUnknown;
        if (!conflict.needs.empty()) conflict.needs.pop_back();
        return;
      default:
        mutant_.truth = Truth::kUnknown;
        conflict.mentors.push_back(static_cast<int32_t>(Below(problem_.mentors.size())));
        return;
    }
  }

  const AssignmentProblem& problem_;
  std::mt19937_64 random_;
  Mutant mutant_;
};

// Multiplies points, some or all, so that the largest come near the bound: the checker takes other
// numbers to compare with then.
void MakePointsLarge(uint64_t seed, AssignmentProblem* problem) {
  std::mt19937_64 random(seed);
  int64_t largest = std::max<int64_t>(1, problem->change_penalty);
  for (const AssignmentPair& pair : problem->pairs) {
    largest = std::max({largest, pair.score, pair.mentor_score});
  }
  const int64_t factor = std::max<int64_t>(1, (kMaxScore / largest) >> (random() % 40));
  const bool all = random() % 2 == 0;
  for (AssignmentPair& pair : problem->pairs) {
    if (!all && random() % 2 == 0) continue;
    pair.score *= factor;
    if (pair.mentor_score != kSameScore) pair.mentor_score *= factor;
  }
  if (all) problem->change_penalty *= factor;
}

void ExpectFalseResultsRefused(uint64_t first_seed, int64_t count, bool large_points) {
  int64_t refused = 0;
  int64_t still_proofs = 0;
  int64_t no_proofs = 0;
  ForEachSeed(first_seed, count, [&](uint64_t seed) {
    AssignmentProblem problem = RandomProblem(seed);
    if (large_points) MakePointsLarge(seed, &problem);
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
    EXPECT_EQ(Check(problem, result).failure, "") << "TANDEM_TEST_SEED=" << seed;
    for (uint64_t i = 0; i < 4; ++i) {
      const Mutant mutant = Mutator(problem, result, 4 * seed + i).Mutate();
      const CheckResult checked = Check(problem, mutant.result);
      EXPECT_EQ(checked.valid, checked.failure.empty());
      if (mutant.truth == Truth::kFalse) {
        EXPECT_FALSE(checked.valid) << "TANDEM_TEST_SEED=" << seed << " mutant " << i << "\n"
                                    << Describe(problem) << Describe(problem, mutant.result);
        ++refused;
      } else {
        ++(checked.valid ? still_proofs : no_proofs);
      }
    }
  });
  std::cout << refused << " false results refused; of other proofs of true ones " << still_proofs
            << " accepted, " << no_proofs << " refused\n";
  EXPECT_GT(no_proofs, 0);
}

TEST(CheckMutationTest, RefusesEveryResultThatBecameFalse) {
  ExpectFalseResultsRefused(3'000'000, 40'000, /*large_points=*/false);
}

TEST(CheckMutationTest, RefusesThemWhenPointsAreAsLargeAsCanBe) {
  ExpectFalseResultsRefused(3'500'000, 20'000, /*large_points=*/true);
}

}  // namespace
}  // namespace tandem::engine::testing
