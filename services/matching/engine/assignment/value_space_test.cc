#include "services/matching/engine/assignment/value_space.h"

#include <cstdint>
#include <iostream>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

// As large as a problem may be: every tier, coverage, a previous plan, the highest scores. Only the
// counts matter to a value space, so most needs are left out of memory.
AssignmentProblem LargestProblem(size_t needs) {
  AssignmentProblem problem;
  problem.objective = Objective::kCoverage;
  problem.has_previous = true;
  problem.change_penalty = kMaxScore;
  problem.needs.resize(needs);
  for (size_t i = 0; i < needs; ++i) problem.needs[i].tier = 1 + static_cast<int>(i % 9);
  problem.mentors.resize(needs);
  problem.pairs.push_back({0, 0, kMaxScore});
  return problem;
}

TEST(ValueSpaceTest, TheLargestProblemFitsTheWidestNumber) {
  // A need, a mentor and a quota cost under 100 bytes here only while they have no ids; 10^6 of
  // each stand for 10^7 with four bits more in each of 23 components.
  const ValueSpace space = ValueSpace::ForPlan(LargestProblem(1'000'000));
  EXPECT_LE(space.words() * 64 + 4 * space.size(), 16 * 64);
}

TEST(ValueSpaceTest, ComponentsComeLeftToRight) {
  AssignmentProblem problem;
  problem.needs.resize(2);
  problem.needs[1].tier = 3;
  EXPECT_EQ(ValueSpace::ForPlan(problem).names(),
            (std::vector<std::string>{"unreached", "served_1", "slots_1", "served_3", "slots_3",
                                      "points", "draws", "draws2"}));
  problem.fill = Fill::kOptional;
  problem.has_previous = true;
  EXPECT_EQ(ValueSpace::ForPlan(problem).names(),
            (std::vector<std::string>{"unreached", "points", "kept", "slots", "draws", "draws2"}));
  problem = AssignmentProblem();
  problem.needs.resize(1);
  problem.objective = Objective::kCoverage;
  EXPECT_EQ(ValueSpace::ForPlan(problem).names(),
            (std::vector<std::string>{"unreached", "beneficiaries", "served_1", "slots_1", "points",
                                      "draws", "draws2"}));
}

// The sign of a vector: that of its first part that is not 0.
int SignOf(const std::vector<absl::int128>& vector) {
  for (const absl::int128& part : vector) {
    if (part != 0) return part > 0 ? 1 : -1;
  }
  return 0;
}

TEST(ValueSpaceTest, PackingKeepsOrderAndComesBackAtTheEdgeOfTheBounds) {
  const uint32_t seed = 11;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937_64 random(seed);
  const ValueSpace space = ValueSpace::ForPlan(LargestProblem(1000));
  ASSERT_LE(space.words(), 16);
  // Sums of as many units as a path can have pair arcs, each as large as an arc can be.
  // Of what counts needs and slots it can have two at the ground (the problem has no quotas).
  constexpr int kUnits = 2000;
  constexpr int kCounts = 2;
  for (int round = 0; round < 2000; ++round) {
    std::vector<ValuePart> parts;
    std::vector<ValuePart> counts;
    std::vector<absl::int128> vector(space.size(), 0);
    for (int c = 1; c < space.size(); ++c) {
      const int64_t largest = c == space.points()                         ? 2 * kMaxScore
                              : c == space.draws() || c == space.draws2() ? (int64_t{1} << 40) - 1
                                                                          : 1;
      const int64_t choice = static_cast<int64_t>(random() % 3) - 1;
      const bool is_count = c < space.points();
      (is_count ? counts : parts).push_back({c, choice * largest});
      vector[c] = absl::int128(choice * largest) * (is_count ? kCounts : kUnits);
    }
    const WideInt<16> unit = space.Pack<16>(parts);
    WideInt<16> sum;
    for (int i = 0; i < kCounts; ++i) sum += space.Pack<16>(counts);
    for (int i = 0; i < kUnits; ++i) sum += unit;
    std::vector<absl::int128> unpacked;
    space.Unpack<16>(sum, &unpacked);
    EXPECT_EQ(unpacked, vector);
    EXPECT_EQ(sum.IsPositive() ? 1 : sum.IsNegative() ? -1 : 0, SignOf(vector));
  }
}

TEST(WideIntTest, SumsAgreeWith128Bits) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 1000; ++round) {
    WideInt<2> a;
    WideInt<2> b;
    for (int i = 0; i < 2; ++i) {
      a.words[i] = random();
      b.words[i] = random() % 3 == 0 ? ~uint64_t{0} : random();
    }
    const auto plain = [](const WideInt<2>& x) {
      return static_cast<Uint128>(x.words[1]) << 64 | x.words[0];
    };
    EXPECT_TRUE(plain(a + b) == plain(a) + plain(b));
    EXPECT_TRUE(plain(a - b) == plain(a) - plain(b));
    EXPECT_TRUE(plain(-a) == Uint128{0} - plain(a));
    EXPECT_TRUE((a - a).IsZero());
  }
}

}  // namespace
}  // namespace tandem::engine
