#include "services/matching/engine/files/dimacs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/flow_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/value_space.h"
#include "services/matching/engine/files/decimal.h"

namespace tandem::engine::files {
namespace {

// Of all supplies and minimums together, so that flows add up in 64 bits.
constexpr int64_t kMaxDimacsTotal = 1'000'000'000'000'000'000;

class Parser {
 public:
  Parser(absl::string_view text, absl::string_view file, int64_t max_rows)
      : text_(text), file_(file), max_rows_(max_rows) {}

  absl::StatusOr<DimacsProblem> Parse() {
    while (NextLine()) {
      absl::string_view kind = NextWord();
      if (kind.empty() || kind[0] == 'c') continue;
      if (kind == "p") {
        TANDEM_RETURN_IF_ERROR(ParseProblemLine());
      } else if (kind == "n") {
        TANDEM_RETURN_IF_ERROR(ParseNodeLine());
      } else if (kind == "a") {
        TANDEM_RETURN_IF_ERROR(ParseArcLine());
      } else {
        return Error("a line starts with none of c, p, n, a");
      }
      if (!NextWord().empty()) return Error("more on the line than belongs there");
    }
    if (!started_) return Error("no line \"p min NODES ARCS\"");
    if (static_cast<int64_t>(problem_.arcs.size()) != announced_arcs_) {
      return Error(
          absl::StrCat(problem_.arcs.size(), " arcs where ", announced_arcs_, " are announced"));
    }
    return std::move(problem_);
  }

 private:
  bool NextLine() {
    if (next_ >= text_.size()) {
      word_at_ = at_ = line_text_.size();
      return false;
    }
    const size_t end = std::min(text_.find('\n', next_), text_.size());
    line_text_ = text_.substr(next_, end - next_);
    if (!line_text_.empty() && line_text_.back() == '\r') line_text_.remove_suffix(1);
    next_ = end + 1;
    at_ = 0;
    ++line_;
    return true;
  }

  // The next word of the line, empty at its end.
  absl::string_view NextWord() {
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    while (at_ < line_text_.size() && is_space(line_text_[at_])) ++at_;
    word_at_ = at_;
    while (at_ < line_text_.size() && !is_space(line_text_[at_])) ++at_;
    return line_text_.substr(word_at_, at_ - word_at_);
  }

  absl::Status Error(absl::string_view reason) const {
    return absl::InvalidArgumentError(
        absl::StrCat(file_, ":", std::max<int64_t>(line_, 1), ":", word_at_ + 1, ": ", reason));
  }

  absl::Status Number(absl::string_view what, int64_t min, int64_t max, int64_t* number) {
    const absl::string_view word = NextWord();
    if (word.empty()) return Error(absl::StrCat(what, " is missing"));
    const absl::StatusOr<absl::int128> value = ParseInteger(word);
    if (!value.ok()) return Error(absl::StrCat(what, ": ", value.status().message()));
    if (*value < min || *value > max) {
      return Error(absl::StrCat(what, " is not within ", min, " to ", max));
    }
    *number = static_cast<int64_t>(*value);
    return absl::OkStatus();
  }

  absl::Status ParseProblemLine() {
    if (started_) return Error("a second line p");
    if (NextWord() != "min") return Error("not a minimum-cost-flow problem (p min)");
    int64_t nodes = 0;
    TANDEM_RETURN_IF_ERROR(Number("the number of nodes", 0, kMaxDimacsNumber, &nodes));
    TANDEM_RETURN_IF_ERROR(Number("the number of arcs", 0, kMaxDimacsNumber, &announced_arcs_));
    if (nodes > max_rows_ || announced_arcs_ > max_rows_) {
      return absl::ResourceExhaustedError(absl::StrCat(file_, ":", line_, ":", word_at_ + 1,
                                                       ": more than ", max_rows_,
                                                       " nodes or arcs, the limit"));
    }
    started_ = true;
    problem_.nodes = static_cast<int32_t>(nodes);
    problem_.supply.assign(static_cast<size_t>(nodes), 0);
    supplied_.assign(static_cast<size_t>(nodes), false);
    return absl::OkStatus();
  }

  absl::Status ParseNodeLine() {
    if (!started_) return Error("a node before the line p");
    int64_t node = 0;
    TANDEM_RETURN_IF_ERROR(Number("the node", 1, problem_.nodes, &node));
    if (supplied_[node - 1]) return Error(absl::StrCat("node ", node, " stands twice"));
    supplied_[node - 1] = true;
    int64_t& supply = problem_.supply[node - 1];
    TANDEM_RETURN_IF_ERROR(Number("the supply", -kMaxDimacsNumber, kMaxDimacsNumber, &supply));
    return AddToTotal(supply < 0 ? -supply : supply);
  }

  // Of what was read last.
  absl::Status AddToTotal(int64_t amount) {
    total_ += amount;  // Cannot overflow: it grows by less than there is room beyond the limit.
    if (total_ <= kMaxDimacsTotal) return absl::OkStatus();
    return Error(
        absl::StrCat("supplies and minimums are more than ", kMaxDimacsTotal, " together"));
  }

  absl::Status ParseArcLine() {
    if (!started_) return Error("an arc before the line p");
    if (static_cast<int64_t>(problem_.arcs.size()) == announced_arcs_) {
      return Error(absl::StrCat("more arcs than the ", announced_arcs_, " announced"));
    }
    DimacsArc arc;
    int64_t from = 0;
    int64_t to = 0;
    TANDEM_RETURN_IF_ERROR(Number("the tail", 1, problem_.nodes, &from));
    TANDEM_RETURN_IF_ERROR(Number("the head", 1, problem_.nodes, &to));
    TANDEM_RETURN_IF_ERROR(Number("the minimum", 0, kMaxDimacsNumber, &arc.min));
    TANDEM_RETURN_IF_ERROR(AddToTotal(arc.min));
    TANDEM_RETURN_IF_ERROR(Number("the maximum", 0, kMaxDimacsNumber, &arc.max));
    if (arc.min > arc.max) return Error("the minimum is more than the maximum");
    TANDEM_RETURN_IF_ERROR(Number("the cost", -kMaxDimacsNumber, kMaxDimacsNumber, &arc.cost));
    arc.from = static_cast<int32_t>(from);
    arc.to = static_cast<int32_t>(to);
    problem_.arcs.push_back(arc);
    return absl::OkStatus();
  }

  const absl::string_view text_;
  const absl::string_view file_;
  const int64_t max_rows_;
  absl::string_view line_text_;
  size_t next_ = 0;
  size_t at_ = 0;
  size_t word_at_ = 0;
  int64_t line_ = 0;
  bool started_ = false;
  int64_t announced_arcs_ = 0;
  int64_t total_ = 0;  // Of supplies, without their signs, and minimums.
  std::vector<bool> supplied_;
  DimacsProblem problem_;
};

// The arcs of the problem and then those that bring supplies from the ground, node 0. `pair` holds
// the number of the problem's arc, -1 for the others. Loops are left out: they are no use to a
// spanning tree, and are filled or not by the sign of their cost.
std::vector<NetworkArc> Circulation(const DimacsProblem& problem) {
  std::vector<NetworkArc> arcs;
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    const DimacsArc& from = problem.arcs[i];
    if (from.from == from.to) continue;
    NetworkArc arc;
    arc.tail = from.from;
    arc.head = from.to;
    arc.lower = from.min;
    arc.upper = from.max;
    arc.kind = ArcKind::kPair;
    arc.pair = static_cast<int32_t>(i);
    arcs.push_back(arc);
  }
  for (int32_t node = 1; node <= problem.nodes; ++node) {
    const int64_t supply = problem.supply[node - 1];
    if (supply == 0) continue;
    NetworkArc arc;
    arc.tail = supply > 0 ? 0 : node;
    arc.head = supply > 0 ? node : 0;
    arc.lower = arc.upper = supply > 0 ? supply : -supply;
    arcs.push_back(arc);
  }
  return arcs;
}

DimacsConflict ConflictOf(const FlowCut& cut) {
  DimacsConflict conflict;
  for (size_t v = 1; v < cut.inside.size(); ++v) {
    if (cut.inside[v]) conflict.nodes.push_back(static_cast<int32_t>(v));
  }
  conflict.demand_enters = cut.demand_enters;
  conflict.demand = cut.demand;
  conflict.supply = cut.supply;
  return conflict;
}

std::string ConflictToJson(const DimacsConflict& conflict) {
  return absl::StrCat("{\"nodes\": [", absl::StrJoin(conflict.nodes, ", "),
                      "], \"demand_enters\": ", conflict.demand_enters ? "true" : "false",
                      ", \"demand\": \"", conflict.demand, "\", \"supply\": \"", conflict.supply,
                      "\"}");
}

}  // namespace

absl::StatusOr<DimacsProblem> ParseDimacs(absl::string_view text, absl::string_view file_name,
                                          int64_t max_rows) {
  return Parser(text, file_name, max_rows).Parse();
}

absl::StatusOr<DimacsSolution> SolveDimacs(const DimacsProblem& problem,
                                           const SolveOptions& options) {
  int64_t largest = 1;
  for (const DimacsArc& arc : problem.arcs) largest = std::max({largest, arc.cost, -arc.cost});
  const std::vector<NetworkArc> arcs = Circulation(problem);
  const ValueSpace space = ValueSpace::ForNumbers(largest, problem.nodes + 1);
  const ArcValueFn value = [&](const NetworkArc& arc, std::vector<ValuePart>* parts) {
    parts->clear();
    if (arc.pair >= 0) parts->push_back({space.points(), -problem.arcs[arc.pair].cost});
  };
  TANDEM_ASSIGN_OR_RETURN(FlowSolution flow,
                          SolveFlow(problem.nodes + 1, arcs, space, value, FlowStart(), options));
  DimacsSolution solution;
  solution.feasible = flow.feasible;
  if (!flow.feasible) {
    TANDEM_ASSIGN_OR_RETURN(const FlowCut cut, FindLeastCut(problem.nodes + 1, arcs, options));
    solution.conflict = ConflictOf(cut);
    return solution;
  }
  for (const DimacsArc& arc : problem.arcs) {
    solution.flow.push_back(arc.cost < 0 ? arc.max : arc.min);
  }
  for (size_t i = 0; i < arcs.size(); ++i) {
    if (arcs[i].pair >= 0) solution.flow[arcs[i].pair] = flow.flow[i];
  }
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    solution.cost += absl::int128(problem.arcs[i].cost) * solution.flow[i];
  }
  solution.prices.assign(flow.prices.begin() + space.size(), flow.prices.end());
  return solution;
}

std::string DimacsToJson(const DimacsProblem& problem, const DimacsSolution& solution) {
  std::string out =
      absl::StrCat("{\n  \"status\": \"", solution.feasible ? "OPTIMAL" : "INFEASIBLE", "\"");
  if (!solution.feasible) {
    return absl::StrCat(out, ",\n  \"conflict\": ", ConflictToJson(solution.conflict), "\n}\n");
  }
  absl::StrAppend(&out, ",\n  \"cost\": \"", FormatInteger(solution.cost), "\",\n  \"arcs\": [");
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "\n" : ",\n", "    {\"from\": ", problem.arcs[i].from,
                    ", \"to\": ", problem.arcs[i].to, ", \"flow\": ", solution.flow[i], "}");
  }
  out += "\n  ],\n  \"certificate\": {\"components\": [\"unreached\", \"gain\"], \"prices\": [";
  for (size_t v = 0; 2 * v < solution.prices.size(); ++v) {
    absl::StrAppend(&out, v == 0 ? "\n" : ",\n", "    [\"", FormatInteger(solution.prices[2 * v]),
                    "\", \"", FormatInteger(solution.prices[2 * v + 1]), "\"]");
  }
  return out + "\n  ]}\n}\n";
}

}  // namespace tandem::engine::files
