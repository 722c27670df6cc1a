#include "services/matching/engine/ranking/roster_scan.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "services/matching/engine/criteria/points.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/parallel.h"
#include "services/matching/engine/ranking/nearest.h"
#include "services/matching/engine/ranking/tally.h"

namespace tandem::engine {
namespace {

constexpr int kFreshness = IndexOf(Criterion::kFreshness);

int64_t TotalWith(int64_t freshness_points, const ScoredMentor& mentor, const PreparedNeed& need) {
  const CriterionWeights& weights = need.policy.weights;
  const int64_t weight = std::accumulate(weights.begin(), weights.end(), int64_t{0});
  if (weight == 0) return 0;
  return MeanLessCost(mentor.sum + weights[kFreshness] * freshness_points, weight,
                      mentor.needs_interpreter ? need.policy.interpreter_cost : 0);
}

bool HasLargerBound(const ScoredMentor& a, const ScoredMentor& b) {
  return a.bound != b.bound ? a.bound > b.bound : a.row < b.row;
}

// Whether what is known of a chunk still holds.
bool Holds(const ScannedChunk& scanned, const Chunk& chunk, const PreparedNeed& need) {
  return scanned.state == chunk.state && scanned.first_since <= need.confirmed_since &&
         need.confirmed_since <= scanned.last_since;
}

// The indices of the chunks to judge; `known` may be null.
std::vector<int> ChunksToJudge(const RosterScan* known, const PreparedNeed& need) {
  const auto& chunks = need.roster.chunks();
  std::vector<int> indices;
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (known != nullptr && i < known->chunks.size() && Holds(known->chunks[i], *chunks[i], need)) {
      continue;
    }
    indices.push_back(static_cast<int>(i));
  }
  return indices;
}

ScannedChunk ScannedAs(const ChunkVerdicts& verdicts, const Chunk& chunk,
                       const PreparedNeed& need) {
  ScannedChunk scanned;
  scanned.state = chunk.state;
  scanned.first_since = std::numeric_limits<int64_t>::min();
  scanned.last_since = std::numeric_limits<int64_t>::max();
  for (const int64_t confirmed : chunk.last_confirmed) {
    if (confirmed < need.confirmed_since) {
      scanned.first_since = std::max(scanned.first_since, confirmed + 1);
    } else {
      scanned.last_since = std::min(scanned.last_since, confirmed);
    }
  }
  scanned.verdicts = verdicts;
  return scanned;
}

// Judges the chunks of `indices` and scores who is eligible in them.
std::vector<ScoredMentor> JudgeChunks(const std::vector<int>& indices, int threads,
                                      PreparedNeed* need, std::vector<ScannedChunk>* chunks) {
  std::vector<std::vector<ScoredMentor>> parts(static_cast<size_t>(threads));
  RosterJudge judge(need, indices);
  RunInParts(threads, [&](int part) {
    std::vector<ScoredMentor> scored;  // Of this thread alone while it runs.
    const auto count = static_cast<int64_t>(indices.size());
    const int64_t end = BeginOfPart(count, part + 1, threads);
    for (int64_t i = BeginOfPart(count, part, threads); i < end; ++i) {
      const int index = indices[static_cast<size_t>(i)];
      const Chunk& chunk = *need->roster.chunks()[static_cast<size_t>(index)];
      ScannedChunk& scanned = (*chunks)[static_cast<size_t>(index)];
      scanned = ScannedAs(judge.Judge(index), chunk, *need);
      ForEachRow(EligibleRows(scanned.verdicts), [&](int row) {
        scored.push_back(ScoredFor(MentorView(chunk, row, index * kChunkRows + row), *need));
      });
    }
    parts[static_cast<size_t>(part)] = std::move(scored);
  });
  judge.KeepAnswers();
  std::vector<ScoredMentor> all;
  for (const std::vector<ScoredMentor>& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

// Adds the eligible mentors of the chunks that were not judged anew, as they were known.
void AddKnown(const RosterScan& known, const std::vector<int>& judged, int32_t size,
              std::vector<ScoredMentor>* eligible) {
  const auto middle = static_cast<std::ptrdiff_t>(eligible->size());
  for (const ScoredMentor& mentor : known.eligible) {
    if (mentor.row >= size) continue;  // The scan was made for a later state of the roster.
    const int chunk = mentor.row / kChunkRows;
    if (!std::binary_search(judged.begin(), judged.end(), chunk)) eligible->push_back(mentor);
  }
  std::inplace_merge(eligible->begin(), eligible->begin() + middle, eligible->end(),
                     HasLargerBound);
}

Tally TallyOf(const RosterScan& scan, const PreparedNeed& need) {
  Tally tally;
  for (size_t i = 0; i < scan.chunks.size(); ++i) {
    Count(scan.chunks[i].verdicts, *need.roster.chunks()[i], static_cast<int32_t>(i) * kChunkRows,
          need, &tally);
  }
  return tally;
}

std::vector<int32_t> RowsOf(const std::vector<Tally::Example>& examples) {
  std::vector<int32_t> rows;
  for (const Tally::Example& example : examples) rows.push_back(example.row);
  return rows;
}

void SetRules(const Tally& tally, const PreparedNeed& need, RosterScan* scan) {
  const int binding =
      BindingRuleIndex(tally.eligible, [&tally](int i) { return tally.rules[i].sole; });
  for (int i = 0; i < kRuleCount; ++i) {
    const Tally::PerRule& counted = tally.rules[i];
    RosterScan::PerRule& rule = scan->rules[i];
    rule.failed = counted.failed;
    rule.sole = counted.sole;
    for (const Tally::Example& example : counted.examples) {
      rule.examples.push_back(
          {ScoredFor(need.roster.mentor(example.row), need), IdOf(example.row, need)});
    }
    if (rule.sole == 0) continue;
    std::vector<int32_t> rows = i == binding ? counted.sole_rows : RowsOf(counted.examples);
    if (RuleAt(i) == Rule::kProfileStale) {
      rule.nearest_among = std::move(rows);
    } else {
      rule.nearest = NearestToPassing(RuleAt(i), rows, need);
    }
  }
}

size_t MemoryBytes(const RosterScan& scan) {
  size_t bytes = sizeof(RosterScan) + KeptSentences::MaxBytes() + MemoryBytes(scan.question) +
                 scan.chunks.capacity() * sizeof(ScannedChunk) +
                 scan.eligible.capacity() * sizeof(ScoredMentor);
  for (const RosterScan::PerRule& rule : scan.rules) {
    bytes += rule.examples.capacity() * sizeof(RosterScan::Example) +
             rule.nearest_among.capacity() * sizeof(int32_t);
    if (rule.nearest.has_value()) bytes += rule.nearest->compared.capacity() * sizeof(Comparison);
  }
  return bytes;
}

}  // namespace

ScoredMentor ScoredFor(const MentorView& mentor, const PreparedNeed& need) {
  const Score score = ScoreOf(mentor, need);
  ScoredMentor scored;
  for (int i = 0; i < kCriterionCount; ++i) {
    if (i == kFreshness) continue;
    scored.points[i] = static_cast<int32_t>(score.points[i]);
    scored.sum += score.weights[i] * score.points[i];
  }
  scored.last_confirmed = mentor.last_confirmed();
  scored.id_hash = mentor.id_hash();
  scored.row = mentor.row();
  scored.needs_interpreter = score.needs_interpreter;
  scored.bound = TotalWith(kFullPoints, scored, need);
  return scored;
}

Score ScoreNow(const ScoredMentor& mentor, const PreparedNeed& need) {
  Score score;
  std::copy(mentor.points.begin(), mentor.points.end(), score.points.begin());
  score.points[kFreshness] = FreshnessPoints(mentor.last_confirmed, need);
  score.weights = need.policy.weights;
  score.needs_interpreter = mentor.needs_interpreter;
  score.total = TotalWith(score.points[kFreshness], mentor, need);
  return score;
}

Candidate CandidateOf(const ScoredMentor& mentor, const PreparedNeed& need) {
  const int64_t freshness = FreshnessPoints(mentor.last_confirmed, need);
  return CandidateOf(mentor.row, mentor.id_hash, TotalWith(freshness, mentor, need), need);
}

std::shared_ptr<const RosterScan> ScanRoster(PreparedNeed* need, int threads) {
  ScanMemo& memo = need->roster.scans();
  std::shared_ptr<const RosterScan> known = memo.Find(need->facts.id);
  if (known != nullptr && !Asks(*need, known->question)) known = nullptr;
  const size_t count = need->roster.chunks().size();
  const std::vector<int> to_judge = ChunksToJudge(known.get(), *need);
  if (known != nullptr && to_judge.empty() && known->chunks.size() == count) return known;

  auto scan = std::make_shared<RosterScan>();
  scan->question = QuestionOf(*need);
  if (known != nullptr) scan->chunks = known->chunks;
  scan->chunks.resize(count);
  const int parts = std::min<int>(threads, std::max<int>(1, static_cast<int>(to_judge.size())));
  scan->eligible = JudgeChunks(to_judge, parts, need, &scan->chunks);
  std::sort(scan->eligible.begin(), scan->eligible.end(), HasLargerBound);
  if (known != nullptr) AddKnown(*known, to_judge, need->roster.size(), &scan->eligible);
  scan->considered = need->roster.size();
  SetRules(TallyOf(*scan, *need), *need, scan.get());
  memo.Keep(need->facts.id, scan, MemoryBytes(*scan));
  return scan;
}

}  // namespace tandem::engine
