// What every mentor of the roster is to one need: eligible with so many points, or excluded by
// which rules. A scan is kept with the roster, so that asking about the same need again looks only
// at the chunks that changed, and at the few mentors who may be among the best.
//
// A kept scan holds for one day: what changes within it is how fresh profiles are. So points of
// freshness are left out of what is kept, and each chunk knows how long the same of its profiles
// are stale.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_SCAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_SCAN_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/candidate.h"
#include "services/matching/engine/ranking/kept_sentences.h"
#include "services/matching/engine/ranking/roster_judge.h"
#include "services/matching/engine/ranking/scan_question.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// A mentor with the part of the score that holds all day.
struct ScoredMentor {
  int64_t bound = 0;  // Micro-points: the total if the profile were as fresh as can be.
  int64_t sum = 0;    // Of weights x points, freshness left out.
  int64_t last_confirmed = kNever;
  uint64_t id_hash = 0;
  int32_t row = 0;
  bool needs_interpreter = false;
  std::array<int32_t, kCriterionCount> points = {};  // Those of freshness are 0.
};

ScoredMentor ScoredFor(const MentorView& mentor, const PreparedNeed& need);

// With what freshness gives now: the same as ScoreOf.
Score ScoreNow(const ScoredMentor& mentor, const PreparedNeed& need);
Candidate CandidateOf(const ScoredMentor& mentor, const PreparedNeed& need);

// A chunk of the roster as it was judged.
struct ScannedChunk {
  uint64_t state = 0;  // Of the chunk.
  // The smallest and largest PreparedNeed::confirmed_since by which the same profiles are stale.
  int64_t first_since = 0;
  int64_t last_since = 0;
  ChunkVerdicts verdicts;
};

struct RosterScan {
  struct Example {
    ScoredMentor mentor;
    std::string id;
  };
  struct PerRule {
    int64_t failed = 0;  // Whatever else they fail.
    int64_t sole = 0;    // Only this rule.
    // Of `sole` up to kMaxExamples, those of the largest draws.
    std::vector<Example> examples;
    // Of the one nearest to passing: of all of `sole` for the binding rule of a need that nobody is
    // eligible for, else of `examples`. For PROFILE_STALE that changes within the day: there only
    // the rows among which it is are known.
    std::optional<Verdict> nearest;
    std::vector<int32_t> nearest_among;
  };

  ScanQuestion question;
  std::vector<ScannedChunk> chunks;
  int64_t considered = 0;
  std::array<PerRule, kRuleCount> rules;
  std::vector<ScoredMentor> eligible;  // The largest bound first.
  std::unique_ptr<KeptSentences> sentences = std::make_unique<KeptSentences>();
};

// The rule with the most sole failures, if nobody is eligible and some rule has one; ties go to the
// first in the order of the rules. `sole_of(rule's index)` counts.
template <typename SoleOf>
int BindingRuleIndex(int64_t eligible, const SoleOf& sole_of) {
  int binding = -1;
  int64_t most = 0;
  for (int i = 0; eligible == 0 && i < kRuleCount; ++i) {
    if (sole_of(i) <= most) continue;
    most = sole_of(i);
    binding = i;
  }
  return binding;
}

// The scan for `need`, worked out by up to `threads` threads at once, which make no difference. The
// weeks of the need's schedules may be counted on the way.
std::shared_ptr<const RosterScan> ScanRoster(PreparedNeed* need, int threads);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_SCAN_H_
