#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "services/matching/engine/assignment/bipartite/build_market.h"
#include "services/matching/engine/assignment/bipartite/canonical.h"
#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/groups.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/money.h"
#include "services/matching/engine/assignment/bipartite/quota_prices.h"
#include "services/matching/engine/assignment/bipartite/repair.h"
#include "services/matching/engine/assignment/bipartite/start.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"
#include "services/matching/engine/assignment/bipartite/ties.h"

namespace tandem::engine::bipartite {
namespace {

absl::Status Cancelled() { return absl::CancelledError("solving was cancelled"); }

// Whether the problem is no more than an assignment between two sides.
bool ShapeFits(const AssignmentProblem& problem) {
  if (problem.objective == Objective::kCoverage || problem.objective == Objective::kStable) {
    return false;
  }
  if (!problem.quotas.empty()) return false;
  absl::flat_hash_set<absl::string_view> requests;
  for (const AssignmentNeed& need : problem.needs) {
    if (need.min > 0) return false;
    if (!need.request.empty() && !requests.insert(need.request).second) return false;
  }
  // A request may also be named as another need that stands for itself.
  if (!requests.empty()) {
    for (const AssignmentNeed& need : problem.needs) {
      if (need.request.empty() && requests.contains(need.id)) return false;
    }
  }
  return std::all_of(problem.mentors.begin(), problem.mentors.end(),
                     [](const AssignmentMentor& mentor) { return mentor.min == 0; });
}

PinnedLoad CountPins(const AssignmentProblem& problem, const ProblemIndex& index) {
  PinnedLoad pinned;
  if (problem.pinned.empty()) return pinned;
  pinned.need.assign(problem.needs.size(), 0);
  pinned.mentor.assign(problem.mentors.size(), 0);
  for (size_t pair = 0; pair < problem.pairs.size(); ++pair) {
    if (!index.pinned[pair]) continue;
    ++pinned.need[problem.pairs[pair].need];
    ++pinned.mentor[problem.pairs[pair].mentor];
  }
  return pinned;
}

bool PinsFit(const AssignmentProblem& problem, const PinnedLoad& pinned) {
  for (size_t i = 0; i < problem.needs.size(); ++i) {
    if (pinned.OfNeed(static_cast<int32_t>(i)) > problem.needs[i].max) return false;
  }
  for (size_t j = 0; j < problem.mentors.size(); ++j) {
    if (pinned.OfMentor(static_cast<int32_t>(j)) > problem.mentors[j].max) return false;
  }
  return true;
}

template <typename Numbers>
class SolverOf : public BipartiteSolver {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  SolverOf(const AssignmentProblem& problem, const ProblemIndex& index, int64_t min_score,
           const Money& money, PinnedLoad pinned, QuotaPrices<Numbers> quotas,
           const SolveOptions& options)
      : problem_(problem),
        index_(index),
        money_(money),
        pinned_(std::move(pinned)),
        quotas_(std::move(quotas)),
        stop_([cancelled = options.cancelled] { return cancelled && cancelled(); }),
        market_(
            MarketBuilder<Numbers>(problem, index, min_score, money.with_points()).Build(pinned_)) {
  }

  absl::Status Solve() override {
    repair_.emplace(&market_, &stop_);
    if (stop_() || !RunAuctions() || !repair_->Run()) return Cancelled();
    if (problem_.fill == Fill::kOptional || quotas_.slot_price() != 0) return absl::OkStatus();
    // Filling first: from the best plan of any size, with leaving a slot open worth very little.
    const bool from_places = AreSlotsAlike() && !quotas_.is_filling_paid() && AreFewPlacesLeft();
    if (from_places && !FillPlaces()) return Cancelled();
    SetOutsides();
    if (from_places) return absl::OkStatus();
    repair_->NoteAll();
    return repair_->Run() ? absl::OkStatus() : Cancelled();
  }

  absl::Status SolveFrom(const std::vector<PairRef>& plan, const Figures& mentor_figures) override {
    const size_t width = money_.size();
    if (plan.empty() || mentor_figures.size() != width * problem_.mentors.size()) return Solve();
    if (stop_()) return Cancelled();
    if (problem_.fill == Fill::kFirst) SetOutsides();
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      market_.price[j] = static_cast<Price>(money_.PackPrice(&mentor_figures[j * width]));
    }
    for (const PairRef& pair : plan) ChooseIfPossible(pair.need, pair.mentor);
    repair_.emplace(&market_, &stop_);
    repair_->SettleAll();
    if (CountWrong() > kFewWrong + (market_.needs() + market_.mentors()) / 16) {
      StartAnew();
      return Solve();
    }
    return repair_->Run() ? absl::OkStatus() : Cancelled();
  }

  absl::Status BreakTies() override {
    const TieValues values(problem_, index_);
    TieBreaker<Numbers> breaker(&market_, pinned_, values, stop_);
    if (!breaker.Run()) return Cancelled();
    tie_prices_ = breaker.prices();
    return absl::OkStatus();
  }

  absl::Status FindPrices() override {
    const TieValues values(problem_, index_);
    CanonicalPrices<Numbers> prices(market_, pinned_, values, tie_prices_, stop_);
    if (!prices.Run()) return Cancelled();
    FillPriceSet(values, prices);
    return absl::OkStatus();
  }

  std::vector<int32_t> ChosenPairs() const override {
    std::vector<std::pair<int32_t, int32_t>> of_need;  // Rank of the mentor, pair.
    std::vector<int32_t> pairs;
    const std::vector<std::vector<int32_t>> pins = PinsByNeed();
    for (int32_t i : index_.needs_by_id) {
      of_need.clear();
      int32_t left = market_.load[i];
      for (uint32_t arc = market_.row_begin[i]; left > 0; ++arc) {
        if (!market_.IsChosen(i, market_.mentor_of[arc])) continue;
        of_need.emplace_back(index_.mentor_rank[market_.mentor_of[arc]], market_.pair_of[arc]);
        --left;
      }
      if (!pins.empty()) {
        for (int32_t pair : pins[i]) {
          of_need.emplace_back(index_.mentor_rank[problem_.pairs[pair].mentor], pair);
        }
      }
      std::sort(of_need.begin(), of_need.end());
      for (const auto& chosen : of_need) pairs.push_back(chosen.second);
    }
    return pairs;
  }

  PriceSet Prices() const override { return prices_; }

  bool ForbidPair(int32_t need, int32_t mentor) override {
    const uint32_t arc = FindArc(need, mentor);
    if (arc == market_.row_end[need]) return false;
    ReleaseIfChosen(need, mentor);
    market_.SwapArcs(arc, --market_.row_end[need]);
    repair_->columns().Remove(need, mentor);
    return true;
  }

  bool SetWeight(int32_t need, int32_t mentor, int64_t weight) override {
    const uint32_t arc = FindArc(need, mentor);
    if (arc == market_.row_end[need]) return false;
    market_.weight[arc] = static_cast<typename M::Weight>(weight);
    repair_->columns().SetWeight(need, mentor, market_.weight[arc]);
    if (market_.IsChosen(need, mentor)) {
      market_.unit_weight[market_.UnitOf(need, mentor)] = market_.weight[arc];
    }
    market_.rest[need] = std::max(market_.rest[need], market_.Value(arc));
    repair_->Settle(need);
    repair_->NoteNeed(need);
    return true;
  }

  bool SetNeedMax(int32_t need, int64_t max) override {
    if (max < pinned_.OfNeed(need)) return false;
    market_.capacity[need] = static_cast<int32_t>(max - pinned_.OfNeed(need));
    while (market_.NeedRoom(need) < 0) Release(need, WorstMentor(need));
    market_.GrowUnits(need);
    repair_->Settle(need);
    repair_->NoteNeed(need);
    return true;
  }

  bool SetMentorMax(int32_t mentor, int64_t max) override {
    if (max < pinned_.OfMentor(mentor)) return false;
    market_.mentor_capacity[mentor] = static_cast<int32_t>(max - pinned_.OfMentor(mentor));
    while (market_.MentorRoom(mentor) < 0) {
      const int32_t need = WorstHolder(mentor);
      Release(need, mentor);
      repair_->Settle(need);
    }
    repair_->columns().Build(market_);
    market_.GrowPlaces(mentor, repair_->columns().end[mentor] - repair_->columns().begin[mentor]);
    repair_->NoteMentor(mentor);
    return true;
  }

  absl::Status Resolve() override { return repair_->Run() ? absl::OkStatus() : Cancelled(); }
  void PrepareForChanges() override { repair_->columns().Build(market_); }

  Figures NeedFigures() const override {
    Figures figures;
    for (int32_t i = 0; i < market_.needs(); ++i) {
      money_.Unpack(quotas_.slot_price() - quotas_.OfNeed(i) - market_.level[i], &figures);
    }
    return figures;
  }
  Figures MentorFigures() const override {
    Figures figures;
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      money_.Unpack(quotas_.slot_price() + quotas_.OfMentor(j) + market_.price[j], &figures);
    }
    return figures;
  }
  Figures NeedQuotaFigures() const override {
    Figures figures;
    for (size_t quota = 0; quota < problem_.quotas.size(); ++quota) {
      money_.Unpack(-quotas_.OfNeedQuota(quota), &figures);
    }
    return figures;
  }
  Figures MentorQuotaFigures() const override {
    Figures figures;
    for (size_t quota = 0; quota < problem_.quotas.size(); ++quota) {
      money_.Unpack(quotas_.slot_price() + quotas_.OfMentorQuota(quota), &figures);
    }
    return figures;
  }

  int64_t pairs_scanned() const override { return repair_ ? repair_->scanned() : 0; }

 private:
  // Shortest paths that never take longer than an auction.
  static constexpr int64_t kFewWrong = 200;

  // What leaving places unbought is worth when filling comes first.
  void SetOutsides() {
    for (int tier = 1; tier <= 9; ++tier) {
      const Price slot = static_cast<Price>(money_.Slot(tier));
      const Price served = static_cast<Price>(money_.Served(tier));
      market_.first_outside[tier - 1] = -slot - served;
      market_.rest_outside[tier - 1] = -slot;
      market_.first_outside[tier - 1 + 9] = -slot;
      market_.rest_outside[tier - 1 + 9] = -slot;
    }
  }

  void ChooseIfPossible(int32_t need, int32_t mentor) {
    if (market_.NeedRoom(need) <= 0 || market_.MentorRoom(mentor) <= 0) return;
    const uint32_t arc = FindArc(need, mentor);
    if (arc == market_.row_end[need] || market_.IsChosen(need, mentor)) return;
    market_.Choose(need, mentor, market_.weight[arc]);
  }

  // Needs that may want a place more, and mentors with a priced place left, once all needs are
  // settled: each takes a shortest path.
  int64_t CountWrong() const {
    int64_t wrong = 0;
    for (int32_t i = 0; i < market_.needs(); ++i) {
      if (market_.NeedRoom(i) > 0 && market_.level[i] > market_.OutsideNext(i)) ++wrong;
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.MentorRoom(j) > 0 && market_.price[j] > 0) ++wrong;
    }
    return wrong;
  }

  // The market as it was built.
  void StartAnew() {
    market_.Empty();
    std::fill(market_.price.begin(), market_.price.end(), 0);
    std::fill(market_.level.begin(), market_.level.end(), 0);
    std::fill(market_.rest.begin(), market_.rest.end(), M::kFar);
    std::fill(market_.first_outside.begin(), market_.first_outside.end(), 0);
    std::fill(market_.rest_outside.begin(), market_.rest_outside.end(), 0);
  }

  // False if stopped.
  bool RunAuctions() {
    if (!FindStart(&market_, &*repair_, stop_)) return false;
    if (!quotas_.Run(SlotWorth(), &market_, stop_)) return false;
    repair_->SettleAll();
    return true;
  }

  // What filling a slot is worth, where that is the same for all and comes first; else 0.
  Price SlotWorth() const {
    if (problem_.fill == Fill::kOptional || problem_.needs.empty() || !AreSlotsAlike()) return 0;
    const int tier = problem_.needs.front().tier;
    return static_cast<Price>(money_.Served(tier) + money_.Slot(tier));
  }

  // Whether fewer places than slots are open: then paths are shorter from places, and do not grow
  // longer the fewer are left.
  bool AreFewPlacesLeft() const {
    int64_t places = static_cast<int64_t>(market_.place.size());
    int64_t slots = static_cast<int64_t>(market_.unit_mentor.size());
    return places < slots;
  }

  // The same filling with what a slot is worth on the other side: an open place is worth very
  // little, instead of an open slot. Afterwards prices are those of open slots.
  bool FillPlaces() {
    const Price worth = SlotWorth();
    market_.floor.assign(market_.mentors(), -worth);
    repair_->NoteAll();
    if (!repair_->Run()) return false;
    market_.floor.clear();
    for (Price& price : market_.price) price += worth;
    for (Price& level : market_.level) level -= worth;
    for (Price& rest : market_.rest) rest -= worth;
    return true;
  }

  bool AreSlotsAlike() const {
    return std::all_of(problem_.needs.begin(), problem_.needs.end(), [&](const auto& need) {
      return need.max <= 1 && need.tier == problem_.needs.front().tier;
    });
  }

  uint32_t FindArc(int32_t need, int32_t mentor) const {
    uint32_t arc = market_.row_begin[need];
    while (arc < market_.row_end[need] && market_.mentor_of[arc] != mentor) ++arc;
    return arc;
  }

  void Release(int32_t need, int32_t mentor) {
    market_.Release(need, mentor);
    repair_->NoteNeed(need);
    repair_->NoteMentor(mentor);
  }
  void ReleaseIfChosen(int32_t need, int32_t mentor) {
    if (market_.IsChosen(need, mentor)) Release(need, mentor);
  }

  int32_t WorstMentor(int32_t need) const {
    const auto first = market_.unit_mentor.begin() + market_.unit_begin[need];
    return *std::min_element(first, first + market_.load[need], [&](int32_t a, int32_t b) {
      return market_.ChosenValue(need, a) < market_.ChosenValue(need, b);
    });
  }
  // The holder who loses least.
  int32_t WorstHolder(int32_t mentor) const {
    const auto loss = [&](int32_t need) {
      return market_.ChosenValue(need, mentor) - market_.level[need];
    };
    const auto first = market_.place.begin() + market_.place_begin[mentor];
    return std::min_element(
               first, first + market_.mentor_load[mentor],
               [&](const auto& a, const auto& b) { return loss(a.need) < loss(b.need); })
        ->need;
  }

  // By need; empty without pins.
  std::vector<std::vector<int32_t>> PinsByNeed() const {
    if (problem_.pinned.empty()) return {};
    std::vector<std::vector<int32_t>> pins(problem_.needs.size());
    for (size_t pair = 0; pair < problem_.pairs.size(); ++pair) {
      if (index_.pinned[pair]) {
        pins[problem_.pairs[pair].need].push_back(static_cast<int32_t>(pair));
      }
    }
    return pins;
  }

  // In the order of network.h's nodes and of ValueSpace::ForPlan's components.
  void FillPriceSet(const TieValues& values, const CanonicalPrices<Numbers>& prices) {
    prices_ = PriceSet();
    prices_.components = ValueSpace::ForPlan(problem_).names();
    prices_.nodes.reserve(NodeCount(market_));
    prices_.prices.reserve(NodeCount(market_) * prices_.components.size());
    AddPrice({NodeKind::kGround, -1, ""}, 0, values, prices);
    for (int32_t i : index_.needs_by_id) {
      AddPrice({NodeKind::kNeed, i, ""}, NeedNode(i), values, prices);
    }
    for (int32_t j : index_.mentors_by_id) {
      AddPrice({NodeKind::kMentor, j, ""}, MentorNode(market_, j), values, prices);
    }
  }

  void AddPrice(NodeRef node, int32_t number, const TieValues& values,
                const CanonicalPrices<Numbers>& prices) {
    prices_.nodes.push_back(std::move(node));
    prices_.prices.push_back(prices.unreached(number) ? -1 : 0);
    money_.Unpack(prices.value(number), &prices_.prices);
    tie_parts_.clear();
    values.space().Unpack<4>(prices.tie(number), &tie_parts_);
    prices_.prices.insert(prices_.prices.end(), tie_parts_.begin() + 1, tie_parts_.end());
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const Money money_;
  const PinnedLoad pinned_;
  QuotaPrices<Numbers> quotas_;
  const std::function<bool()> stop_;
  M market_;
  std::optional<Repair<Numbers>> repair_;
  std::vector<Tie> tie_prices_;
  std::vector<absl::int128> tie_parts_;
  PriceSet prices_;
};

template <typename Numbers>
std::unique_ptr<BipartiteSolver> MakeSolver(const AssignmentProblem& problem,
                                            const ProblemIndex& index, int64_t min_score,
                                            const Money& money, PinnedLoad pinned, bool with_quotas,
                                            const SolveOptions& options) {
  Groups of_needs;
  Groups of_mentors;
  if (with_quotas) {
    of_needs = GroupsOf(problem, pinned, Side::kNeed);
    of_mentors = GroupsOf(problem, pinned, Side::kMentor);
  }
  QuotaPrices<Numbers> quotas(std::move(of_needs), std::move(of_mentors));
  return std::make_unique<SolverOf<Numbers>>(problem, index, min_score, money, std::move(pinned),
                                             std::move(quotas), options);
}

std::unique_ptr<BipartiteSolver> CreateWith(const AssignmentProblem& problem,
                                            const ProblemIndex& index, int64_t min_score,
                                            bool with_points, bool with_quotas,
                                            const SolveOptions& options) {
  PinnedLoad pinned = CountPins(problem, index);
  if (!PinsFit(problem, pinned)) return nullptr;
  const Money money(problem, with_points);
  if (money.Fits<NarrowNumbers>()) {
    return MakeSolver<NarrowNumbers>(problem, index, min_score, money, std::move(pinned),
                                     with_quotas, options);
  }
  if (money.Fits<WideNumbers>()) {
    return MakeSolver<WideNumbers>(problem, index, min_score, money, std::move(pinned), with_quotas,
                                   options);
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<BipartiteSolver> BipartiteSolver::Create(const AssignmentProblem& problem,
                                                         const ProblemIndex& index,
                                                         int64_t min_score,
                                                         const SolveOptions& options) {
  if (!ShapeFits(problem)) return nullptr;
  return CreateWith(problem, index, min_score, /*with_points=*/true, /*with_quotas=*/false,
                    options);
}

std::unique_ptr<BipartiteSolver> BipartiteSolver::CreateForFilling(const AssignmentProblem& problem,
                                                                   const ProblemIndex& index,
                                                                   int64_t min_score,
                                                                   const SolveOptions& options) {
  if (!ShapeFits(problem)) return nullptr;
  return CreateWith(problem, index, min_score, /*with_points=*/false, /*with_quotas=*/false,
                    options);
}

std::unique_ptr<BipartiteSolver> BipartiteSolver::CreateRelaxed(const AssignmentProblem& problem,
                                                                const ProblemIndex& index,
                                                                int64_t min_score, bool with_points,
                                                                const SolveOptions& options) {
  return CreateWith(problem, index, min_score, with_points, /*with_quotas=*/with_points, options);
}

}  // namespace tandem::engine::bipartite
