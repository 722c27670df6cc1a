#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/node_names.h"
#include "services/matching/engine/files/result_json.h"

namespace tandem::engine::files {
namespace {

// Builds the text: each top-level field on a line, each entry of its lists on a line.
class Writer {
 public:
  Writer(const AssignmentProblem& problem, const AssignmentResult& result)
      : problem_(problem), result_(result) {}

  std::string Write() {
    out_ = "{";
    Field("status");
    String(StatusName(result_.outcome));
    Field("objective");
    String(ObjectiveName(problem_.objective));
    Field("fill");
    String(FillName(problem_.fill));
    Field("seed");
    absl::StrAppend(&out_, problem_.seed);
    Number("needs_served", result_.needs_served);
    Number("filled_slots", result_.filled_slots);
    Number("beneficiaries_served", result_.beneficiaries_served);
    Field("total_score");
    String(FormatDecimal(result_.total_score));
    Field("worst_pair_score");
    if (result_.has_worst_pair) {
      String(FormatDecimal(result_.worst_pair_score));
    } else {
      out_ += "null";
    }
    Field("change_penalty");
    String(FormatDecimal(problem_.change_penalty));
    Number("changed_pairs", result_.changed_pairs);
    Matches();
    Value();
    if (result_.outcome == Outcome::kInfeasible) {
      Field("conflict");
      WriteConflict(result_.conflict);
    } else {
      WriteCertificate();
    }
    out_ += "\n}\n";
    return std::move(out_);
  }

 private:
  void Field(absl::string_view name) {
    out_ += out_.size() > 1 ? ",\n  " : "\n  ";
    String(name);
    out_ += ": ";
  }
  void String(absl::string_view text) { base::AppendJsonString(text, &out_); }
  void Number(absl::string_view name, int64_t number) {
    Field(name);
    absl::StrAppend(&out_, number);
  }

  // A member within an object that was opened by '{'.
  void Member(absl::string_view name) {
    if (out_.back() != '{') out_ += ", ";
    String(name);
    out_ += ": ";
  }
  // The start of an entry in a list that was opened by '['.
  void Entry(absl::string_view indent) {
    if (out_.back() != '[') out_ += ",";
    absl::StrAppend(&out_, "\n", indent);
  }

  void Matches() {
    Field("matches");
    out_ += "[";
    for (const Match& match : result_.matches) {
      Entry("    ");
      out_ += "{";
      Member("need");
      String(problem_.needs[match.need].id);
      Member("mentor");
      String(problem_.mentors[match.mentor].id);
      Member("score");
      String(FormatDecimal(match.score));
      out_ += "}";
    }
    out_ += result_.matches.empty() ? "]" : "\n  ]";
  }

  void Value() {
    Field("value");
    out_ += "{";
    for (const ValueComponent& component : result_.value) {
      Member(component.name);
      if (component.unbounded) {
        out_ += "null";
      } else {
        String(FormatInteger(component.amount));
      }
    }
    out_ += "}";
  }

  template <typename T, typename NameOf>
  void Names(absl::string_view field, const std::vector<T>& list, const NameOf& name_of) {
    Member(field);
    out_ += "[";
    for (const T& entry : list) {
      if (out_.back() != '[') out_ += ", ";
      String(name_of(entry));
    }
    out_ += "]";
  }

  void WriteConflict(const Conflict& conflict) {
    out_ += "{";
    Names("needs", conflict.needs, [this](int32_t i) { return problem_.needs[i].id; });
    Names("mentors", conflict.mentors, [this](int32_t i) { return problem_.mentors[i].id; });
    Names("quotas", conflict.quotas, [this](int32_t i) { return problem_.quotas[i].id; });
    Member("demand");
    absl::StrAppend(&out_, conflict.demand);
    Member("supply");
    absl::StrAppend(&out_, conflict.supply);
    Member("demand_enters");
    out_ += conflict.demand_enters ? "true" : "false";
    Names("beneficiaries", conflict.beneficiaries, [](const std::string& name) { return name; });
    Member("mentor_requests");
    out_ += "[";
    for (const NodeRef& node : conflict.mentor_requests) {
      if (out_.back() != '[') out_ += ", ";
      out_ += "{";
      Member("mentor");
      String(problem_.mentors[node.index].id);
      Member("request");
      String(node.name);
      out_ += "}";
    }
    out_ += "]";
    Member("pins");
    out_ += "[";
    for (const PairRef& pin : conflict.pins) {
      if (out_.back() != '[') out_ += ", ";
      out_ += "{";
      Member("need");
      String(problem_.needs[pin.need].id);
      Member("mentor");
      String(problem_.mentors[pin.mentor].id);
      out_ += "}";
    }
    out_ += "]}";
  }

  void WriteNode(const NodeRef& node) {
    Member("kind");
    String(KindName(node.kind));
    switch (node.kind) {
      case NodeKind::kGround:
        return;
      case NodeKind::kBeneficiary:
        Member("id");
        return String(node.name);
      case NodeKind::kMentorRequest:
        Member("id");
        String(problem_.mentors[node.index].id);
        Member("request");
        return String(node.name);
      case NodeKind::kNeed:
        Member("id");
        return String(problem_.needs[node.index].id);
      case NodeKind::kMentor:
        Member("id");
        return String(problem_.mentors[node.index].id);
      case NodeKind::kNeedQuota:
      case NodeKind::kMentorQuota:
        Member("id");
        return String(problem_.quotas[node.index].id);
    }
  }

  void WritePriceSet(const PriceSet& set) {
    out_ += "{";
    Member("proves");
    String(PurposeName(set.purpose));
    Names("components", set.components, [](const std::string& name) { return name; });
    Member("prices");
    out_ += "[";
    for (size_t i = 0; i < set.nodes.size(); ++i) {
      Entry("      ");
      out_ += "{";
      WriteNode(set.nodes[i]);
      Member("price");
      out_ += "[";
      for (size_t c = 0; c < set.components.size(); ++c) {
        if (c > 0) out_ += ", ";
        String(FormatInteger(set.prices[i * set.components.size() + c]));
      }
      out_ += "]}";
    }
    out_ += "]}";
  }

  void WriteCertificate() {
    Field("certificate");
    out_ += "{";
    Member("price_sets");
    out_ += "[";
    for (const PriceSet& set : result_.certificate.price_sets) {
      Entry("    ");
      WritePriceSet(set);
    }
    out_ += "]";
    if (result_.certificate.has_next_floor_conflict) {
      Member("next_floor_conflict");
      WriteConflict(result_.certificate.next_floor_conflict);
    }
    out_ += "}";
  }

  const AssignmentProblem& problem_;
  const AssignmentResult& result_;
  std::string out_;
};

}  // namespace

std::string ResultToJson(const AssignmentProblem& problem, const AssignmentResult& result) {
  return Writer(problem, result).Write();
}

}  // namespace tandem::engine::files
