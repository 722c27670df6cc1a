// Every mentor of a roster against every hard rule, a chunk and a rule at a time.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_JUDGE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_JUDGE_H_

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/matching/engine/ranking/shared_questions.h"
#include "services/matching/engine/roster/answers.h"
#include "services/matching/engine/roster/row_set.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/rule.h"

namespace tandem::engine {

// By index of the rule: the mentors of a chunk who break it. Nobody breaks a waived rule.
struct ChunkVerdicts {
  RowSet mentors = {};  // All of the chunk.
  std::array<RowSet, kRuleCount> broken = {};
};

// A shared question with its answers.
struct AskedQuestion {
  SharedQuestion question;
  std::shared_ptr<const Answers> known;  // nullptr: nothing.
  std::shared_ptr<Answers> worked_out;   // What is known and more; nullptr: all is known.
};
struct AskedRule {
  bool one_suffices = false;
  bool but_particular_rows = false;
  std::vector<AskedQuestion> asked;
};

// The same rules as BrokenRules, in another order of loops; answers that needs share are taken from
// the roster's memo.
class RosterJudge {
 public:
  // Will judge the chunks of these indices. Counts the weeks of all schedules in `need` if most
  // mentors have to be asked about theirs. `need` must outlive the judge.
  RosterJudge(PreparedNeed* need, const std::vector<int>& chunk_indices);

  // May be called for different chunks at the same time.
  ChunkVerdicts Judge(int chunk_index);

  // Keeps what was worked out anew in the roster's memo. After all chunks were judged.
  void KeepAnswers();

 private:
  AskedQuestion Ask(Rule rule, SharedQuestion question, const std::vector<int>& chunk_indices);
  // `all` are the mentors of the chunk.
  RowSet PassingIn(int chunk_index, const RowSet& all, AskedRule* of_rule);
  template <typename Passes>
  void JudgeParticularRows(int chunk_index, const Passes& passes, RowSet* passing) const;
  const ChunkAnswer& AnswerFor(int chunk_index, AskedQuestion* asked);

  PreparedNeed* need_;
  // By index of the rule; nullopt: waived, or not shared with other needs.
  std::array<std::optional<AskedRule>, kRuleCount> rules_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_ROSTER_JUDGE_H_
