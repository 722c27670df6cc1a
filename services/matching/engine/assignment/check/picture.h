// The checker's own picture of a problem: which pairs are allowed, and the arcs of the flow network
// that DESIGN ("Certificate") describes, written down independently of the solver.
//
// Nearly all pairs of a good plan are neither chosen nor named by anything, and their first few
// components show that they would lose. So the pairs are passed once (LookThrough): a pair that a
// screen shows to be of that kind is passed over, and only the others are kept for the checks.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

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

// Shows of pairs that a check need not look at them: with pair p, score(p) x factor +
// at_need[need(p)] - at_mentor[mentor(p)] < least, or score(p) < min_score. It is not asked about
// pairs that something names (a match, a pin, and so on), nor about needs of requests of several
// roles. The three terms are below 2^62 in sum.
struct Screen {
  const int64_t* at_need = nullptr;
  const int64_t* at_mentor = nullptr;
  int64_t factor = 0;
  int64_t least = 0;
  int64_t min_score = std::numeric_limits<int64_t>::min();
};

class Picture {
 public:
  // `problem` and `matches` must outlive the picture; the matches' indices are in range.
  Picture(const AssignmentProblem& problem, const std::vector<Match>& matches);

  // The one pass over the pairs. Before it no pair is known; afterwards those are that something
  // names or that one of `screens`, of which there are at most 3, does not rule out.
  void LookThrough(const std::vector<Screen>& screens);

  const AssignmentProblem& problem() const { return problem_; }

  // The index of an allowed (listed and not forbidden) pair that is a match or pinned, or -1.
  int32_t AllowedPair(int32_t need, int32_t mentor) const;
  bool IsForbidden(int32_t pair) const { return MarksOf(pair) & kForbidden; }
  bool IsPinned(int32_t pair) const { return MarksOf(pair) & kPinned; }
  bool IsPrevious(int32_t pair) const { return MarksOf(pair) & kPrevious; }
  bool IsChosen(int32_t pair) const { return MarksOf(pair) & kChosen; }
  // The same of a need and a mentor, without a look at the pair.
  bool IsPinned(int32_t need, int32_t mentor) const { return MarksOf(need, mentor) & kPinned; }
  bool IsPrevious(int32_t need, int32_t mentor) const { return MarksOf(need, mentor) & kPrevious; }
  // The score of an AllowedPair; undefined if there is none.
  int64_t AllowedScore(int32_t need, int32_t mentor) const {
    return FindNamed(need, mentor)->score;
  }
  // The pairs that the pass kept though nothing names them, in order.
  const std::vector<int32_t>& kept_pairs() const { return kept_pairs_; }
  // The matches' pairs, those that are listed, in no particular order.
  const std::vector<int32_t>& chosen_pairs() const { return chosen_pairs_; }
  // With the problem's seed (0) or the next (1).
  int64_t DrawOf(int32_t need, int32_t mentor, int which) const;

  // Matches of each need, mentor and quota.
  int64_t NeedLoad(int32_t need) const { return need_load_[need]; }
  int64_t MentorLoad(int32_t mentor) const { return mentor_load_[mentor]; }
  int64_t QuotaLoad(int32_t quota) const { return quota_load_[quota]; }
  // A number that the needs of a request of several roles share; -1 for the only need of one.
  int32_t SharedRequest(int32_t need) const { return shared_request_[need]; }
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
  template <typename Visit>
  void ForEachArc(int64_t min_score, const Visit& visit) const {
    for (const PictureArc& arc : other_arcs_) {
      if (!visit(arc)) return;
    }
    if (!ForEachNamedArc([&](const PictureArc& arc, uint8_t marks) {
          const bool takes_part = arc.score >= min_score || marks & kPinned;
          return !takes_part || visit(arc);
        })) {
      return;
    }
    for (const int32_t pair : kept_pairs_) {
      const AssignmentPair& p = problem_.pairs[pair];
      if (p.score >= min_score && !visit(PairArc(p.need, {p.mentor, pair, p.score, 0}))) return;
    }
  }

  // Visits the arcs that carry something, of all scores.
  template <typename Visit>
  void ForEachUsedArc(const Visit& visit) const {
    for (const PictureArc& arc : other_arcs_) {
      if (arc.flow != 0) visit(arc);
    }
    ForEachNamedArc([&](const PictureArc& arc, uint8_t marks) {
      if (marks & kChosen) visit(arc);
      return true;
    });
  }

  std::string PairName(int32_t pair) const;

 private:
  enum Mark : uint8_t { kForbidden = 1, kPinned = 2, kPrevious = 4, kChosen = 8 };

  // A pair that matches, pins, forbidden or previous pairs name.
  struct Named {
    int32_t mentor = 0;
    int32_t pair = -1;  // Its index if it is listed.
    int64_t score = 0;  // Then its score.
    uint8_t marks = 0;  // A sum of Mark.
  };

  // Which mentors are named together with a need, so that a pair is told in two steps.
  struct Partners {
    int32_t only = -1;  // The mentor, if it is one.
    uint64_t bits = 0;  // Otherwise bit m % 64 for each mentor m.
  };

  // A mentor in a request of several roles.
  struct Role {
    int32_t mentor = 0;
    int32_t need = 0;  // The first one listed of the request, for its name.
    int64_t load = 0;
  };

  static uint64_t Key(int32_t high, int32_t low) {
    return static_cast<uint64_t>(high) << 32 | static_cast<uint32_t>(low);
  }

  uint8_t MarksOf(int32_t pair) const {
    return MarksOf(problem_.pairs[pair].need, problem_.pairs[pair].mentor);
  }
  uint8_t MarksOf(int32_t need, int32_t mentor) const {
    const Named* const named = FindNamed(need, mentor);
    return named == nullptr ? 0 : named->marks;
  }
  const Named* FindNamed(int32_t need, int32_t mentor) const;

  // Visits the arcs of allowed pairs that something names, by need, until `visit(arc, marks)`
  // returns false; whether it never did. Reads no pairs: those are far apart in memory.
  template <typename Visit>
  bool ForEachNamedArc(const Visit& visit) const {
    for (size_t need = 0; need < problem_.needs.size(); ++need) {
      for (int32_t i = named_from_[need]; i < named_from_[need + 1]; ++i) {
        const Named& named = named_[i];
        if (named.pair < 0 || named.marks & kForbidden) continue;
        if (!visit(PairArc(static_cast<int32_t>(need), named), named.marks)) return false;
      }
    }
    return true;
  }

  PictureArc PairArc(int32_t need, const Named& named) const {
    PictureArc arc;
    arc.tail = Need(need);
    arc.head = roles_.empty() ? Mentor(named.mentor) : RoleOrMentor(need, named.mentor);
    arc.min = named.marks & kPinned ? 1 : 0;
    arc.max = 1;
    arc.flow = named.marks & kChosen ? 1 : 0;
    arc.pair = named.pair;
    arc.mentor = named.mentor;
    arc.score = named.score;
    arc.previous = named.marks & kPrevious;
    return arc;
  }

  int32_t Quota(int32_t quota) const { return quota < 0 ? 0 : 1 + quota; }
  int32_t Need(int32_t need) const { return need_base_ + need; }
  int32_t Mentor(int32_t mentor) const { return mentor_base_ + mentor; }
  int32_t RoleOrMentor(int32_t need, int32_t mentor) const;
  int32_t FindRole(int32_t mentor, int32_t shared_request) const;

  // The order of construction.
  void ReadNeeds();
  void NamePairs(const std::vector<Match>& matches);
  template <typename Take>
  void ForEachNamed(const std::vector<Match>& matches, const Take& take) const;
  void SetPartners();
  void NumberNodes();
  void NumberRoles();
  void CountLoads(const std::vector<Match>& matches);
  void DrawNeedSide();
  void DrawBeneficiary(int32_t need);
  void DrawNeed(int32_t need);
  void DrawMentorSide();

  template <size_t kScreens>
  void Pass(const Screen* given);
  // Notes where a named pair stands; keeps another.
  void Keep(int32_t pair);

  const AssignmentProblem& problem_;
  uint32_t tiers_ = 0;  // Bit t: some need is of tier t.
  bool names_beneficiaries_ = false;
  bool names_requests_ = false;
  // Those of need n stand from named_from_[n] to before named_from_[n + 1], by mentor.
  std::vector<Named> named_;
  std::vector<int32_t> named_from_;
  std::vector<Partners> partners_;  // By need.
  std::vector<int32_t> kept_pairs_;
  std::vector<int32_t> chosen_pairs_;
  std::vector<int64_t> need_load_;
  std::vector<int64_t> mentor_load_;
  std::vector<int64_t> quota_load_;

  int32_t need_base_ = 0;
  int32_t mentor_base_ = 0;
  int32_t role_base_ = 0;
  int32_t nodes_ = 0;
  // Under kCoverage only: the node of each beneficiary and of each need's, and loads.
  absl::flat_hash_map<absl::string_view, int32_t> beneficiary_;
  std::vector<int32_t> beneficiary_of_need_;
  std::vector<int64_t> beneficiary_load_;  // By node, from mentor_base_ + mentors on.
  std::vector<int32_t> shared_request_;
  std::vector<Role> roles_;
  absl::flat_hash_map<uint64_t, int32_t> role_at_;                   // Key(mentor, shared request).
  absl::flat_hash_map<absl::string_view, int32_t> request_by_name_;  // Of several roles.
  std::vector<PictureArc> other_arcs_;                               // All but those of pairs.
  // Hashes of ids, computed when first asked for; 0 before. (An id whose hash is 0 is hashed
  // again.)
  mutable std::vector<uint64_t> need_hash_;
  mutable std::vector<uint64_t> mentor_hash_;
};

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
