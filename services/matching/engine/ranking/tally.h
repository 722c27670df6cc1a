// Whom each rule excludes, counted.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_TALLY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/engine/ranking/roster_judge.h"
#include "services/matching/engine/roster/row_set.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/rule.h"

namespace tandem::engine {

// Mentors named per rule.
constexpr size_t kMaxExamples = 5;

struct Tally {
  struct Example {
    int64_t draw = 0;
    int32_t row = 0;
  };
  struct PerRule {
    int64_t failed = 0;              // Whatever else they fail.
    int64_t sole = 0;                // Only this rule.
    std::vector<Example> examples;   // Of `sole`: the largest draws, best first.
    std::vector<int32_t> sole_rows;  // All of `sole`, in the order of rows.
  };
  int64_t eligible = 0;
  std::array<PerRule, kRuleCount> rules;
};

// The mentors who break no rule.
RowSet EligibleRows(const ChunkVerdicts& verdicts);

// Counts the mentors of a chunk, whose first is in row `first_row`. Chunks come in their order.
void Count(const ChunkVerdicts& verdicts, const Chunk& chunk, int32_t first_row,
           const PreparedNeed& need, Tally* tally);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_TALLY_H_
