#include "services/matching/engine/assignment/value_space.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/bits.h"
#include "absl/strings/str_cat.h"

namespace tandem::engine {
namespace {

constexpr absl::uint128 kDrawBound = absl::uint128(1) << 40;

int BitWidth(absl::uint128 value) {
  const uint64_t high = absl::Uint128High64(value);
  return high != 0 ? 64 + absl::bit_width(high) : absl::bit_width(absl::Uint128Low64(value));
}

// More than the arcs of any simple path or cycle of the problem's network.
absl::uint128 PathBound(const AssignmentProblem& problem) {
  // Nodes of mentors and requests are as many as pairs at most; a path that uses one of them
  // enters or leaves it by the arc of a need, which it visits once.
  const size_t nodes = 3 * problem.needs.size() + problem.mentors.size() + problem.quotas.size();
  return 2 * nodes + 8;
}

// More than the arcs of any simple path or cycle that count something: each leads from the ground,
// a quota or a beneficiary to a need, so there are at most two at each of those.
absl::uint128 CountBound(const AssignmentProblem& problem) {
  size_t nodes = 1 + problem.quotas.size();
  if (problem.objective == Objective::kCoverage) {
    absl::flat_hash_set<absl::string_view> beneficiaries;
    for (const AssignmentNeed& need : problem.needs) beneficiaries.insert(BeneficiaryOf(need));
    nodes += beneficiaries.size();
  }
  return std::min<absl::uint128>(2 * nodes + 2, PathBound(problem));
}

// More than the pair arcs of any simple path or cycle: at most two at each need.
absl::uint128 PairBound(const AssignmentProblem& problem) { return 2 * problem.needs.size() + 2; }

}  // namespace

ValueSpace::ValueSpace() {
  served_.fill(-1);
  slots_.fill(-1);
  // Two arcs at most of a path carry this component, by one each.
  Add("unreached", 4);
}

int ValueSpace::Add(std::string name, absl::uint128 bound) {
  names_.push_back(std::move(name));
  // One bit for the sign, three because sums are compared with each other and with prices.
  bits_.push_back(BitWidth(bound) + 4);
  return size() - 1;
}

void ValueSpace::AddFilling(const AssignmentProblem& problem, absl::uint128 path) {
  std::array<bool, 10> used = {};
  for (const AssignmentNeed& need : problem.needs) used[need.tier] = true;
  for (int tier = 1; tier <= 9; ++tier) {
    if (!used[tier]) continue;
    served_[tier] = Add(absl::StrCat("served_", tier), path);
    slots_[tier] = Add(absl::StrCat("slots_", tier), path);
  }
}

void ValueSpace::AddTies(const AssignmentProblem& problem) {
  const absl::uint128 pairs = PairBound(problem);
  if (problem.has_previous) kept_ = Add("kept", pairs);
  if (problem.fill == Fill::kOptional) slots_.fill(Add("slots", CountBound(problem)));
  draws_ = Add("draws", kDrawBound * pairs);
  draws2_ = Add("draws2", kDrawBound * pairs);
}

void ValueSpace::PlaceBits() {
  if (head_size_ == 0) head_size_ = size();
  offsets_.resize(bits_.size());
  int offset = 0;
  for (int c = size() - 1; c >= 0; --c) {
    offsets_[c] = offset;
    offset += bits_[c];
  }
}

ValueSpace ValueSpace::ForPlan(const AssignmentProblem& problem) {
  ValueSpace space;
  const absl::uint128 path = CountBound(problem);
  const absl::uint128 pairs = PairBound(problem);
  absl::uint128 score = 1;
  for (const AssignmentPair& pair : problem.pairs) {
    score = std::max(score, absl::uint128(pair.score + problem.change_penalty));
  }
  const bool optional = problem.fill == Fill::kOptional;
  if (problem.objective == Objective::kCoverage) {
    space.beneficiaries_ = space.Add("beneficiaries", path);
  }
  if (!optional) space.AddFilling(problem, path);
  space.points_ = space.Add("points", score * pairs);
  space.head_size_ = space.size();
  space.AddTies(problem);
  space.PlaceBits();
  return space;
}

ValueSpace ValueSpace::ForTies(const AssignmentProblem& problem) {
  ValueSpace space;
  space.AddTies(problem);
  space.PlaceBits();
  return space;
}

ValueSpace ValueSpace::ForFilling(const AssignmentProblem& problem) {
  ValueSpace space;
  space.AddFilling(problem, CountBound(problem));
  space.PlaceBits();
  return space;
}

ValueSpace ValueSpace::ForNumbers(int64_t max_amount, int64_t nodes) {
  ValueSpace space;
  space.points_ = space.Add("points", absl::uint128(max_amount) * (nodes + 2));
  space.PlaceBits();
  return space;
}

int ValueSpace::words() const {
  const int bits = offsets_.empty() ? 0 : offsets_[0] + bits_[0];
  return bits / 64 + 1;
}

}  // namespace tandem::engine
