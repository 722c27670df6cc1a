// The checker's own picture of a problem: which pairs are allowed, and the arcs of the flow network
// that DESIGN ("Certificate") describes, written down independently of the solver.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

  // The index of an allowed (listed and not forbidden) pair, or -1.
  int32_t AllowedPair(int32_t need, int32_t mentor) const;
  bool IsForbidden(int32_t pair) const;
  bool IsPinned(int32_t pair) const;
  bool IsPrevious(int32_t pair) const;
  bool IsChosen(int32_t pair) const;
  // With the problem's seed (0) or the next (1).
  int64_t DrawOf(int32_t pair, int which) const;

  // Matches of each need, mentor and quota.
  int64_t NeedLoad(int32_t need) const { return need_load_[need]; }
  int64_t MentorLoad(int32_t mentor) const { return mentor_load_[mentor]; }
  int64_t QuotaLoad(int32_t quota) const { return quota_load_[quota]; }

  // How many nodes there are, and the number of one, or -1 if there is no such node.
  int32_t nodes() const { return nodes_; }
  int32_t NumberOf(const NodeRef& node) const;
  // The other way round, for messages.
  std::string NameOf(int32_t node) const;

  // Visits every arc of the network in which only those unpinned pairs take part whose score is at
  // least `min_score`, until `visit` returns false.
  void ForEachArc(int64_t min_score, const std::function<bool(const PictureArc&)>& visit) const;

  std::string PairName(int32_t pair) const;

 private:
  using MentorRequest = std::pair<int32_t, absl::string_view>;

  int32_t Quota(int32_t quota) const { return quota < 0 ? 0 : 1 + quota; }
  int32_t Need(int32_t need) const { return need_base_ + need; }
  int32_t Mentor(int32_t mentor) const { return mentor_base_ + mentor; }
  void NumberNodes();
  void CountLoads();
  void MarkPrevious();
  bool VisitNeedSide(const std::function<bool(const PictureArc&)>& visit) const;
  bool VisitNeed(int32_t need, const std::function<bool(const PictureArc&)>& visit) const;
  bool VisitPairs(int64_t min_score, const std::function<bool(const PictureArc&)>& visit) const;
  bool VisitMentorSide(const std::function<bool(const PictureArc&)>& visit) const;

  const AssignmentProblem& problem_;
  const std::vector<Match>& matches_;
  absl::flat_hash_map<uint64_t, int32_t> pair_at_;
  std::vector<bool> forbidden_;
  std::vector<bool> pinned_;
  std::vector<bool> previous_;
  std::vector<bool> chosen_;
  std::vector<uint64_t> need_hash_;
  std::vector<uint64_t> mentor_hash_;
  std::vector<int64_t> need_load_;
  std::vector<int64_t> mentor_load_;
  std::vector<int64_t> quota_load_;
  std::map<absl::string_view, int64_t> beneficiary_load_;
  std::map<MentorRequest, int64_t> mentor_request_load_;

  int32_t need_base_ = 0;
  int32_t mentor_base_ = 0;
  int32_t nodes_ = 0;
  // Under kCoverage only: the node of each beneficiary.
  absl::flat_hash_map<absl::string_view, int32_t> beneficiary_;
  // The nodes of mentors and requests of several roles.
  std::map<MentorRequest, int32_t> mentor_request_;
};

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PICTURE_H_
