// The conditions that a conflict's cut must meet to be a proof that no plan keeps all minimums.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_CUT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_CUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/engine/assignment/check/picture.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::check {

// That the arcs across the border of a conflict's set must carry more than they can. Made, and
// used, as PriceProof (prices.h) is. Check returns the first failure, with its place, or an empty
// string.
class CutProof {
 public:
  CutProof(const Picture& picture, const Conflict& conflict, int64_t min_score);

  Screen screen() const;
  std::string Check() const;

 private:
  std::string ReadSet();

  const Picture& picture_;
  const Conflict& conflict_;
  const int64_t min_score_;
  std::vector<bool> inside_;  // By node.
  // An unpinned pair counts as supply only where these are 0 and 0.
  std::vector<int64_t> at_need_;
  std::vector<int64_t> at_mentor_;
  std::string failure_;
};

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_CUT_H_
