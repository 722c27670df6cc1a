// One pass over the roster: every mentor against every rule. The scan is the fast path of ranking;
// it calls the same rules and criteria that explain a single pair.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// An eligible mentor within a scan.
struct Candidate {
  int64_t total = 0;  // Score in micro-points.
  int64_t draw = 0;
  uint64_t id_hash = 0;
  int32_t row = 0;
};

// Whether `a` ranks before `b`: the higher score, then the higher draw, then the higher draw of
// seed + 1, then the smaller id. A total order on mentors that does not depend on rows.
bool RanksBefore(const Candidate& a, const Candidate& b, const PreparedNeed& need);

Candidate CandidateOf(const MentorView& mentor, const PreparedNeed& need);

// Mentors named per rule.
constexpr size_t kMaxExamples = 5;

// Counts of a scan as numbers and rows.
struct Tally {
  struct Example {
    int64_t draw = 0;
    int32_t row = 0;
  };
  struct PerRule {
    int64_t failed = 0;
    int64_t sole = 0;
    std::vector<Example> examples;  // Of `sole`: the largest draws, best first.
  };
  int64_t considered = 0;
  int64_t eligible = 0;
  std::array<PerRule, kRuleCount> rules;
};

// Counts a mentor who breaks `broken`, which is not empty.
void Count(RuleSet broken, const MentorView& mentor, const PreparedNeed& need, Tally* tally);

// Calls `on_eligible(mentor)` for every eligible mentor, in the order of rows, and counts the
// others.
template <typename OnEligible>
Tally ScanRoster(const PreparedNeed& need, OnEligible on_eligible) {
  Tally tally;
  tally.considered = need.roster.size();
  int32_t row = 0;
  for (const std::shared_ptr<Chunk>& chunk : need.roster.chunks()) {
    const int rows = static_cast<int>(chunk->rows.size());
    for (int index = 0; index < rows; ++index, ++row) {
      const MentorView mentor(*chunk, index, row);
      const RuleSet broken = BrokenRules(mentor, need);
      if (broken.empty()) {
        ++tally.eligible;
        on_eligible(mentor);
      } else {
        Count(broken, mentor, need, &tally);
      }
    }
  }
  return tally;
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_
