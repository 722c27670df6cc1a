// One pass over the roster: every mentor against every rule. The scan is the fast path of ranking;
// it comes to the same as BrokenRules, which explains a single pair.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/matching/engine/parallel.h"
#include "services/matching/engine/ranking/roster_judge.h"
#include "services/matching/engine/roster/row_set.h"
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
    std::vector<Example> examples;   // Of `sole`: the largest draws, best first.
    std::vector<int32_t> sole_rows;  // All of `sole`, in the order of rows.
  };
  int64_t considered = 0;
  int64_t eligible = 0;
  std::array<PerRule, kRuleCount> rules;
};

// Counts the mentors of a chunk, whose first is in row `first_row`. Returns the eligible ones.
RowSet Count(const ChunkVerdicts& verdicts, const Chunk& chunk, int32_t first_row,
             const PreparedNeed& need, Tally* tally);

// Adds the counts of another part of the roster.
void Merge(const Tally& part, const PreparedNeed& need, Tally* tally);

// Hands every eligible mentor to `sink->Take(mentor)` and counts the others, over `threads` parts
// of the roster at once. Each part fills a copy of `*sink`, which is empty at first;
// `sink->Merge(part)` brings them together in the order of rows. The result does not depend on the
// number of threads. The weeks of `need`'s schedules may be counted on the way.
template <typename Sink>
Tally ScanRoster(PreparedNeed* need, int threads, Sink* sink) {
  const auto& chunks = need->roster.chunks();
  std::vector<Sink> sinks(static_cast<size_t>(threads), *sink);
  std::vector<Tally> tallies(static_cast<size_t>(threads));
  RosterJudge judge(need);
  RunInParts(threads, [&](int part) {
    Sink own = sinks[part];  // Of this thread alone while it runs.
    Tally tally;
    const auto count = static_cast<int64_t>(chunks.size());
    const auto end = static_cast<int>(BeginOfPart(count, part + 1, threads));
    for (int i = static_cast<int>(BeginOfPart(count, part, threads)); i < end; ++i) {
      const Chunk& chunk = *chunks[static_cast<size_t>(i)];
      const int32_t first_row = i * kChunkRows;
      const RowSet eligible = Count(judge.Judge(i), chunk, first_row, *need, &tally);
      ForEachRow(eligible,
                 [&](int index) { own.Take(MentorView(chunk, index, first_row + index)); });
    }
    sinks[part] = std::move(own);
    tallies[part] = std::move(tally);
  });
  judge.KeepAnswers();
  Tally all;
  all.considered = need->roster.size();
  for (int part = 0; part < threads; ++part) {
    Merge(tallies[part], *need, &all);
    sink->Merge(std::move(sinks[part]));
  }
  return all;
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SCAN_H_
