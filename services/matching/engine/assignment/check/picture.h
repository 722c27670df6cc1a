// The checker's own picture of a problem: which pairs are allowed, and the arcs of the flow network
// that DESIGN ("Certificate") describes, written down independently of the solver.
//
// Nearly all pairs of a good plan are neither chosen nor named by anything, and their first few
// components show that they would lose. So the pairs are passed once (LookThrough): a pair that a
// screen shows to be of that kind is passed over, and only the others are kept for the checks.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::check {

// Above any maximum that a problem can state.
constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max() / 1024;

struct PictureArc {
  int32_t tail = 0;
  int32_t head = 0;
  int64_t min = 0;
  int64_t max = 0;
  int64_t flow = 0;  // Of the plan.
  // What a unit is worth.
  bool serves_beneficiary = false;
  int serves_tier = 0;    // The first unit of a need of this tier.
  int slot_tier = 0;      // Any unit of a need of this tier.
  int32_t pair = -1;      // This pair's points and draws.
  int32_t mentor = -1;    // The pair's.
  int64_t score = 0;      // Likewise, in micro-points.
  bool previous = false;  // The pair is one of the previous plan.
};

// Shows of pairs that a check need not look at them: with pair p, score(p) < min_score, or
// score(p) <= max_score and score(p) x factor + at_need[need(p)] - at_mentor[mentor(p)] < least. It
// is not asked about pairs that something names (a match, a pin, and so on), nor about needs of
// requests of several roles. Up to max_score the three terms are below 2^63 in sum.
struct Screen {
  const int64_t* at_need = nullptr;
  const int64_t* at_mentor = nullptr;
  int64_t factor = 0;
  int64_t least = 0;
  int64_t min_score = std::numeric_limits<int64_t>::min();
  int64_t max_score = kMaxScore;
};

// A need or a mentor: what bounds its matches, and how many there are. (The problem's own parts are
// much larger: this is what is read again and again.)
struct Party {
  int32_t min = 0;
  int32_t max = 0;
  int32_t quota = -1;
  int32_t load = 0;  // Matches.
  int32_t tier = 0;  // Of a need.
};

// A pair of a need that matches, pins, forbidden or previous pairs name.
struct NamedPair {
  enum Mark : uint8_t { kForbidden = 1, kPinned = 2, kPrevious = 4, kChosen = 8 };

  int32_t mentor = 0;
  int32_t pair = -1;  // Its index if it is listed.
  int64_t score = 0;  // Then its score, in micro-points.
  uint8_t marks = 0;  // A sum of Mark.

  bool Is(Mark mark) const { return (marks & mark) != 0; }
  bool IsAllowed() const { return pair >= 0 && !Is(kForbidden); }
};

// A pair that nothing names.
struct KeptPair {
  int32_t need = 0;
  int32_t mentor = 0;
  int32_t pair = 0;   // Its index.
  int64_t score = 0;  // In micro-points.
};

class Picture {
 public:
  // `problem` and `matches` must outlive the picture; the matches' indices are in range.
  Picture(const AssignmentProblem& problem, const std::vector<Match>& matches);

  // The one pass over the pairs. Before it no pair is known; afterwards those are that something
  // names or that one of `screens`, of which there are at most 3, does not rule out.
  void LookThrough(const std::vector<Screen>& screens);

  const AssignmentProblem& problem() const { return problem_; }

  // A pair that is a match or pinned, if it is allowed (listed and not forbidden); else null.
  const NamedPair* FindAllowed(int32_t need, int32_t mentor) const {
    const NamedPair* const named = FindNamed(need, mentor);
    return named == nullptr || !named->IsAllowed() ? nullptr : named;
  }
  bool IsPinned(int32_t need, int32_t mentor) const {
    const NamedPair* const named = FindNamed(need, mentor);
    return named != nullptr && named->Is(NamedPair::kPinned);
  }
  // Of `matches`, of which number `i` is looked at, fetches what will be read of a later one.
  // (Inline always, as ForEachArc's `fetch` below.)
  ABSL_ATTRIBUTE_ALWAYS_INLINE void FetchAhead(const std::vector<Match>& matches, size_t i) const {
    if (i + 2 * kAhead >= matches.size()) return;
    __builtin_prefetch(&named_from_[matches[i + 2 * kAhead].need]);
    const int32_t need = matches[i + kAhead].need;
    __builtin_prefetch(&problem_.needs[need].id);
    __builtin_prefetch(&named_[named_from_[need]]);
  }
  // Visits the matches that are allowed pairs as `visit(need, named)`, by need.
  template <typename Visit>
  void ForEachChosen(const Visit& visit) const {
    ForEachAllowed([&](int32_t need, const NamedPair& named) {
      if (named.Is(NamedPair::kChosen)) visit(need, named);
      return true;
    });
  }
  // The pairs that the pass kept though nothing names them, in order.
  const std::vector<KeptPair>& kept_pairs() const { return kept_pairs_; }
  // With the problem's seed (0) or the next (1).
  int64_t DrawOf(int32_t need, int32_t mentor, int which) const;
  // The sums of the draws of all matches with either.
  std::array<absl::int128, 2> SumsOfDraws() const;

  const std::vector<Party>& needs() const { return needs_; }
  const std::vector<Party>& mentors() const { return mentors_; }
  // Of beneficiaries, under kCoverage only, how many have a match.
  int64_t BeneficiariesServed() const;
  // How many matches stand in a quota.
  int64_t QuotaLoad(int32_t quota) const { return quota_load_[quota]; }
  // A number that the needs of a request of several roles share; -1 for the only need of one.
  int32_t SharedRequest(int32_t need) const { return names_requests_ ? shared_request_[need] : -1; }
  bool HasTier(int tier) const { return tiers_ >> tier & 1; }
  // Whether every need is a beneficiary of its own.
  bool EachItsOwnBeneficiary() const { return !names_beneficiaries_; }

  // How many nodes there are, and the number of one, or -1 if there is no such node.
  int32_t nodes() const { return nodes_; }
  int32_t NumberOf(const NodeRef& node) const;
  int32_t FirstNeed() const { return need_base_; }      // The others follow by index.
  int32_t FirstMentor() const { return mentor_base_; }  // Likewise.
  // The other way round, for messages.
  std::string NameOf(int32_t node) const;

  // Visits every arc of the network in which only those unpinned pairs take part whose score is at
  // least `min_score`, but for the pairs passed over, until `visit(arc)` returns false.
  // `fetch(node)` is told of mentors some time before, to fetch what the visit will read of them:
  // they come in no order, and waiting for memory is most of what such a visit takes. It must be
  // inline always: GCC 12 takes a function that only prefetches for one without effect, and drops
  // calls of it.
  template <typename Visit, typename Fetch>
  void ForEachArc(int64_t min_score, const Visit& visit, const Fetch& fetch) const {
    const auto fetch_mentor = [&](int32_t mentor) ABSL_ATTRIBUTE_ALWAYS_INLINE {
      __builtin_prefetch(&mentor_hash_[mentor]);
      fetch(Mentor(mentor));
    };
    if (!ForEachOtherArc(visit)) return;
    size_t next = kAhead;
    const auto visit_named = [&](int32_t need, const NamedPair& named) {
      if (next < named_.size()) fetch_mentor(named_[next++].mentor);
      const bool takes_part = named.score >= min_score || named.Is(NamedPair::kPinned);
      return !takes_part || visit(PairArc(need, named));
    };
    if (!ForEachAllowed(visit_named)) return;
    next = kAhead;
    for (const KeptPair& p : kept_pairs_) {
      if (next < kept_pairs_.size()) fetch_mentor(kept_pairs_[next++].mentor);
      if (p.score >= min_score && !visit(PairArc(p.need, {p.mentor, p.pair, p.score, 0}))) return;
    }
  }
  template <typename Visit>
  void ForEachArc(int64_t min_score, const Visit& visit) const {
    ForEachArc(min_score, visit, [](int32_t) {});
  }

  std::string PairName(int32_t pair) const;

 private:
  // How many steps before it is read something is fetched.
  static constexpr size_t kAhead = 12;

  // A mentor in a request of several roles.
  struct Role {
    int32_t mentor = 0;
    int32_t need = 0;  // The first one listed of the request, for its name.
    int64_t load = 0;
  };

  struct Beneficiary {
    int32_t first_need = 0;  // The first one listed of its needs.
    int64_t load = 0;
  };

  static uint64_t Key(int32_t high, int32_t low) {
    return static_cast<uint64_t>(high) << 32 | static_cast<uint32_t>(low);
  }

  const NamedPair* FindNamed(int32_t need, int32_t mentor) const;

  // Visits the allowed pairs that something names, by need, until `visit(need, named)` returns
  // false; whether it never did. Reads no pairs: those are far apart in memory.
  template <typename Visit>
  bool ForEachAllowed(const Visit& visit) const {
    for (size_t need = 0; need < needs_.size(); ++need) {
      for (int32_t i = named_from_[need]; i < named_from_[need + 1]; ++i) {
        if (!named_[i].IsAllowed()) continue;
        if (!visit(static_cast<int32_t>(need), named_[i])) return false;
      }
    }
    return true;
  }

  // Visits the arcs that are no pair's until `visit(arc)` returns false; whether it never did.
  template <typename Visit>
  bool ForEachOtherArc(const Visit& visit) const {
    for (size_t q = 0; q < problem_.quotas.size(); ++q) {
      if (!visit(QuotaArc(static_cast<int32_t>(q)))) return false;
    }
    for (size_t b = 0; b < beneficiaries_.size(); ++b) {
      PictureArc rest = BeneficiaryArc(static_cast<int32_t>(b));
      PictureArc first = SplitFirst(&rest);
      first.serves_beneficiary = true;
      if (!visit(first) || !visit(rest)) return false;
    }
    const bool first_counts = problem_.fill == Fill::kFirst;
    for (size_t i = 0; i < needs_.size(); ++i) {
      PictureArc arc = NeedArc(static_cast<int32_t>(i));
      if (first_counts) {
        PictureArc first = SplitFirst(&arc);
        first.serves_tier = arc.slot_tier;
        if (!visit(first)) return false;
      }
      if (!visit(arc)) return false;
    }
    for (size_t r = 0; r < roles_.size(); ++r) {
      if (!visit(RoleArc(static_cast<int32_t>(r)))) return false;
    }
    for (size_t m = 0; m < mentors_.size(); ++m) {
      if (!visit(MentorArc(static_cast<int32_t>(m)))) return false;
    }
    return true;
  }

  PictureArc PairArc(int32_t need, const NamedPair& named) const {
    PictureArc arc;
    arc.tail = Need(need);
    arc.head = roles_.empty() ? Mentor(named.mentor) : RoleOrMentor(need, named.mentor);
    arc.min = named.Is(NamedPair::kPinned) ? 1 : 0;
    arc.max = 1;
    arc.flow = named.Is(NamedPair::kChosen) ? 1 : 0;
    arc.pair = named.pair;
    arc.mentor = named.mentor;
    arc.score = named.score;
    arc.previous = named.Is(NamedPair::kPrevious);
    return arc;
  }
  PictureArc NeedArc(int32_t index) const {
    const Party& need = needs_[index];
    PictureArc arc;
    arc.tail = beneficiaries_.empty() ? Quota(need.quota) : beneficiary_of_need_[index];
    arc.head = Need(index);
    arc.slot_tier = need.tier;
    arc.min = need.min;
    arc.max = need.max;
    arc.flow = need.load;
    return arc;
  }
  PictureArc MentorArc(int32_t index) const {
    const Party& mentor = mentors_[index];
    PictureArc arc;
    arc.tail = Mentor(index);
    arc.head = Quota(mentor.quota);
    arc.min = mentor.min;
    arc.max = mentor.max;
    arc.flow = mentor.load;
    return arc;
  }
  PictureArc QuotaArc(int32_t index) const;
  PictureArc BeneficiaryArc(int32_t index) const;
  PictureArc RoleArc(int32_t index) const;

  // Takes the first unit out of `arc`, as an arc of its own beside it.
  static PictureArc SplitFirst(PictureArc* arc) {
    PictureArc first = *arc;
    first.min = std::min<int64_t>(arc->min, 1);
    first.max = std::min<int64_t>(arc->max, 1);
    first.flow = std::min<int64_t>(arc->flow, 1);
    arc->min -= first.min;
    arc->max -= first.max;
    arc->flow -= first.flow;
    return first;
  }

  int32_t Quota(int32_t quota) const { return quota < 0 ? 0 : 1 + quota; }
  int32_t Need(int32_t need) const { return need_base_ + need; }
  int32_t Mentor(int32_t mentor) const { return mentor_base_ + mentor; }
  int32_t RoleOrMentor(int32_t need, int32_t mentor) const;
  int32_t FindRole(int32_t mentor, int32_t shared_request) const;

  // The order of construction.
  void ReadParties(const std::vector<Match>& matches);
  void ReadPrevious();
  void NamePairs(const std::vector<Match>& matches);
  template <typename Take>
  void ForEachNamed(const std::vector<Match>& matches, const Take& take) const;
  void NumberNodes();
  void NumberRoles();
  void CountGroupLoads(const std::vector<Match>& matches);

  template <size_t kScreens, bool kLimited>
  void Pass(const Screen* given);
  template <typename Rule>
  size_t PassRow(size_t first, const Rule& keeps);
  template <bool kLimited>
  void PassWith(const std::vector<Screen>& screens);
  // Notes where a named pair stands; keeps another.
  void Keep(int32_t pair);

  const AssignmentProblem& problem_;
  uint32_t tiers_ = 0;  // Bit t: some need is of tier t.
  bool names_beneficiaries_ = false;
  bool names_requests_ = false;
  std::vector<Party> needs_;
  std::vector<Party> mentors_;
  std::vector<PairRef> previous_;  // Of the previous pairs those whose need and mentor are known.
  // Those of need n stand from named_from_[n] to before named_from_[n + 1], by mentor.
  std::vector<NamedPair> named_;
  std::vector<int32_t> named_from_;
  std::vector<KeptPair> kept_pairs_;
  std::vector<int64_t> quota_load_;

  int32_t need_base_ = 0;
  int32_t mentor_base_ = 0;
  int32_t beneficiary_base_ = 0;
  int32_t role_base_ = 0;
  int32_t nodes_ = 0;
  // Under kCoverage only: the node of each beneficiary and of each need's.
  absl::flat_hash_map<absl::string_view, int32_t> beneficiary_;
  std::vector<int32_t> beneficiary_of_need_;
  std::vector<Beneficiary> beneficiaries_;  // By node, from beneficiary_base_ on.
  std::vector<int32_t> shared_request_;
  std::vector<Role> roles_;
  absl::flat_hash_map<uint64_t, int32_t> role_at_;                   // Key(mentor, shared request).
  absl::flat_hash_map<absl::string_view, int32_t> request_by_name_;  // Of several roles.
  // Hashes of ids: of needs and mentors with a match from the beginning, of others when first asked
  // for; 0 before. (An id whose hash is 0 is hashed again.)
  mutable std::vector<uint64_t> need_hash_;
  mutable std::vector<uint64_t> mentor_hash_;
};

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
