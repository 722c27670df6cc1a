// Fuzzes the checker itself with results that no reader would let through: the first two bytes of
// an input pick a solved example, every further three change a place of its result by a step. A
// result found valid must be true.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/fuzz/solved_examples.h"

namespace tandem::engine::fuzz {
namespace {

// A change by three bytes: what, which one, by how much.
struct Change {
  uint8_t what;
  uint8_t which;
  int8_t step;
};

template <typename T>
T* Pick(std::vector<T>& things, uint8_t which) {
  return things.empty() ? nullptr : &things[which % things.size()];
}

void ChangeConflict(const Change& change, Conflict* conflict) {
  switch (change.what % 8) {
    case 0:
      conflict->demand += change.step;
      return;
    case 1:
      conflict->supply += change.step;
      return;
    case 2:
      conflict->needs.push_back(change.step);
      return;
    case 3:
      conflict->mentors.push_back(change.step);
      return;
    case 4:
      conflict->quotas.push_back(change.step);
      return;
    case 5:
      conflict->pins.push_back({change.which, change.step});
      return;
    case 6:
      conflict->demand_enters = !conflict->demand_enters;
      return;
    default:
      if (!conflict->needs.empty()) conflict->needs.pop_back();
      if (change.step > 0 && !conflict->mentors.empty()) conflict->mentors.pop_back();
  }
}

void ChangeMatches(const Change& change, std::vector<Match>* matches) {
  Match* match = Pick(*matches, change.which);
  if (match == nullptr || change.what % 4 == 0) {
    matches->push_back({change.which % 5, change.step, change.step});
  } else if (change.what % 4 == 1) {
    match->need += change.step;
  } else if (change.what % 4 == 2) {
    match->mentor += change.step;
  } else {
    matches->erase(matches->begin() + (match - matches->data()));
  }
}

// Without regard to overflow.
void Add(absl::uint128 step, absl::int128* price) {
  *price = absl::int128(absl::uint128(*price) + step);
}

void ChangePrices(const Change& change, Certificate* certificate) {
  PriceSet* set = Pick(certificate->price_sets, change.what / 16);
  if (set == nullptr) return;
  absl::int128* price = Pick(set->prices, change.which);
  NodeRef* node = Pick(set->nodes, change.which);
  switch (change.what % 6) {
    case 0:
      if (node != nullptr) node->index += change.step;
      return;
    case 1:
      if (node != nullptr)
        node->kind = static_cast<NodeKind>(static_cast<uint8_t>(change.step) % 7);
      return;
    case 2:
      if (price != nullptr) set->prices.pop_back();
      return;
    case 3:
      set->purpose = static_cast<PricePurpose>(static_cast<uint8_t>(change.step) % 3);
      return;
    case 4:
      if (price != nullptr)
        Add(absl::uint128(absl::int128(change.step)) << (change.what / 2), price);
      return;
    default:
      if (price != nullptr) Add(absl::uint128(absl::int128(change.step)), price);
  }
}

void ChangeNumbers(const Change& change, AssignmentResult* result) {
  int64_t* const counts[] = {&result->needs_served, &result->filled_slots,
                             &result->beneficiaries_served, &result->worst_pair_score,
                             &result->changed_pairs};
  if (change.which % 8 < 5) {
    *counts[change.which % 8] += change.step;
  } else if (change.which % 8 == 5) {
    result->total_score += change.step;
  } else if (ValueComponent* component = Pick(result->value, change.which / 8)) {
    component->amount += change.step;
  }
}

void Apply(const Change& change, AssignmentResult* result) {
  switch (change.what % 8) {
    case 0:
      result->outcome = static_cast<Outcome>(static_cast<uint8_t>(change.step) % 3);
      return;
    case 1:
      return ChangeNumbers(change, result);
    case 2:
    case 3:
      return ChangeMatches({static_cast<uint8_t>(change.what / 8), change.which, change.step},
                           &result->matches);
    case 4:
      return ChangeConflict({static_cast<uint8_t>(change.what / 8), change.which, change.step},
                            &result->conflict);
    case 5:
      result->certificate.has_next_floor_conflict = change.step > 0;
      return ChangeConflict({static_cast<uint8_t>(change.what / 8), change.which, change.step},
                            &result->certificate.next_floor_conflict);
    default:
      return ChangePrices(change, &result->certificate);
  }
}

}  // namespace
}  // namespace tandem::engine::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace fuzz = tandem::engine::fuzz;
  if (size < 2) return 0;
  const fuzz::SolvedExample& example = fuzz::ExampleNumber(data[0] + 256 * uint64_t{data[1]});
  tandem::engine::AssignmentResult result = example.result;
  for (size_t at = 2; at + 3 <= size; at += 3) {
    fuzz::Apply({data[at], data[at + 1], static_cast<int8_t>(data[at + 2])}, &result);
  }
  fuzz::ExpectCheckedRightly(example, result);
  return 0;
}
