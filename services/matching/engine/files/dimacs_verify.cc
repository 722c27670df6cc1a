#include "services/matching/engine/files/dimacs_verify.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "services/matching/engine/files/decimal.h"

namespace tandem::engine::files {
namespace {

using base::JsonValue;
using Kind = JsonValue::Kind;

// A condition that fails is a status here, and a text at the end.
absl::Status Fails(absl::string_view where, absl::string_view condition) {
  return absl::FailedPreconditionError(absl::StrCat(where, ": ", condition));
}

std::string Place(absl::string_view list, size_t index) {
  return absl::StrCat(list, "[", index, "]");
}

absl::StatusOr<const JsonValue*> Member(const JsonValue& object, absl::string_view name,
                                        Kind kind) {
  const JsonValue* member = object.Find(name);
  if (member == nullptr) return Fails(name, "missing");
  if (member->kind != kind) return Fails(name, "of the wrong kind");
  return member;
}

// At most 36 digits, so that the sum of a few cannot overflow.
absl::StatusOr<absl::int128> Integer(const JsonValue& value, Kind kind, absl::string_view where) {
  if (value.kind != kind) return Fails(where, "of the wrong kind");
  const absl::StatusOr<absl::int128> number = ParseInteger(value.text);
  if (!number.ok()) return Fails(where, number.status().message());
  return *number;
}

absl::StatusOr<absl::int128> IntegerMember(const JsonValue& object, absl::string_view name,
                                           Kind kind) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue* member, Member(object, name, kind));
  return Integer(*member, kind, name);
}

class Verifier {
 public:
  Verifier(const DimacsProblem& problem, const JsonValue& result)
      : problem_(problem), result_(result) {}

  absl::Status Verify() {
    if (result_.kind != Kind::kObject) return Fails("result", "not a JSON object");
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* status, Member(result_, "status", Kind::kString));
    if (status->text == "INFEASIBLE") return VerifyConflict();
    if (status->text != "OPTIMAL") return Fails("status", "neither OPTIMAL nor INFEASIBLE");
    TANDEM_RETURN_IF_ERROR(VerifyFlow());
    TANDEM_RETURN_IF_ERROR(ReadPrices());
    return VerifyPrices();
  }

 private:
  absl::Status VerifyFlow() {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* arcs, Member(result_, "arcs", Kind::kArray));
    if (arcs->items.size() != problem_.arcs.size()) {
      return Fails("arcs", absl::StrCat(arcs->items.size(), " where the problem has ",
                                        problem_.arcs.size()));
    }
    std::vector<absl::int128> left(problem_.supply.begin(), problem_.supply.end());
    absl::int128 cost = 0;
    for (size_t i = 0; i < problem_.arcs.size(); ++i) {
      const DimacsArc& arc = problem_.arcs[i];
      TANDEM_ASSIGN_OR_RETURN(const absl::int128 flow, FlowOf(arcs->items[i], i));
      left[arc.from - 1] -= flow;
      left[arc.to - 1] += flow;
      cost += arc.cost * flow;
      flow_.push_back(flow);
    }
    for (size_t v = 0; v < left.size(); ++v) {
      if (left[v] != 0) return Fails(absl::StrCat("node ", v + 1), "does not balance");
    }
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 stated,
                            IntegerMember(result_, "cost", Kind::kString));
    if (stated == cost) return absl::OkStatus();
    return Fails("cost", absl::StrCat("the flow costs ", FormatInteger(cost)));
  }

  absl::StatusOr<absl::int128> FlowOf(const JsonValue& item, size_t i) const {
    const DimacsArc& arc = problem_.arcs[i];
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 from, IntegerMember(item, "from", Kind::kNumber));
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 to, IntegerMember(item, "to", Kind::kNumber));
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 flow, IntegerMember(item, "flow", Kind::kNumber));
    if (from != arc.from || to != arc.to) return Fails(Place("arcs", i), "another arc");
    if (flow < arc.min || flow > arc.max) {
      return Fails(Place("arcs", i), absl::StrCat("flow is not within ", arc.min, " to ", arc.max));
    }
    return flow;
  }

  absl::Status ReadPrices() {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* certificate,
                            Member(result_, "certificate", Kind::kObject));
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* prices, Member(*certificate, "prices", Kind::kArray));
    if (prices->items.size() != static_cast<size_t>(problem_.nodes)) {
      return Fails("prices", "not one for each node");
    }
    for (size_t v = 0; v < prices->items.size(); ++v) {
      const std::string where = Place("prices", v);
      const std::vector<JsonValue>& parts = prices->items[v].items;
      if (parts.size() != 2) return Fails(where, "not two numbers");
      TANDEM_ASSIGN_OR_RETURN(const absl::int128 first, Integer(parts[0], Kind::kString, where));
      TANDEM_ASSIGN_OR_RETURN(const absl::int128 second, Integer(parts[1], Kind::kString, where));
      prices_.emplace_back(first, second);
    }
    return absl::OkStatus();
  }

  absl::Status VerifyPrices() const {
    const std::pair<absl::int128, absl::int128> nothing = {0, 0};
    for (size_t i = 0; i < problem_.arcs.size(); ++i) {
      const DimacsArc& arc = problem_.arcs[i];
      const auto& [from_first, from_second] = prices_[arc.from - 1];
      const auto& [to_first, to_second] = prices_[arc.to - 1];
      const std::pair<absl::int128, absl::int128> gain = {from_first - to_first,
                                                          from_second - to_second - arc.cost};
      if (flow_[i] < arc.max && gain > nothing) {
        return Fails(Place("arcs", i), "has room, but by the prices more flow would cost less");
      }
      if (flow_[i] > arc.min && gain < nothing) {
        return Fails(Place("arcs", i), "by the prices less flow would cost less");
      }
    }
    return absl::OkStatus();
  }

  absl::Status VerifyConflict() {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* conflict, Member(result_, "conflict", Kind::kObject));
    TANDEM_ASSIGN_OR_RETURN(const std::vector<bool> inside, NodesOf(*conflict));
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 demand,
                            IntegerMember(*conflict, "demand", Kind::kString));
    TANDEM_ASSIGN_OR_RETURN(const absl::int128 supply,
                            IntegerMember(*conflict, "supply", Kind::kString));
    const JsonValue* enters = conflict->Find("demand_enters");
    if (enters == nullptr || (enters->kind != Kind::kTrue && enters->kind != Kind::kFalse)) {
      return Fails("demand_enters", "neither true nor false");
    }
    const bool demand_enters = enters->kind == Kind::kTrue;
    absl::int128 most = 0;   // What the arcs of the other way can carry.
    absl::int128 least = 0;  // What the arcs of the demand's way must carry.
    const auto cross = [&](bool comes_in, int64_t min, int64_t max) {
      if (comes_in == demand_enters) {
        least += min;
      } else {
        most += max;
      }
    };
    for (const DimacsArc& arc : problem_.arcs) {
      if (inside[arc.from - 1] != inside[arc.to - 1]) cross(inside[arc.to - 1], arc.min, arc.max);
    }
    for (size_t v = 0; v < inside.size(); ++v) {
      const int64_t amount = problem_.supply[v];
      if (inside[v] && amount != 0) {
        cross(amount > 0, amount > 0 ? amount : -amount, amount > 0 ? amount : -amount);
      }
    }
    if (least != demand) return Fails("demand", absl::StrCat("it is ", FormatInteger(least)));
    if (most != supply) return Fails("supply", absl::StrCat("it is ", FormatInteger(most)));
    if (demand > supply) return absl::OkStatus();
    return Fails("conflict", "the demand is not more than the supply");
  }

  absl::StatusOr<std::vector<bool>> NodesOf(const JsonValue& conflict) const {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* nodes, Member(conflict, "nodes", Kind::kArray));
    std::vector<bool> inside(static_cast<size_t>(problem_.nodes), false);
    for (size_t i = 0; i < nodes->items.size(); ++i) {
      const std::string where = Place("nodes", i);
      TANDEM_ASSIGN_OR_RETURN(const absl::int128 node,
                              Integer(nodes->items[i], Kind::kNumber, where));
      if (node < 1 || node > problem_.nodes) return Fails(where, "no node of the problem");
      const size_t index = static_cast<size_t>(node) - 1;
      if (inside[index]) return Fails(where, "stands twice");
      inside[index] = true;
    }
    return inside;
  }

  const DimacsProblem& problem_;
  const JsonValue& result_;
  std::vector<absl::int128> flow_;  // Per arc.
  std::vector<std::pair<absl::int128, absl::int128>> prices_;
};

}  // namespace

absl::StatusOr<std::string> VerifyDimacs(const DimacsProblem& problem, absl::string_view text,
                                         absl::string_view file_name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue result, base::ParseJson(text, file_name));
  const absl::Status verified = Verifier(problem, result).Verify();
  return std::string(verified.message());
}

}  // namespace tandem::engine::files
