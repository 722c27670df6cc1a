#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/node_names.h"
#include "services/matching/engine/files/result_json.h"

namespace tandem::engine::files {
namespace {

using base::JsonValue;
using Kind = JsonValue::Kind;

absl::Status Wrong(absl::string_view field, absl::string_view reason) {
  return absl::FailedPreconditionError(absl::StrCat(field, ": ", reason));
}

// The member `name` of `object`, which must be of `kind`.
absl::StatusOr<const JsonValue*> Member(const JsonValue& object, absl::string_view name, Kind kind,
                                        absl::string_view what) {
  const JsonValue* member = object.Find(name);
  if (member == nullptr) return Wrong(name, "missing");
  if (member->kind != kind) return Wrong(name, absl::StrCat("not ", what));
  return member;
}

absl::StatusOr<std::string> Text(const JsonValue& object, absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue* member, Member(object, name, Kind::kString, "a string"));
  return member->text;
}

absl::StatusOr<const std::vector<JsonValue>*> List(const JsonValue& object,
                                                   absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue* member, Member(object, name, Kind::kArray, "a list"));
  return &member->items;
}

absl::StatusOr<int64_t> Count(const JsonValue& object, absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue* member, Member(object, name, Kind::kNumber, "a number"));
  absl::StatusOr<int64_t> count = ParseCount(member->text, int64_t{1} << 58);
  if (!count.ok()) return Wrong(name, count.status().message());
  return count;
}

absl::StatusOr<absl::int128> Integer(const JsonValue& value, absl::string_view name) {
  if (value.kind != Kind::kString) return Wrong(name, "not a string of digits");
  absl::StatusOr<absl::int128> number = ParseInteger(value.text);
  if (!number.ok()) return Wrong(name, number.status().message());
  return number;
}

// A decimal of any size in its canonical form, as micro-points.
absl::StatusOr<absl::int128> Decimal(const std::string& text, absl::string_view name) {
  const size_t point = text.find('.');
  const std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  if (fraction.size() > 6) return Wrong(name, "more than six digits after the point");
  const std::string digits =
      absl::StrCat(text.substr(0, point), fraction, std::string(6 - fraction.size(), '0'));
  const absl::StatusOr<absl::int128> micro = ParseInteger(digits);
  if (!micro.ok() || FormatDecimal(*micro) != text) {
    return Wrong(name, absl::StrCat("\"", text.substr(0, 40), "\" is not a decimal"));
  }
  return *micro;
}

absl::StatusOr<int64_t> Score(const JsonValue& object, absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, Text(object, name));
  TANDEM_ASSIGN_OR_RETURN(const absl::int128 micro, Decimal(text, name));
  if (micro < 0 || micro > kMaxScore) return Wrong(name, "not within 0 to 1000000000");
  return static_cast<int64_t>(micro);
}

class ResultReader {
 public:
  explicit ResultReader(const AssignmentProblem& problem) : problem_(problem) {
    for (size_t i = 0; i < problem.needs.size(); ++i) needs_[problem.needs[i].id] = Index(i);
    for (size_t i = 0; i < problem.mentors.size(); ++i) mentors_[problem.mentors[i].id] = Index(i);
    for (size_t i = 0; i < problem.quotas.size(); ++i) quotas_[problem.quotas[i].id] = Index(i);
  }

  absl::StatusOr<AssignmentResult> Read(const JsonValue& root) {
    if (root.kind != Kind::kObject) return Wrong("result", "not a JSON object");
    TANDEM_RETURN_IF_ERROR(CheckOptions(root));
    TANDEM_RETURN_IF_ERROR(ReadCounts(root));
    TANDEM_RETURN_IF_ERROR(ReadMatches(root));
    TANDEM_RETURN_IF_ERROR(ReadValue(root));
    if (result_.outcome == Outcome::kInfeasible) {
      TANDEM_ASSIGN_OR_RETURN(const JsonValue* conflict,
                              Member(root, "conflict", Kind::kObject, "an object"));
      TANDEM_ASSIGN_OR_RETURN(result_.conflict, ReadConflict(*conflict));
    } else {
      TANDEM_RETURN_IF_ERROR(ReadCertificate(root));
    }
    return std::move(result_);
  }

 private:
  using Ids = absl::flat_hash_map<absl::string_view, int32_t>;

  static int32_t Index(size_t i) { return static_cast<int32_t>(i); }

  static absl::StatusOr<int32_t> Find(const Ids& ids, const std::string& id,
                                      absl::string_view what) {
    const auto found = ids.find(id);
    if (found == ids.end()) return Wrong(what, absl::StrCat("'", id.substr(0, 60), "' is unknown"));
    return found->second;
  }

  static absl::Status Expect(const JsonValue& root, absl::string_view name,
                             const std::string& expected) {
    TANDEM_ASSIGN_OR_RETURN(const std::string text, Text(root, name));
    if (text == expected) return absl::OkStatus();
    return Wrong(
        name, absl::StrCat("\"", text.substr(0, 40), "\", but the problem has \"", expected, "\""));
  }

  absl::Status CheckOptions(const JsonValue& root) {
    TANDEM_RETURN_IF_ERROR(Expect(root, "objective", ObjectiveName(problem_.objective)));
    TANDEM_RETURN_IF_ERROR(Expect(root, "fill", FillName(problem_.fill)));
    TANDEM_RETURN_IF_ERROR(Expect(root, "change_penalty", FormatDecimal(problem_.change_penalty)));
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* seed, Member(root, "seed", Kind::kNumber, "a number"));
    if (seed->text != absl::StrCat(problem_.seed)) {
      return Wrong("seed", absl::StrCat("not ", problem_.seed, ", the seed asked for"));
    }
    TANDEM_ASSIGN_OR_RETURN(const std::string status, Text(root, "status"));
    for (Outcome outcome : {Outcome::kOptimal, Outcome::kStable, Outcome::kInfeasible}) {
      if (StatusName(outcome) != status) continue;
      result_.outcome = outcome;
      return absl::OkStatus();
    }
    return Wrong("status", "unknown");
  }

  absl::Status ReadCounts(const JsonValue& root) {
    TANDEM_ASSIGN_OR_RETURN(result_.needs_served, Count(root, "needs_served"));
    TANDEM_ASSIGN_OR_RETURN(result_.filled_slots, Count(root, "filled_slots"));
    TANDEM_ASSIGN_OR_RETURN(result_.beneficiaries_served, Count(root, "beneficiaries_served"));
    TANDEM_ASSIGN_OR_RETURN(result_.changed_pairs, Count(root, "changed_pairs"));
    TANDEM_ASSIGN_OR_RETURN(const std::string total, Text(root, "total_score"));
    TANDEM_ASSIGN_OR_RETURN(result_.total_score, Decimal(total, "total_score"));
    const JsonValue* worst = root.Find("worst_pair_score");
    if (worst == nullptr) return Wrong("worst_pair_score", "missing");
    result_.has_worst_pair = worst->kind != Kind::kNull;
    if (result_.has_worst_pair) {
      TANDEM_ASSIGN_OR_RETURN(result_.worst_pair_score, Score(root, "worst_pair_score"));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<PairRef> ReadPair(const JsonValue& entry) const {
    TANDEM_ASSIGN_OR_RETURN(const std::string need, Text(entry, "need"));
    TANDEM_ASSIGN_OR_RETURN(const std::string mentor, Text(entry, "mentor"));
    PairRef pair;
    TANDEM_ASSIGN_OR_RETURN(pair.need, Find(needs_, need, "need"));
    TANDEM_ASSIGN_OR_RETURN(pair.mentor, Find(mentors_, mentor, "mentor"));
    return pair;
  }

  absl::Status ReadMatches(const JsonValue& root) {
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* matches, List(root, "matches"));
    for (const JsonValue& entry : *matches) {
      TANDEM_ASSIGN_OR_RETURN(const PairRef pair, ReadPair(entry));
      TANDEM_ASSIGN_OR_RETURN(const int64_t score, Score(entry, "score"));
      result_.matches.push_back({pair.need, pair.mentor, score});
    }
    return absl::OkStatus();
  }

  absl::Status ReadValue(const JsonValue& root) {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* value,
                            Member(root, "value", Kind::kObject, "an object"));
    for (const auto& [name, amount] : value->members) {
      ValueComponent component;
      component.name = name;
      component.unbounded = amount.kind == Kind::kNull;
      if (!component.unbounded) {
        TANDEM_ASSIGN_OR_RETURN(component.amount, Integer(amount, "value"));
      }
      result_.value.push_back(std::move(component));
    }
    return absl::OkStatus();
  }

  static absl::Status ReadIndices(const JsonValue& object, absl::string_view name, const Ids& ids,
                                  std::vector<int32_t>* indices) {
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* list, List(object, name));
    for (const JsonValue& entry : *list) {
      TANDEM_ASSIGN_OR_RETURN(const int32_t index, Find(ids, entry.text, name));
      indices->push_back(index);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Conflict> ReadConflict(const JsonValue& object) const {
    Conflict conflict;
    TANDEM_RETURN_IF_ERROR(ReadIndices(object, "needs", needs_, &conflict.needs));
    TANDEM_RETURN_IF_ERROR(ReadIndices(object, "mentors", mentors_, &conflict.mentors));
    TANDEM_RETURN_IF_ERROR(ReadIndices(object, "quotas", quotas_, &conflict.quotas));
    TANDEM_ASSIGN_OR_RETURN(conflict.demand, Count(object, "demand"));
    TANDEM_ASSIGN_OR_RETURN(conflict.supply, Count(object, "supply"));
    const JsonValue* enters = object.Find("demand_enters");
    if (enters == nullptr || (enters->kind != Kind::kTrue && enters->kind != Kind::kFalse)) {
      return Wrong("demand_enters", "missing, or neither true nor false");
    }
    conflict.demand_enters = enters->kind == Kind::kTrue;
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* names, List(object, "beneficiaries"));
    for (const JsonValue& name : *names) conflict.beneficiaries.push_back(name.text);
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* roles, List(object, "mentor_requests"));
    for (const JsonValue& entry : *roles) {
      TANDEM_ASSIGN_OR_RETURN(const std::string mentor, Text(entry, "mentor"));
      NodeRef node;
      node.kind = NodeKind::kMentorRequest;
      TANDEM_ASSIGN_OR_RETURN(node.index, Find(mentors_, mentor, "mentor"));
      TANDEM_ASSIGN_OR_RETURN(node.name, Text(entry, "request"));
      conflict.mentor_requests.push_back(std::move(node));
    }
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* pins, List(object, "pins"));
    for (const JsonValue& entry : *pins) {
      TANDEM_ASSIGN_OR_RETURN(const PairRef pin, ReadPair(entry));
      conflict.pins.push_back(pin);
    }
    return conflict;
  }

  absl::StatusOr<NodeRef> ReadNode(const JsonValue& entry) const {
    TANDEM_ASSIGN_OR_RETURN(const std::string kind, Text(entry, "kind"));
    NodeRef node;
    if (kind == "ground") return node;
    TANDEM_ASSIGN_OR_RETURN(const std::string id, Text(entry, "id"));
    for (NodeKind candidate :
         {NodeKind::kNeedQuota, NodeKind::kBeneficiary, NodeKind::kNeed, NodeKind::kMentorRequest,
          NodeKind::kMentor, NodeKind::kMentorQuota}) {
      if (KindName(candidate) == kind) node.kind = candidate;
    }
    switch (node.kind) {
      case NodeKind::kGround:
        return Wrong("kind", absl::StrCat("'", kind.substr(0, 40), "' is unknown"));
      case NodeKind::kBeneficiary:
        node.name = id;
        break;
      case NodeKind::kNeed: {
        TANDEM_ASSIGN_OR_RETURN(node.index, Find(needs_, id, "need"));
        break;
      }
      case NodeKind::kNeedQuota:
      case NodeKind::kMentorQuota: {
        TANDEM_ASSIGN_OR_RETURN(node.index, Find(quotas_, id, "quota"));
        break;
      }
      case NodeKind::kMentorRequest: {
        TANDEM_ASSIGN_OR_RETURN(node.name, Text(entry, "request"));
        TANDEM_ASSIGN_OR_RETURN(node.index, Find(mentors_, id, "mentor"));
        break;
      }
      case NodeKind::kMentor: {
        TANDEM_ASSIGN_OR_RETURN(node.index, Find(mentors_, id, "mentor"));
        break;
      }
    }
    return node;
  }

  absl::StatusOr<PriceSet> ReadPriceSet(const JsonValue& object) const {
    PriceSet set;
    TANDEM_ASSIGN_OR_RETURN(const std::string proves, Text(object, "proves"));
    bool known = false;
    for (PricePurpose purpose :
         {PricePurpose::kPlan, PricePurpose::kFilling, PricePurpose::kNextFloor}) {
      if (PurposeName(purpose) != proves) continue;
      set.purpose = purpose;
      known = true;
    }
    if (!known) return Wrong("proves", "unknown");
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* components, List(object, "components"));
    for (const JsonValue& name : *components) set.components.push_back(name.text);
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* prices, List(object, "prices"));
    for (const JsonValue& entry : *prices) {
      TANDEM_ASSIGN_OR_RETURN(NodeRef node, ReadNode(entry));
      set.nodes.push_back(std::move(node));
      TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* price, List(entry, "price"));
      if (price->size() != set.components.size()) {
        return Wrong("price", "not as many numbers as components");
      }
      for (const JsonValue& number : *price) {
        TANDEM_ASSIGN_OR_RETURN(const absl::int128 amount, Integer(number, "price"));
        set.prices.push_back(amount);
      }
    }
    return set;
  }

  absl::Status ReadCertificate(const JsonValue& root) {
    TANDEM_ASSIGN_OR_RETURN(const JsonValue* certificate,
                            Member(root, "certificate", Kind::kObject, "an object"));
    TANDEM_ASSIGN_OR_RETURN(const std::vector<JsonValue>* sets, List(*certificate, "price_sets"));
    for (const JsonValue& entry : *sets) {
      TANDEM_ASSIGN_OR_RETURN(PriceSet set, ReadPriceSet(entry));
      result_.certificate.price_sets.push_back(std::move(set));
    }
    const JsonValue* conflict = certificate->Find("next_floor_conflict");
    if (conflict == nullptr) return absl::OkStatus();
    result_.certificate.has_next_floor_conflict = true;
    TANDEM_ASSIGN_OR_RETURN(result_.certificate.next_floor_conflict, ReadConflict(*conflict));
    return absl::OkStatus();
  }

  const AssignmentProblem& problem_;
  Ids needs_;
  Ids mentors_;
  Ids quotas_;
  AssignmentResult result_;
};

}  // namespace

absl::StatusOr<AssignmentResult> ResultFromJson(const AssignmentProblem& problem,
                                                absl::string_view text,
                                                absl::string_view file_name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue root, base::ParseJson(text, file_name));
  return ResultReader(problem).Read(root);
}

absl::StatusOr<std::vector<PairOfIds>> MatchesOfResult(absl::string_view text,
                                                       absl::string_view file_name) {
  TANDEM_ASSIGN_OR_RETURN(const JsonValue root, base::ParseJson(text, file_name));
  const auto wrong = [&](const JsonValue& at, absl::string_view reason) {
    return base::JsonError(text, file_name, at.offset, reason);
  };
  const JsonValue* matches = root.Find("matches");
  if (matches == nullptr || matches->kind != Kind::kArray) {
    return wrong(matches == nullptr ? root : *matches,
                 "no list called matches; give a RESULT.json that solve-file wrote");
  }
  std::vector<PairOfIds> pairs;
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> seen;
  for (const JsonValue& entry : matches->items) {
    const std::string place = absl::StrCat("entry ", pairs.size() + 1, " of matches");
    const JsonValue* need = entry.Find("need");
    const JsonValue* mentor = entry.Find("mentor");
    for (const JsonValue* id : {need, mentor}) {
      if (id != nullptr && id->kind == Kind::kString) continue;
      return wrong(id == nullptr ? entry : *id, absl::StrCat(place, " lacks need or mentor"));
    }
    if (!seen.emplace(need->text, mentor->text).second) {
      return wrong(entry, absl::StrCat(place, ", need '", need->text, "' and mentor '",
                                       mentor->text, "', stands there twice"));
    }
    pairs.push_back({need->text, mentor->text});
  }
  return pairs;
}

}  // namespace tandem::engine::files
