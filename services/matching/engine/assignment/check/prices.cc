#include "services/matching/engine/assignment/check/prices.h"

#include <algorithm>
#include <array>

#include "absl/base/attributes.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tandem::engine::check {
namespace {

constexpr int kLastTier = 9;

void AddTiers(const Picture& picture, std::vector<std::string>* components) {
  for (int tier = 1; tier <= kLastTier; ++tier) {
    if (!picture.HasTier(tier)) continue;
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

int64_t PointsOf(const Picture& picture, const PictureArc& arc) {
  const AssignmentProblem& problem = picture.problem();
  return arc.score + (arc.previous ? problem.change_penalty : 0);
}

int64_t Worth(const Picture& picture, const PictureArc& arc, Component component) {
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
  if (component.kind == Kind::kDraws) {
    return picture.DrawOf(arc.tail - picture.FirstNeed(), arc.mentor, component.detail);
  }
  if (component.kind == Kind::kKept) return arc.previous ? 1 : 0;
  return PointsOf(picture, arc);
}

// What a plan has of each component.
class Amounts {
 public:
  // Of draws only if they are among `components`.
  Amounts(const Picture& picture, const std::vector<Component>& components)
      : beneficiaries_(picture.BeneficiariesServed()) {
    for (const Party& need : picture.needs()) {
      served_[need.tier] += need.load > 0 ? 1 : 0;
      slots_[need.tier] += need.load;
      all_slots_ += need.load;
    }
    picture.ForEachChosen([&](int32_t, const NamedPair& named) {
      const bool previous = named.Is(NamedPair::kPrevious);
      points_ += named.score + (previous ? picture.problem().change_penalty : 0);
      kept_ += previous ? 1 : 0;
    });
    const bool draws = std::any_of(components.begin(), components.end(), [](const Component& c) {
      return c.kind == Component::Kind::kDraws;
    });
    if (draws) draws_ = picture.SumsOfDraws();
  }

  absl::int128 Of(const Component& component) const {
    using Kind = Component::Kind;
    switch (component.kind) {
      case Kind::kUnreached:
        return 0;
      case Kind::kBeneficiaries:
        return beneficiaries_;
      case Kind::kServed:
        return served_[component.detail];
      case Kind::kSlots:
        return slots_[component.detail];
      case Kind::kAllSlots:
        return all_slots_;
      case Kind::kPoints:
        return points_;
      case Kind::kKept:
        return kept_;
      case Kind::kDraws:
        return draws_[component.detail];
    }
    return 0;
  }

 private:
  int64_t beneficiaries_ = 0;
  int64_t served_[kLastTier + 1] = {};
  int64_t slots_[kLastTier + 1] = {};
  int64_t all_slots_ = 0;
  absl::int128 points_ = 0;  // Micro-points.
  int64_t kept_ = 0;
  std::array<absl::int128, 2> draws_ = {0, 0};
};

// How many bits a signed number of at most `size` needs.
int BitsFor(absl::int128 size) {
  int bits = 1;
  for (; size != 0; size >>= 1) ++bits;
  return bits;
}

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

// A price set brought into the order of the picture's nodes, in numbers of 64 bits where they fit.
//
// Nearly every arc is decided by its first components, so those are packed into one number per
// node, the head: each gets so many bits that worth + price - price cannot spill into the next, and
// then the sign of the packed reduced value is that of the vector, unless it is 0. Of arcs whose
// heads tie, the other components, the tail, are looked at one by one.
class PriceProof::Table {
 public:
  Table(const Picture& picture, const PriceSet& set, const absl::int128& largest)
      : picture_(picture), set_(set), width_(set.components.size()) {
    for (const std::string& name : set.components) components_.push_back(ComponentNamed(name));
    failure_ = Read(largest);
    if (!failure_.empty()) return;
    ChooseHead();
    Copy();
  }

  const std::string& failure() const { return failure_; }
  size_t width() const { return width_; }

  absl::int128 Reduced(const PictureArc& arc, size_t c) const {
    return Worth(picture_, arc, components_[c]) + Price(arc.tail, c) - Price(arc.head, c);
  }

  // The sign of a pair's packed reduced value is that of its vector, unless it is 0 and there is
  // more than the head: an arc without gain needs no look.
  Screen ScreenFrom(int64_t min_score) const {
    Screen screen;
    screen.at_need = heads_.data() + picture_.FirstNeed();
    screen.at_mentor = heads_.data() + picture_.FirstMentor();
    screen.factor = points_factor_;
    screen.least = head_width_ == width_ ? 1 : 0;
    screen.min_score = min_score;
    screen.max_score = most_points_;
    return screen;
  }

  // Fetches what Sign reads of a node.
  ABSL_ATTRIBUTE_ALWAYS_INLINE void Fetch(int32_t node) const {
    __builtin_prefetch(heads_.data() + node);
    if (tails_.empty()) return;
    __builtin_prefetch(tails_.data() + static_cast<size_t>(node) * (width_ - head_width_));
  }

  // The sign of the reduced value as a vector: its first component that is not 0.
  int Sign(const PictureArc& arc) const {
    size_t c = 0;
    if (arc.pair < 0 || PointsOf(picture_, arc) <= most_points_) {
      const int64_t head = HeadWorth(arc) + heads_[arc.tail] - heads_[arc.head];
      if (head != 0) return head > 0 ? 1 : -1;
      c = head_width_;
    }
    for (; c < width_; ++c) {
      const absl::int128 reduced =
          c < head_width_ || tails_.empty() ? Reduced(arc, c) : TailReduced(arc, c);
      if (reduced != 0) return reduced > 0 ? 1 : -1;
    }
    return 0;
  }

 private:
  static constexpr int kBits = 63;  // Of a number, with its sign, so that a sum of three fits.

  const absl::int128& Price(int32_t node, size_t c) const {
    return set_.prices[static_cast<size_t>(row_[node]) * width_ + c];
  }

  int64_t HeadWorth(const PictureArc& arc) const {
    if (arc.pair >= 0) return points_factor_ == 0 ? 0 : PointsOf(picture_, arc) * points_factor_;
    return served_worth_[arc.serves_tier] + slot_worth_[arc.slot_tier] +
           (arc.serves_beneficiary ? beneficiary_worth_ : 0);
  }

  int64_t TailReduced(const PictureArc& arc, size_t c) const {
    const size_t tail_width = width_ - head_width_;
    const int64_t* const from = tails_.data() + static_cast<size_t>(arc.tail) * tail_width;
    const int64_t* const to = tails_.data() + static_cast<size_t>(arc.head) * tail_width;
    return Worth(picture_, arc, components_[c]) + from[c - head_width_] - to[c - head_width_];
  }

  std::string Read(const absl::int128& largest) {
    if (set_.prices.size() != set_.nodes.size() * width_) {
      return "certificate: the number of prices does not fit the number of nodes";
    }
    row_.assign(picture_.nodes(), -1);
    node_.reserve(set_.nodes.size());
    for (size_t i = 0; i < set_.nodes.size(); ++i) {
      const int32_t node = picture_.NumberOf(set_.nodes[i]);
      if (node < 0) return absl::StrCat("certificate: price number ", i + 1, " is of no node");
      if (row_[node] >= 0) {
        return absl::StrCat("certificate: two prices for ", picture_.NameOf(node));
      }
      row_[node] = static_cast<int32_t>(i);
      node_.push_back(node);
    }
    for (int32_t node = 0; node < picture_.nodes(); ++node) {
      if (row_[node] < 0) return absl::StrCat("certificate: no price for ", picture_.NameOf(node));
    }
    std::vector<absl::int128> least(width_, 0);
    std::vector<absl::int128> most(width_, 0);
    for (auto price = set_.prices.begin(); price != set_.prices.end();) {
      for (size_t c = 0; c < width_; ++c, ++price) {
        if (*price < least[c]) least[c] = *price;
        if (*price > most[c]) most[c] = *price;
      }
    }
    for (size_t c = 0; c < width_; ++c) {
      if (most[c] > largest || least[c] < -largest) return "certificate: a price is out of range";
      size_.push_back(std::max(most[c], -least[c]));
    }
    return "";
  }

  // Takes as many of the first components, none of them draws, as have room; points where there is
  // room for as many as the largest price has.
  void ChooseHead() {
    using Kind = Component::Kind;
    std::vector<int> bits;
    int left = kBits;
    for (size_t c = 0; c < width_; ++c) {
      const Kind kind = components_[c].kind;
      if (kind == Kind::kKept || kind == Kind::kDraws || kind == Kind::kAllSlots) break;
      absl::int128 worth = 1;
      if (kind == Kind::kPoints) {
        if (left < 2) break;
        const absl::int128 room = (absl::int128(1) << (left - 1)) - 1 - 2 * size_[c];
        worth = std::min<absl::int128>(room, 2 * absl::int128(kMaxScore));
        if (worth < size_[c] || worth < 1) break;
        most_points_ = static_cast<int64_t>(worth);
      }
      bits.push_back(BitsFor(worth + 2 * size_[c]));
      left -= bits.back();
      if (left < 0) break;
      ++head_width_;
    }
    factors_.assign(head_width_, 0);
    int shift = 0;
    for (size_t c = head_width_; c-- > 0;) {
      factors_[c] = int64_t{1} << shift;
      shift += bits[c];
      NoteFactor(components_[c], factors_[c]);
    }
  }

  void NoteFactor(Component component, int64_t factor) {
    using Kind = Component::Kind;
    if (component.kind == Kind::kBeneficiaries) beneficiary_worth_ = factor;
    if (component.kind == Kind::kServed) served_worth_[component.detail] = factor;
    if (component.kind == Kind::kSlots) slot_worth_[component.detail] = factor;
    if (component.kind == Kind::kPoints) points_factor_ = factor;
  }

  void Copy() {
    const size_t tail_width = width_ - head_width_;
    const bool tail_fits = std::all_of(size_.begin() + head_width_, size_.end(), [](const auto& s) {
      return BitsFor(2 * absl::int128(kMaxScore) + 2 * s) <= kBits;
    });
    heads_.resize(row_.size());
    if (tail_fits) tails_.resize(row_.size() * tail_width);
    for (size_t row = 0; row < node_.size(); ++row) {
      const absl::int128* const prices = set_.prices.data() + row * width_;
      int64_t head = 0;
      for (size_t c = 0; c < head_width_; ++c) {
        head += static_cast<int64_t>(prices[c]) * factors_[c];
      }
      heads_[node_[row]] = head;
      if (!tail_fits) continue;
      int64_t* const tail = tails_.data() + static_cast<size_t>(node_[row]) * tail_width;
      for (size_t c = head_width_; c < width_; ++c) {
        tail[c - head_width_] = static_cast<int64_t>(prices[c]);
      }
    }
  }

  const Picture& picture_;
  const PriceSet& set_;
  const size_t width_;
  std::vector<Component> components_;
  std::vector<int32_t> row_;        // In the set, by node,
  std::vector<int32_t> node_;       // and the other way round.
  std::vector<absl::int128> size_;  // The largest price of each component, without its sign.
  size_t head_width_ = 0;
  std::vector<int64_t> factors_;  // Of the head's components.
  // What one of each is worth in the head; 0 if the component is not there.
  int64_t points_factor_ = 0;
  int64_t beneficiary_worth_ = 0;
  int64_t served_worth_[kLastTier + 1] = {};
  int64_t slot_worth_[kLastTier + 1] = {};
  int64_t most_points_ = 2 * kMaxScore;  // The head holds no pair with more.
  std::vector<int64_t> heads_;           // By node.
  std::vector<int64_t> tails_;           // By node and component; empty if they do not fit.
  std::string failure_;
};

std::vector<std::string> FillingComponents(const Picture& picture) {
  std::vector<std::string> components = {"unreached"};
  AddTiers(picture, &components);
  return components;
}

std::vector<std::string> PlanComponents(const Picture& picture) {
  const AssignmentProblem& problem = picture.problem();
  std::vector<std::string> components = {"unreached"};
  if (problem.objective == Objective::kCoverage) components.push_back("beneficiaries");
  if (problem.fill == Fill::kFirst) AddTiers(picture, &components);
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
  const Amounts amounts(picture, known);
  std::vector<absl::int128> value;
  for (size_t c = 1; c < known.size(); ++c) value.push_back(amounts.Of(known[c]));
  return value;
}

PriceProof::PriceProof(const Picture& picture, const PriceSet& set,
                       const std::vector<std::string>& components, const absl::int128& largest,
                       int64_t min_score)
    : picture_(picture), min_score_(min_score), failure_(CheckComponents(set, components)) {
  if (!failure_.empty()) return;
  table_ = std::make_unique<Table>(picture, set, largest);
  failure_ = table_->failure();
}

PriceProof::~PriceProof() = default;

Screen PriceProof::screen() const { return table_->ScreenFrom(min_score_); }

std::string PriceProof::CheckPrices() const {
  std::string failure = failure_;
  if (!failure.empty()) return failure;
  const auto check = [&](const PictureArc& arc) {
    const int sign = table_->Sign(arc);
    if (arc.flow < arc.max && sign > 0) {
      failure = absl::StrCat("prices: one more unit would gain at ", ArcName(picture_, arc));
    } else if (arc.flow > arc.min && sign < 0) {
      failure = absl::StrCat("prices: one unit less would gain at ", ArcName(picture_, arc));
    }
    return failure.empty();
  };
  const auto fetch = [this](int32_t node) ABSL_ATTRIBUTE_ALWAYS_INLINE { table_->Fetch(node); };
  picture_.ForEachArc(min_score_, check, fetch);
  return failure;
}

std::string PriceProof::CheckBound(const std::vector<absl::int128>& value) const {
  if (!failure_.empty()) return failure_;
  // No arc can carry more than there are pairs.
  const int64_t most = static_cast<int64_t>(picture_.problem().pairs.size());
  std::vector<absl::int128> bound(table_->width(), 0);
  picture_.ForEachArc(min_score_, [&](const PictureArc& arc) {
    const int sign = table_->Sign(arc);
    if (sign == 0) return true;
    const int64_t units = sign < 0 ? arc.min : std::max(arc.min, std::min(arc.max, most));
    for (size_t c = 0; c < bound.size(); ++c) bound[c] += table_->Reduced(arc, c) * units;
    return true;
  });
  std::vector<absl::int128> whole = {0};
  whole.insert(whole.end(), value.begin(), value.end());
  if (bound < whole) return "";
  return "next floor: its prices do not show that pairs above the floor fill less";
}

}  // namespace tandem::engine::check
