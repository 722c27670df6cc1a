#include "services/matching/engine/assignment/check/prices.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tandem::engine::check {
namespace {

// Prices beyond these are refused, so that no sum below overflows 128 bits. True ones are smaller:
// at most 2 x 10^7 pairs of at most 2 x 10^15 micro-points along a path are less than 2^76; counts
// along a path are less than 2^40.
const absl::int128 kLargestPrice = absl::int128(1) << 76;
const absl::int128 kLargestCountPrice = absl::int128(1) << 40;

void AddTiers(const AssignmentProblem& problem, std::vector<std::string>* components) {
  for (int tier = 1; tier <= 9; ++tier) {
    const bool used = std::any_of(problem.needs.begin(), problem.needs.end(),
                                  [tier](const AssignmentNeed& n) { return n.tier == tier; });
    if (!used) continue;
    components->push_back(absl::StrCat("served_", tier));
    components->push_back(absl::StrCat("slots_", tier));
  }
}

// A component as the arcs' fields know it, found once instead of by name for every arc.
struct Component {
  enum class Kind {
    kUnreached,
    kBeneficiaries,
    kServed,
    kSlots,
    kAllSlots,
    kPoints,
    kKept,
    kDraws
  };
  Kind kind = Kind::kUnreached;
  int detail = 0;  // The tier, or which draw.
};

Component ComponentNamed(absl::string_view name) {
  using Kind = Component::Kind;
  if (name == "beneficiaries") return {Kind::kBeneficiaries, 0};
  if (name == "slots") return {Kind::kAllSlots, 0};
  if (name == "points") return {Kind::kPoints, 0};
  if (name == "kept") return {Kind::kKept, 0};
  if (name == "draws") return {Kind::kDraws, 0};
  if (name == "draws2") return {Kind::kDraws, 1};
  if (absl::StartsWith(name, "served_")) return {Kind::kServed, name.back() - '0'};
  if (absl::StartsWith(name, "slots_")) return {Kind::kSlots, name.back() - '0'};
  return {Kind::kUnreached, 0};
}

absl::int128 Worth(const Picture& picture, const PictureArc& arc, Component component) {
  using Kind = Component::Kind;
  switch (component.kind) {
    case Kind::kUnreached:
      return 0;
    case Kind::kBeneficiaries:
      return arc.serves_beneficiary ? 1 : 0;
    case Kind::kServed:
      return arc.serves_tier == component.detail ? 1 : 0;
    case Kind::kSlots:
      return arc.slot_tier == component.detail ? 1 : 0;
    case Kind::kAllSlots:
      return arc.slot_tier != 0 ? 1 : 0;
    default:
      break;
  }
  if (arc.pair < 0) return 0;
  if (component.kind == Kind::kDraws) return picture.DrawOf(arc.pair, component.detail);
  const bool previous = picture.IsPrevious(arc.pair);
  if (component.kind == Kind::kKept) return previous ? 1 : 0;
  const AssignmentProblem& problem = picture.problem();
  return problem.pairs[arc.pair].score + (previous ? problem.change_penalty : 0);
}

// How many bits a signed number of at most `size` needs.
int BitsFor(absl::int128 size) {
  int bits = 1;
  for (; size != 0; size >>= 1) ++bits;
  return bits;
}

// A price set brought into the order of the picture's nodes.
//
// Nearly every arc is decided by its first components, so those are also kept packed into one
// number per node: each gets so many bits that worth + price - price cannot spill into the next,
// and then the sign of the packed reduced value is that of the vector, unless it is 0.
class PriceTable {
 public:
  PriceTable(const Picture& picture, const PriceSet& set, const absl::int128& largest)
      : picture_(picture), set_(set), width_(set.components.size()) {
    for (const std::string& name : set.components) components_.push_back(ComponentNamed(name));
    failure_ = Read(largest);
    if (failure_.empty()) Pack();
  }

  const std::string& failure() const { return failure_; }
  size_t width() const { return width_; }

  absl::int128 Reduced(const PictureArc& arc, size_t c) const {
    return Worth(picture_, arc, components_[c]) + Price(arc.tail, c) - Price(arc.head, c);
  }

  // The sign of the reduced value as a vector: its first component that is not 0.
  int Sign(const PictureArc& arc) const {
    const Packed packed = PackedWorth(arc) + packed_[arc.tail] - packed_[arc.head];
    if (packed != 0) return packed > 0 ? 1 : -1;
    for (size_t c = packed_width_; c < width_; ++c) {
      const absl::int128 reduced = Reduced(arc, c);
      if (reduced != 0) return reduced > 0 ? 1 : -1;
    }
    return 0;
  }

 private:
  using Packed = int64_t;
  static constexpr int kPackedBits = 63;

  const absl::int128& Price(int32_t node, size_t c) const {
    return set_.prices[static_cast<size_t>(row_[node]) * width_ + c];
  }

  Packed PackedWorth(const PictureArc& arc) const {
    if (arc.pair >= 0 && points_shift_ >= 0) {
      const AssignmentProblem& problem = picture_.problem();
      const bool previous = picture_.IsPrevious(arc.pair);
      const int64_t points =
          problem.pairs[arc.pair].score + (previous ? problem.change_penalty : 0);
      return points * (Packed{1} << points_shift_);
    }
    if (arc.pair >= 0) return 0;
    Packed worth = 0;
    for (size_t c = 0; c < packed_width_; ++c) {
      worth +=
          static_cast<Packed>(Worth(picture_, arc, components_[c])) * (Packed{1} << shifts_[c]);
    }
    return worth;
  }

  std::string Read(const absl::int128& largest) {
    if (set_.prices.size() != set_.nodes.size() * width_) {
      return "certificate: the number of prices does not fit the number of nodes";
    }
    row_.assign(picture_.nodes(), -1);
    for (size_t i = 0; i < set_.nodes.size(); ++i) {
      const int32_t node = picture_.NumberOf(set_.nodes[i]);
      if (node < 0) return absl::StrCat("certificate: price number ", i + 1, " is of no node");
      if (row_[node] >= 0) {
        return absl::StrCat("certificate: two prices for ", picture_.NameOf(node));
      }
      row_[node] = static_cast<int32_t>(i);
    }
    for (int32_t node = 0; node < picture_.nodes(); ++node) {
      if (row_[node] < 0) return absl::StrCat("certificate: no price for ", picture_.NameOf(node));
    }
    size_.assign(width_, 0);
    for (size_t i = 0; i < set_.prices.size(); ++i) {
      const absl::int128& price = set_.prices[i];
      if (price > largest || price < -largest) return "certificate: a price is out of range";
      size_[i % width_] = std::max(size_[i % width_], price < 0 ? -price : price);
    }
    return "";
  }

  // Packs as many of the first components, none of them draws, as have room.
  void Pack() {
    using Kind = Component::Kind;
    std::vector<int> bits;
    int total = 0;
    for (size_t c = 0; c < width_; ++c) {
      const Kind kind = components_[c].kind;
      if (kind == Kind::kKept || kind == Kind::kDraws || kind == Kind::kAllSlots) break;
      const absl::int128 worth = kind == Kind::kPoints ? 2 * absl::int128(kMaxScore) : 1;
      bits.push_back(BitsFor(worth + 2 * size_[c]));
      total += bits.back();
      if (total > kPackedBits) break;
      ++packed_width_;
    }
    int shift = 0;
    shifts_.assign(packed_width_, 0);
    for (size_t c = packed_width_; c-- > 0;) {
      shifts_[c] = shift;
      shift += bits[c];
      if (components_[c].kind == Kind::kPoints) points_shift_ = shifts_[c];
    }
    packed_.assign(row_.size(), 0);
    for (size_t node = 0; node < row_.size(); ++node) {
      for (size_t c = 0; c < packed_width_; ++c) {
        packed_[node] +=
            static_cast<Packed>(Price(static_cast<int32_t>(node), c)) * (Packed{1} << shifts_[c]);
      }
    }
  }

  const Picture& picture_;
  const PriceSet& set_;
  const size_t width_;
  std::vector<Component> components_;
  std::vector<int32_t> row_;
  std::vector<absl::int128> size_;  // The largest price of each component, without its sign.
  size_t packed_width_ = 0;
  std::vector<int> shifts_;  // Of each packed component.
  int points_shift_ = -1;    // That of the points, or -1 if they are not packed.
  std::vector<Packed> packed_;
  std::string failure_;
};

std::string CheckComponents(const PriceSet& set, const std::vector<std::string>& components) {
  if (set.components == components) return "";
  return absl::StrCat("certificate: the components are ", absl::StrJoin(set.components, ", "),
                      ", not ", absl::StrJoin(components, ", "));
}

std::string ArcName(const Picture& picture, const PictureArc& arc) {
  if (arc.pair >= 0) return picture.PairName(arc.pair);
  return absl::StrCat(picture.NameOf(arc.tail), " to ", picture.NameOf(arc.head));
}

}  // namespace

std::vector<std::string> FillingComponents(const AssignmentProblem& problem) {
  std::vector<std::string> components = {"unreached"};
  AddTiers(problem, &components);
  return components;
}

std::vector<std::string> PlanComponents(const AssignmentProblem& problem) {
  std::vector<std::string> components = {"unreached"};
  if (problem.objective == Objective::kCoverage) components.push_back("beneficiaries");
  if (problem.fill == Fill::kFirst) AddTiers(problem, &components);
  components.push_back("points");
  if (problem.has_previous) components.push_back("kept");
  if (problem.fill == Fill::kOptional) components.push_back("slots");
  components.push_back("draws");
  components.push_back("draws2");
  return components;
}

std::vector<absl::int128> ValueOf(const Picture& picture,
                                  const std::vector<std::string>& components) {
  std::vector<Component> known;
  for (const std::string& name : components) known.push_back(ComponentNamed(name));
  std::vector<absl::int128> value(components.size() - 1, 0);
  picture.ForEachUsedArc([&](const PictureArc& arc) {
    for (size_t c = 1; c < known.size(); ++c) {
      value[c - 1] += Worth(picture, arc, known[c]) * arc.flow;
    }
  });
  return value;
}

std::string CheckPrices(const Picture& picture, const PriceSet& set,
                        const std::vector<std::string>& components, int64_t min_score) {
  std::string failure = CheckComponents(set, components);
  if (!failure.empty()) return failure;
  const PriceTable table(picture, set, kLargestPrice);
  if (!table.failure().empty()) return table.failure();
  picture.ForEachArc(min_score, [&](const PictureArc& arc) {
    if (arc.flow < arc.max && table.Sign(arc) > 0) {
      failure = absl::StrCat("prices: one more unit would gain at ", ArcName(picture, arc));
    } else if (arc.flow > arc.min && table.Sign(arc) < 0) {
      failure = absl::StrCat("prices: one unit less would gain at ", ArcName(picture, arc));
    }
    return failure.empty();
  });
  return failure;
}

std::string CheckBound(const Picture& picture, const PriceSet& set,
                       const std::vector<std::string>& components, int64_t min_score,
                       const std::vector<absl::int128>& value) {
  std::string failure = CheckComponents(set, components);
  if (!failure.empty()) return failure;
  const PriceTable table(picture, set, kLargestCountPrice);
  if (!table.failure().empty()) return table.failure();
  // No arc can carry more than there are pairs.
  const int64_t most = static_cast<int64_t>(picture.problem().pairs.size());
  std::vector<absl::int128> bound(table.width(), 0);
  picture.ForEachArc(min_score, [&](const PictureArc& arc) {
    const int sign = table.Sign(arc);
    if (sign == 0) return true;
    const int64_t units = sign < 0 ? arc.min : std::max(arc.min, std::min(arc.max, most));
    for (size_t c = 0; c < bound.size(); ++c) bound[c] += table.Reduced(arc, c) * units;
    return true;
  });
  std::vector<absl::int128> whole = {0};
  whole.insert(whole.end(), value.begin(), value.end());
  if (bound < whole) return "";
  return "next floor: its prices do not show that pairs above the floor fill less";
}

std::string CheckCut(const Picture& picture, const Conflict& conflict, int64_t min_score) {
  std::vector<bool> inside(picture.nodes(), false);
  std::vector<NodeRef> nodes = conflict.mentor_requests;
  for (int32_t need : conflict.needs) nodes.push_back({NodeKind::kNeed, need, ""});
  for (int32_t mentor : conflict.mentors) nodes.push_back({NodeKind::kMentor, mentor, ""});
  for (const std::string& name : conflict.beneficiaries) {
    nodes.push_back({NodeKind::kBeneficiary, -1, name});
  }
  for (int32_t quota : conflict.quotas) {
    const bool known = quota >= 0 && quota < static_cast<int64_t>(picture.problem().quotas.size());
    if (!known) return "conflict: an unknown quota";
    const bool need_side = picture.problem().quotas[quota].side == Side::kNeed;
    nodes.push_back({need_side ? NodeKind::kNeedQuota : NodeKind::kMentorQuota, quota, ""});
  }
  for (const NodeRef& node : nodes) {
    const int32_t number = picture.NumberOf(node);
    if (number <= 0) return "conflict: it names something that is no node of the problem";
    if (inside[number]) return absl::StrCat("conflict: ", picture.NameOf(number), " stands twice");
    inside[number] = true;
  }
  absl::int128 demand = 0;
  absl::int128 supply = 0;
  std::vector<PairRef> pins;
  picture.ForEachArc(min_score, [&](const PictureArc& arc) {
    if (inside[arc.tail] == inside[arc.head]) return true;
    if (inside[arc.head] != conflict.demand_enters) {
      supply += arc.max;
      return true;
    }
    demand += arc.min;
    if (arc.pair < 0 || arc.min == 0) return true;
    const AssignmentPair& pair = picture.problem().pairs[arc.pair];
    pins.push_back({pair.need, pair.mentor});
    return true;
  });
  if (demand != conflict.demand || supply != conflict.supply) {
    return absl::StrCat("conflict: demand ", conflict.demand, " and supply ", conflict.supply,
                        " are stated, but the set does not have them");
  }
  if (conflict.demand <= conflict.supply) return "conflict: demand is not more than supply";
  const auto order = [](const PairRef& a, const PairRef& b) {
    return a.need != b.need ? a.need < b.need : a.mentor < b.mentor;
  };
  std::vector<PairRef> stated = conflict.pins;
  std::sort(stated.begin(), stated.end(), order);
  std::sort(pins.begin(), pins.end(), order);
  if (!(stated == pins)) return "conflict: the pins stated are not those of the demand";
  return "";
}

}  // namespace tandem::engine::check
