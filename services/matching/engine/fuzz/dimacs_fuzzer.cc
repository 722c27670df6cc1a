// Fuzzes the reader of DIMACS problems, and the solver on the small ones that it accepts: reading
// ends with a problem or with an error that names line and column; a flow keeps every bound and
// supply, and its prices prove that none costs less.

#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/dimacs.h"
#include "services/matching/engine/fuzz/expect.h"

namespace tandem::engine::fuzz {
namespace {

constexpr int64_t kMostRows = 10'000;
constexpr int32_t kMostNodes = 24;
constexpr size_t kMostArcs = 48;

void ExpectPlace(const absl::Status& status) {
  static const std::regex& place = *new std::regex("^problem\\.min:[1-9][0-9]*:[1-9][0-9]*: .");
  const std::string message(status.message().substr(0, 60));
  Expect(std::regex_search(message, place), absl::StrCat("a place in: ", status.ToString()));
}

void ExpectFlow(const files::DimacsProblem& problem, const files::DimacsSolution& solution) {
  std::vector<absl::int128> left(problem.supply.begin(), problem.supply.end());
  absl::int128 cost = 0;
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    const files::DimacsArc& arc = problem.arcs[i];
    const int64_t flow = solution.flow[i];
    Expect(flow >= arc.min && flow <= arc.max, "a flow keeps minimum and maximum");
    left[arc.from - 1] -= flow;
    left[arc.to - 1] += flow;
    cost += absl::int128(arc.cost) * flow;
  }
  for (const absl::int128& rest : left) Expect(rest == 0, "every supply is sent");
  Expect(cost == solution.cost, "the cost is that of the flow");
}

void ExpectProof(const files::DimacsProblem& problem, const files::DimacsSolution& solution) {
  const auto price = [&solution](int32_t node, size_t c) {
    return solution.prices[2 * static_cast<size_t>(node - 1) + c];
  };
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    const files::DimacsArc& arc = problem.arcs[i];
    const std::pair<absl::int128, absl::int128> reduced = {
        price(arc.from, 0) - price(arc.to, 0),
        price(arc.from, 1) - price(arc.to, 1) - absl::int128(arc.cost)};
    const std::pair<absl::int128, absl::int128> nothing = {0, 0};
    if (solution.flow[i] < arc.max) Expect(reduced <= nothing, "no unit more would cost less");
    if (solution.flow[i] > arc.min) Expect(reduced >= nothing, "no unit less would cost less");
  }
}

void Try(absl::string_view input) {
  const absl::StatusOr<files::DimacsProblem> problem =
      files::ParseDimacs(input, "problem.min", kMostRows);
  if (!problem.ok()) return ExpectPlace(problem.status());
  if (problem->nodes > kMostNodes || problem->arcs.size() > kMostArcs) return;
  const absl::StatusOr<files::DimacsSolution> solution =
      files::SolveDimacs(*problem, SolveOptions());
  Expect(solution.ok(), absl::StrCat("a valid problem is solved: ", solution.status().ToString()));
  files::DimacsToJson(*problem, *solution);
  if (!solution->feasible) return;
  ExpectFlow(*problem, *solution);
  ExpectProof(*problem, *solution);
}

}  // namespace
}  // namespace tandem::engine::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tandem::engine::fuzz::Try(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
