// The order of eligible mentors.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_CANDIDATE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_CANDIDATE_H_

#include <cstdint>
#include <string>

#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// A mentor of the roster as the ranking compares it.
struct Candidate {
  int64_t total = 0;  // Score in micro-points.
  int64_t draw = 0;
  uint64_t id_hash = 0;
  int32_t row = 0;
};

// With the draw of the pair.
Candidate CandidateOf(int32_t row, uint64_t id_hash, int64_t total, const PreparedNeed& need);

// Whether `a` ranks before `b`: the higher score, then the higher draw, then the higher draw of
// seed + 1, then the smaller id. A total order on mentors that does not depend on rows.
bool RanksBefore(const Candidate& a, const Candidate& b, const PreparedNeed& need);

// The id of the mentor in a row.
std::string IdOf(int32_t row, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_CANDIDATE_H_
