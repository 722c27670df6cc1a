// Reads minimum-cost-flow problems in DIMACS format ("p min", First DIMACS Challenge, 1990) and
// solves them with the engine's general solver, so that published instances can be compared.
//
// Lines: "c COMMENT"; "p min NODES ARCS"; "n NODE SUPPLY" (negative: demand; at most once per
// node); "a FROM TO MINIMUM MAXIMUM COST". Nodes count from 1. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine::files {

// Of a supply, a maximum, or the size of a cost: sums over 10^7 arcs then fit in 128 bits.
constexpr int64_t kMaxDimacsNumber = 1'000'000'000'000;

struct DimacsArc {
  int32_t from = 0;
  int32_t to = 0;
  int64_t min = 0;
  int64_t max = 0;
  int64_t cost = 0;
};

struct DimacsProblem {
  int32_t nodes = 0;
  std::vector<int64_t> supply;  // supply[v - 1] of node v.
  std::vector<DimacsArc> arcs;
};

// INVALID_ARGUMENT "FILE:LINE:COLUMN: reason"; RESOURCE_EXHAUSTED for more than `max_rows` nodes or
// arcs.
absl::StatusOr<DimacsProblem> ParseDimacs(absl::string_view text, absl::string_view file_name,
                                          int64_t max_rows);

// Nodes whose arcs one way must carry more than those the other way can; supplies count as arcs
// that come in (negative: that leave) and must be filled.
struct DimacsConflict {
  std::vector<int32_t> nodes;  // In order, from 1.
  bool demand_enters = true;   // The minimums come in, the maximums leave; false: the other way.
  int64_t demand = 0;          // Sum of the minimums.
  int64_t supply = 0;          // Sum of the maximums.
};

struct DimacsSolution {
  bool feasible = false;
  absl::int128 cost = 0;
  std::vector<int64_t> flow;  // Per arc.
  // Per node, two numbers: how it hangs together with the rest (0 or -1), and its price. On an arc
  // with room -cost + price(from) - price(to) <= 0, on one above its minimum >= 0, compared as
  // pairs of numbers.
  std::vector<absl::int128> prices;
  DimacsConflict conflict;  // If not feasible.
};

// A flow of least cost that sends every supply and keeps every minimum and maximum. CANCELLED.
absl::StatusOr<DimacsSolution> SolveDimacs(const DimacsProblem& problem,
                                           const SolveOptions& options);

// RESULT.json of such a problem: `status`, `cost`, `arcs` with their flow, `certificate`; if it is
// not feasible, `conflict` with `nodes`, `demand_enters`, `demand` and `supply` instead.
std::string DimacsToJson(const DimacsProblem& problem, const DimacsSolution& solution);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_H_
