// What different needs ask alike about every mentor, so that the answers are worth keeping
// (roster/answer_memo.h).

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SHARED_QUESTIONS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SHARED_QUESTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/matching/engine/roster/row_set.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/rule.h"

namespace tandem::engine {

// A question with yes or no as answer for every mentor.
struct SharedQuestion {
  std::string key;  // Everything that the answer depends on, apart from the mentor.
  int argument = 0;
  RowSet (*answer)(const Chunk& chunk, int32_t first_row, int argument,
                   const PreparedNeed& need) = nullptr;
};

// A rule as such questions: a mentor passes it if all answers are yes, or (with `one_suffices`) one
// of them. Without questions everybody passes.
struct RuleAsQuestions {
  bool one_suffices = false;
  bool but_particular_rows = false;  // The rule itself decides about PreparedNeed::particulars.
  std::vector<SharedQuestion> questions;
};

// nullopt: no other need would ask the same, so the rule itself decides about everybody.
std::optional<RuleAsQuestions> SharedQuestionsOf(Rule rule, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_SHARED_QUESTIONS_H_
