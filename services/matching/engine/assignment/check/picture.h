// The checker's own picture of a problem: which pairs are allowed, and the arcs of the flow network
// that DESIGN ("Certificate") describes, written down independently of the solver.
//
// Made in one pass over the pairs, which looks up none of them but those that matches, pins and the
// like name.

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
  int serves_tier = 0;  // The first unit of a need of this tier.
  int slot_tier = 0;    // Any unit of a need of this tier.
  int32_t pair = -1;    // This pair's points and draws.
};

class Picture {
 public:
  // `problem` and `matches` must outlive the picture; the matches' indices are in range.
  Picture(const AssignmentProblem& problem, const std::vector<Match>& matches);

  const AssignmentProblem& problem() const { return problem_; }

  // The index of an allowed (listed and not forbidden) pair that is a match or pinned, or -1.
  int32_t AllowedPair(int32_t need, int32_t mentor) const;
  bool IsForbidden(int32_t pair) const { return marks_[pair] & kForbidden; }
  bool IsPinned(int32_t pair) const { return marks_[pair] & kPinned; }
  bool IsPrevious(int32_t pair) const { return marks_[pair] & kPrevious; }
  bool IsChosen(int32_t pair) const { return marks_[pair] & kChosen; }
  // The matches' pairs, those that are listed, in no particular order.
  const std::vector<int32_t>& chosen_pairs() const { return chosen_pairs_; }
  // With the problem's seed (0) or the next (1).
  int64_t DrawOf(int32_t pair, int which) const;

  // Matches of each need, mentor and quota.
  int64_t NeedLoad(int32_t need) const { return need_load_[need]; }
  int64_t MentorLoad(int32_t mentor) const { return mentor_load_[mentor]; }
  int64_t QuotaLoad(int32_t quota) const { return quota_load_[quota]; }
  // A number that the needs of a request of several roles share; -1 for the only need of one.
  int32_t SharedRequest(int32_t need) const { return shared_request_[need]; }

  // How many nodes there are, and the number of one, or -1 if there is no such node.
  int32_t nodes() const { return nodes_; }
  int32_t NumberOf(const NodeRef& node) const;
  // The other way round, for messages.
  std::string NameOf(int32_t node) const;

  // Visits every arc of the network in which only those unpinned pairs take part whose score is at
  // least `min_score`, until `visit(arc)` returns false.
  template <typename Visit>
  void ForEachArc(int64_t min_score, const Visit& visit) const {
    for (const PictureArc& arc : other_arcs_) {
      if (!visit(arc)) return;
    }
    for (int32_t pair = 0; pair < static_cast<int64_t>(problem_.pairs.size()); ++pair) {
      if (!TakesPart(pair, min_score)) continue;
      if (!visit(PairArc(pair))) return;
    }
  }

  // Visits the arcs that carry something, of all scores.
  template <typename Visit>
  void ForEachUsedArc(const Visit& visit) const {
    for (const PictureArc& arc : other_arcs_) {
      if (arc.flow != 0) visit(arc);
    }
    for (int32_t pair : chosen_pairs_) {
      if (!IsForbidden(pair)) visit(PairArc(pair));
    }
  }

  std::string PairName(int32_t pair) const;

 private:
  enum Mark : uint8_t { kForbidden = 1, kPinned = 2, kPrevious = 4, kChosen = 8 };

  // A mentor in a request of several roles.
  struct Role {
    int32_t mentor = 0;
    int32_t need = 0;  // The first one listed of the request, for its name.
    int64_t load = 0;
  };

  static uint64_t Key(int32_t high, int32_t low) {
    return static_cast<uint64_t>(high) << 32 | static_cast<uint32_t>(low);
  }

  bool TakesPart(int32_t pair, int64_t min_score) const {
    const uint8_t marks = marks_[pair];
    if (marks & kForbidden) return false;
    return problem_.pairs[pair].score >= min_score || (marks & kPinned);
  }
  PictureArc PairArc(int32_t index) const {
    const AssignmentPair& pair = problem_.pairs[index];
    const uint8_t marks = marks_[index];
    PictureArc arc;
    arc.tail = Need(pair.need);
    arc.head = roles_.empty() ? Mentor(pair.mentor) : RoleOrMentor(pair);
    arc.min = marks & kPinned ? 1 : 0;
    arc.max = 1;
    arc.flow = marks & kChosen ? 1 : 0;
    arc.pair = index;
    return arc;
  }

  int32_t Quota(int32_t quota) const { return quota < 0 ? 0 : 1 + quota; }
  int32_t Need(int32_t need) const { return need_base_ + need; }
  int32_t Mentor(int32_t mentor) const { return mentor_base_ + mentor; }
  int32_t RoleOrMentor(const AssignmentPair& pair) const;
  int32_t FindRole(int32_t mentor, int32_t shared_request) const;

  // The order of construction.
  void MarkPairs(const std::vector<Match>& matches);
  void NumberNodes();
  void NumberRoles();
  void CountLoads(const std::vector<Match>& matches);
  void DrawNeedSide();
  void DrawBeneficiary(int32_t need);
  void DrawNeed(int32_t need);
  void DrawMentorSide();

  const AssignmentProblem& problem_;
  std::vector<uint8_t> marks_;  // Of each pair, a sum of Mark.
  std::vector<int32_t> chosen_pairs_;
  // The pairs that matches, pins, forbidden and previous pairs name: index, or -1 if not listed.
  absl::flat_hash_map<uint64_t, int32_t> named_;
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
