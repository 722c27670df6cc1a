// Whom needs and mentors would rather have (DESIGN section 3, STABLE): a need prefers a mentor by
// score; a mentor prefers a need by tier (1 first), then by the mentor's score. Equal preference is
// told apart by the larger draw, then the larger second draw, then the smaller id. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PREFERENCES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PREFERENCES_H_

#include <cstdint>

#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine {

class Preferences {
 public:
  // Both must outlive it.
  Preferences(const AssignmentProblem& problem, const ProblemIndex& index)
      : problem_(problem), index_(index) {}

  // Whether the need, or the mentor, that two pairs have in common prefers the first of them.
  bool NeedPrefers(int32_t a, int32_t b) const;
  bool MentorPrefers(int32_t a, int32_t b) const;

  // How the mentor of a pair values it, in micro-points.
  int64_t MentorScore(int32_t pair) const;

 private:
  // Positive if the first draw of `a` that differs from that of `b` is larger; 0 if none differs.
  int CompareDraws(int32_t a, int32_t b) const;

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PREFERENCES_H_
