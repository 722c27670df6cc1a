// What a need asks of every mentor, apart from the moment within the day: what a scan of the roster
// depends on.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_QUESTION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_QUESTION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

struct ScanQuestion {
  NeedFacts need;
  ServicePolicyFacts policy;
  std::vector<uint32_t> restricted_countries;  // As PreparedNeed::restricted_numbers.
  std::vector<Particular> particulars;
  uint64_t seed = 0;
  uint64_t zones_state = 0;
  Day today = 0;
};

ScanQuestion QuestionOf(const PreparedNeed& need);

// Whether `need` asks the same: whatever holds for a mentor who did not change holds still, as long
// as the profile is as stale or not as it was.
bool Asks(const PreparedNeed& need, const ScanQuestion& question);

size_t MemoryBytes(const ScanQuestion& question);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_QUESTION_H_
