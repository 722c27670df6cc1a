#include "services/matching/engine/assignment/check.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/check/cut.h"
#include "services/matching/engine/assignment/check/picture.h"
#include "services/matching/engine/assignment/check/prices.h"

namespace tandem::engine {
namespace check {
namespace {

// That matches are allowed pairs in order, each once, and that pins are among them.
std::string CheckMatches(const Picture& picture, const std::vector<Match>& matches) {
  const AssignmentProblem& problem = picture.problem();
  const auto wrong = [&problem](const Match& match, absl::string_view reason) {
    return absl::StrCat("match of need '", problem.needs[match.need].id, "' and mentor '",
                        problem.mentors[match.mentor].id, "': ", reason);
  };
  // Whether the ids of `a` come before those of `b`.
  const auto before = [&problem](const Match& a, const Match& b) {
    const int needs = problem.needs[a.need].id.compare(problem.needs[b.need].id);
    return needs < 0 || (needs == 0 && problem.mentors[a.mentor].id < problem.mentors[b.mentor].id);
  };
  const Match* last = nullptr;
  for (size_t i = 0; i < matches.size(); ++i) {
    const Match& match = matches[i];
    picture.FetchAhead(matches, i);
    const NamedPair* const pair = picture.FindAllowed(match.need, match.mentor);
    if (pair == nullptr) return wrong(match, "not an allowed pair");
    if (match.score != pair->score) {
      return wrong(match, "the score is not that of the pair");
    }
    if (last != nullptr && !before(*last, match)) {
      return wrong(match, "stands twice or out of order");
    }
    last = &match;
  }
  for (const PairRef& pin : problem.pinned) {
    const NamedPair* const pair = picture.FindAllowed(pin.need, pin.mentor);
    if (pair == nullptr || !pair->Is(NamedPair::kChosen)) {
      return absl::StrCat("pin of need '", problem.needs[pin.need].id, "' and mentor '",
                          problem.mentors[pin.mentor].id, "': not among the matches");
    }
  }
  return "";
}

std::string CheckLoad(absl::string_view what, const std::string& id, int64_t load, int64_t min,
                      int64_t max) {
  if (load < min) return absl::StrCat(what, " '", id, "': ", load, " matches, at least ", min);
  if (load > max) return absl::StrCat(what, " '", id, "': ", load, " matches, at most ", max);
  return "";
}

template <typename Things>
std::string CheckParties(absl::string_view what, const std::vector<Party>& parties,
                         const Things& things) {
  for (size_t i = 0; i < parties.size(); ++i) {
    const Party& party = parties[i];
    if (party.min <= party.load && party.load <= party.max) continue;
    return CheckLoad(what, things[i].id, party.load, party.min, party.max);
  }
  return "";
}

// That every minimum and maximum is kept, and no request meets a mentor twice.
std::string CheckLoads(const Picture& picture, const std::vector<Match>& matches) {
  const AssignmentProblem& problem = picture.problem();
  std::string failure = CheckParties("need", picture.needs(), problem.needs);
  if (failure.empty()) failure = CheckParties("mentor", picture.mentors(), problem.mentors);
  for (size_t i = 0; i < problem.quotas.size() && failure.empty(); ++i) {
    const AssignmentQuota& quota = problem.quotas[i];
    const int64_t max = quota.max == kUnlimited ? kUnbounded : quota.max;
    failure = CheckLoad("quota", quota.id, picture.QuotaLoad(i), quota.min, max);
  }
  absl::flat_hash_set<std::pair<int32_t, int32_t>> roles;
  for (const Match& match : matches) {
    if (!failure.empty()) break;
    const int32_t request = picture.SharedRequest(match.need);
    if (request >= 0 && !roles.insert({match.mentor, request}).second) {
      failure = absl::StrCat("request '", RequestOf(problem.needs[match.need]), "': mentor '",
                             problem.mentors[match.mentor].id, "' in two roles");
    }
  }
  return failure;
}

// The plan's counts, computed anew.
AssignmentResult CountAnew(const Picture& picture) {
  AssignmentResult counts;
  absl::flat_hash_set<absl::string_view> beneficiaries;
  const bool own = picture.EachItsOwnBeneficiary();
  int64_t kept = 0;
  picture.ForEachChosen([&](int32_t need, const NamedPair& pair) {
    if (!own) beneficiaries.insert(BeneficiaryOf(picture.problem().needs[need]));
    ++counts.filled_slots;
    counts.total_score += pair.score;
    kept += pair.Is(NamedPair::kPrevious) ? 1 : 0;
    if (pair.Is(NamedPair::kPinned)) return;
    counts.worst_pair_score =
        counts.has_worst_pair ? std::min(counts.worst_pair_score, pair.score) : pair.score;
    counts.has_worst_pair = true;
  });
  for (const Party& need : picture.needs()) counts.needs_served += need.load > 0 ? 1 : 0;
  counts.beneficiaries_served =
      own ? counts.needs_served : static_cast<int64_t>(beneficiaries.size());
  counts.changed_pairs = static_cast<int64_t>(picture.problem().previous.size()) - kept;
  return counts;
}

std::string CheckCounts(const AssignmentResult& result, const AssignmentResult& counts) {
  if (result.needs_served != counts.needs_served) return "needs_served is wrong";
  if (result.filled_slots != counts.filled_slots) return "filled_slots is wrong";
  if (result.beneficiaries_served != counts.beneficiaries_served) {
    return "beneficiaries_served is wrong";
  }
  if (result.total_score != counts.total_score) return "total_score is wrong";
  if (result.has_worst_pair != counts.has_worst_pair ||
      (counts.has_worst_pair && result.worst_pair_score != counts.worst_pair_score)) {
    return "worst_pair_score is wrong";
  }
  if (result.changed_pairs != counts.changed_pairs) return "changed_pairs is wrong";
  return "";
}

std::string CheckValue(const Picture& picture, const AssignmentResult& result) {
  const std::vector<std::string> components = PlanComponents(picture);
  const std::vector<absl::int128> amounts = ValueOf(picture, components);
  std::vector<ValueComponent> value;
  for (size_t c = 1; c < components.size(); ++c) {
    if (picture.problem().objective == Objective::kFloor && components[c] == "points") {
      const int64_t worst = result.has_worst_pair ? result.worst_pair_score : 0;
      value.push_back({"floor", worst, !result.has_worst_pair});
    }
    value.push_back({components[c], amounts[c - 1], false});
  }
  return value == result.value ? "" : "value: a component is wrong";
}

const PriceSet* FindSet(const Certificate& certificate, PricePurpose purpose) {
  for (const PriceSet& set : certificate.price_sets) {
    if (set.purpose == purpose) return &set;
  }
  return nullptr;
}

// The parts of a result that prove it. Made before the picture's pass over the pairs, so that they
// can say which pairs matter, and asked after it. Any part may be missing.
class Proofs {
 public:
  Proofs(const Picture& picture, const AssignmentResult& result)
      : picture_(picture), result_(result) {
    const Certificate& certificate = result.certificate;
    const bool floor = picture.problem().objective == Objective::kFloor;
    // The worst score that the plan may have, and above which nothing may fill as well.
    const int64_t worst = !floor                  ? kEveryScore
                          : result.has_worst_pair ? result.worst_pair_score
                                                  : std::numeric_limits<int64_t>::max();
    Add(PricePurpose::kPlan, PlanComponents(picture), kLargestPrice, worst, &plan_);
    if (!floor) return;
    const std::vector<std::string> filling = FillingComponents(picture);
    Add(PricePurpose::kFilling, filling, kLargestPrice, kEveryScore, &filling_);
    // Nothing is above the largest number, so neither can a floor be.
    if (!result.has_worst_pair || worst == std::numeric_limits<int64_t>::max()) return;
    if (certificate.has_next_floor_conflict) {
      next_cut_ = std::make_unique<CutProof>(picture, certificate.next_floor_conflict, worst + 1);
      screens_.push_back(next_cut_->screen());
    } else {
      Add(PricePurpose::kNextFloor, filling, kLargestCountPrice, worst + 1, &next_);
    }
  }

  const std::vector<Screen>& screens() const { return screens_; }

  std::string Check() const {
    if (picture_.problem().objective == Objective::kFloor) return CheckFloor();
    return plan_ == nullptr ? "certificate: the prices are missing" : plan_->CheckPrices();
  }

 private:
  void Add(PricePurpose purpose, const std::vector<std::string>& components,
           const absl::int128& largest, int64_t min_score, std::unique_ptr<PriceProof>* proof) {
    const PriceSet* const set = FindSet(result_.certificate, purpose);
    if (set == nullptr) return;
    *proof = std::make_unique<PriceProof>(picture_, *set, components, largest, min_score);
    if ((*proof)->readable()) screens_.push_back((*proof)->screen());
  }

  // That nothing fills better, that a better floor fills less, and that at the floor nothing has a
  // larger total.
  std::string CheckFloor() const {
    if (filling_ == nullptr || plan_ == nullptr) return "certificate: a set of prices is missing";
    std::string failure = filling_->CheckPrices();
    if (failure.empty() && result_.has_worst_pair) {
      if (next_cut_ != nullptr) {
        failure = next_cut_->Check();
      } else if (next_ != nullptr) {
        failure = next_->CheckBound(ValueOf(picture_, FillingComponents(picture_)));
      } else {
        failure = "certificate: nothing about the next better floor";
      }
    }
    return failure.empty() ? plan_->CheckPrices() : failure;
  }

  const Picture& picture_;
  const AssignmentResult& result_;
  std::unique_ptr<PriceProof> plan_;
  std::unique_ptr<PriceProof> filling_;
  std::unique_ptr<PriceProof> next_;
  std::unique_ptr<CutProof> next_cut_;
  std::vector<Screen> screens_;
};

// Whom each side would rather have: larger is better.
using Preference = std::tuple<int64_t, int64_t, int64_t, int64_t>;

// kStable: that no allowed pair blocks the plan. Made before the picture's pass over the pairs and
// run after it.
class StabilityCheck {
 public:
  StabilityCheck(const Picture& picture, const std::vector<Match>& matches)
      : picture_(picture),
        worst_of_need_(picture.needs().size()),
        worst_of_mentor_(picture.mentors().size()),
        at_need_(picture.needs().size()),
        at_mentor_(picture.mentors().size(), 0) {
    // A need with room wants any pair, others want those that are at least as good as the worst
    // that they could give up. The scores stated are checked before this is relied on.
    std::vector<int64_t> least(at_need_.size(), kMaxScore + 1);
    for (const Match& match : matches) {
      if (picture.IsPinned(match.need, match.mentor)) continue;
      least[match.need] = std::min(least[match.need], match.score);
    }
    for (size_t need = 0; need < at_need_.size(); ++need) {
      const bool room = HasRoom(picture.needs()[need]);
      at_need_[need] = room ? 0 : -std::max<int64_t>(0, least[need]);
    }
  }

  // Rules out pairs that the need does not want.
  Screen screen() const { return {at_need_.data(), at_mentor_.data(), 1, 0, kEveryScore}; }

  std::string Run() {
    // Only unpinned partners can be displaced.
    picture_.ForEachChosen([this](int32_t, const NamedPair& named) {
      if (!named.Is(NamedPair::kPinned)) NoteWorst(named.pair);
    });
    // Of the pairs that something names none blocks: they are chosen or forbidden.
    for (const KeptPair& kept : picture_.kept_pairs()) {
      if (Blocks(kept.pair)) {
        return absl::StrCat("blocking pair: ", picture_.PairName(kept.pair),
                            " would both rather have each other");
      }
    }
    return "";
  }

 private:
  struct Ranked {
    Preference preference;
    const std::string* other = nullptr;  // The smaller id is preferred when all else ties.

    friend bool operator<(const Ranked& a, const Ranked& b) {
      if (a.preference != b.preference) return a.preference < b.preference;
      return *a.other > *b.other;
    }
  };

  static bool HasRoom(const Party& party) { return party.load < party.max; }

  int64_t Draw(const AssignmentPair& pair, int which) const {
    return picture_.DrawOf(pair.need, pair.mentor, which);
  }

  Ranked OfNeed(int32_t pair) const {
    const AssignmentPair& p = picture_.problem().pairs[pair];
    return {{0, p.score, Draw(p, 0), Draw(p, 1)}, &picture_.problem().mentors[p.mentor].id};
  }

  Ranked OfMentor(int32_t pair) const {
    const AssignmentPair& p = picture_.problem().pairs[pair];
    const AssignmentNeed& need = picture_.problem().needs[p.need];
    const int64_t score = p.mentor_score == kSameScore ? p.score : p.mentor_score;
    return {{-need.tier, score, Draw(p, 0), Draw(p, 1)}, &need.id};
  }

  void NoteWorst(int32_t pair) {
    const AssignmentPair& p = picture_.problem().pairs[pair];
    Note(OfNeed(pair), &worst_of_need_[p.need]);
    Note(OfMentor(pair), &worst_of_mentor_[p.mentor]);
  }

  static void Note(const Ranked& partner, Ranked* worst) {
    if (worst->other == nullptr || partner < *worst) *worst = partner;
  }

  static bool Wants(const Ranked& worst, bool has_room, const Ranked& partner) {
    return has_room || (worst.other != nullptr && worst < partner);
  }

  bool Blocks(int32_t pair) const {
    const AssignmentPair& p = picture_.problem().pairs[pair];
    return Wants(worst_of_need_[p.need], HasRoom(picture_.needs()[p.need]), OfNeed(pair)) &&
           Wants(worst_of_mentor_[p.mentor], HasRoom(picture_.mentors()[p.mentor]), OfMentor(pair));
  }

  const Picture& picture_;
  // `other` is null where there is no unpinned partner.
  std::vector<Ranked> worst_of_need_;
  std::vector<Ranked> worst_of_mentor_;
  std::vector<int64_t> at_need_;
  std::vector<int64_t> at_mentor_;
};

std::string CheckConflict(Picture* picture, const Conflict& conflict) {
  const CutProof cut(*picture, conflict, kEveryScore);
  picture->LookThrough({cut.screen()});
  const bool one_pin = conflict.pins.size() == 1 && conflict.needs.size() == 1 &&
                       conflict.mentors.size() == 1 && conflict.quotas.empty() &&
                       conflict.demand == 1 && conflict.supply == 0;
  if (one_pin) {
    const PairRef pin = {conflict.needs[0], conflict.mentors[0]};
    const std::vector<PairRef>& pinned = picture->problem().pinned;
    const bool is_pin = std::find(pinned.begin(), pinned.end(), pin) != pinned.end();
    if (is_pin && conflict.pins[0] == pin &&
        picture->FindAllowed(pin.need, pin.mentor) == nullptr) {
      return "";
    }
  }
  return cut.Check();
}

// What needs no proof: that the plan keeps the rules and its numbers are right.
std::string CheckStatements(const Picture& picture, const AssignmentResult& result) {
  std::string failure = CheckMatches(picture, result.matches);
  if (failure.empty()) failure = CheckLoads(picture, result.matches);
  if (failure.empty()) failure = CheckCounts(result, CountAnew(picture));
  if (failure.empty()) failure = CheckValue(picture, result);
  return failure;
}

std::string CheckPlan(Picture* picture, const AssignmentResult& result) {
  if (picture->problem().objective == Objective::kStable) {
    StabilityCheck stability(*picture, result.matches);
    picture->LookThrough({stability.screen()});
    const std::string failure = CheckStatements(*picture, result);
    return failure.empty() ? stability.Run() : failure;
  }
  const Proofs proofs(*picture, result);
  picture->LookThrough(proofs.screens());
  const std::string failure = CheckStatements(*picture, result);
  return failure.empty() ? proofs.Check() : failure;
}

std::string CheckIndices(const AssignmentProblem& problem, const std::vector<Match>& matches) {
  for (const Match& match : matches) {
    if (match.need < 0 || match.need >= static_cast<int64_t>(problem.needs.size()) ||
        match.mentor < 0 || match.mentor >= static_cast<int64_t>(problem.mentors.size())) {
      return "a match names no need or mentor of the problem";
    }
  }
  return "";
}

}  // namespace
}  // namespace check

CheckResult Check(const AssignmentProblem& problem, const AssignmentResult& result) {
  CheckResult checked;
  checked.failure = check::CheckIndices(problem, result.matches);
  const bool stable = problem.objective == Objective::kStable;
  if (checked.failure.empty() && result.outcome != Outcome::kInfeasible &&
      stable != (result.outcome == Outcome::kStable)) {
    checked.failure = "status: not one that the objective can have";
  }
  if (checked.failure.empty()) {
    check::Picture picture(problem, result.matches);
    checked.failure = result.outcome == Outcome::kInfeasible
                          ? check::CheckConflict(&picture, result.conflict)
                          : check::CheckPlan(&picture, result);
  }
  checked.valid = checked.failure.empty();
  return checked;
}

}  // namespace tandem::engine
