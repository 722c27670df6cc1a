// The problems of which digests are compared: small ones over all options, and middle-sized ones
// where vectors, threads and the solver's rarer steps come into play.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DIGESTS_DIGEST_PROBLEMS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DIGESTS_DIGEST_PROBLEMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::digests {

struct DigestProblem {
  std::string set;    // Problems of one set stand side by side.
  uint64_t seed = 0;  // Of the generator, and of the other order in which it is listed.
  AssignmentProblem problem;
};

std::vector<DigestProblem> AllDigestProblems();

}  // namespace tandem::engine::digests

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DIGESTS_DIGEST_PROBLEMS_H_
