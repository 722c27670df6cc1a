#include "services/matching/engine/ranking/roster_judge.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/matching/engine/rules/eligibility.h"

namespace tandem::engine {
namespace {

// Counting the weeks of every schedule pays if more than one chunk of so many has to be asked.
constexpr int64_t kChunksPerCount = 8;

bool IsKnown(const Answers* known, size_t chunk_index, const Chunk& chunk) {
  return known != nullptr && chunk_index < known->size() &&
         (*known)[chunk_index].state == chunk.state;
}

}  // namespace

RosterJudge::RosterJudge(PreparedNeed* need, const std::vector<int>& chunk_indices) : need_(need) {
  if (chunk_indices.empty()) return;
  for (int i = 0; i < kRuleCount; ++i) {
    const Rule rule = RuleAt(i);
    if (need->policy.waived_rules.Has(rule)) continue;
    std::optional<RuleAsQuestions> shared = SharedQuestionsOf(rule, *need);
    if (!shared.has_value()) continue;
    AskedRule& of_rule = rules_[i].emplace();
    of_rule.one_suffices = shared->one_suffices;
    of_rule.but_particular_rows = shared->but_particular_rows;
    for (SharedQuestion& question : shared->questions) {
      of_rule.asked.push_back(Ask(rule, std::move(question), chunk_indices));
    }
  }
}

AskedQuestion RosterJudge::Ask(Rule rule, SharedQuestion question,
                               const std::vector<int>& chunk_indices) {
  AskedQuestion asked;
  asked.known = need_->roster.answers().Find(question.key);
  asked.question = std::move(question);
  const auto& chunks = need_->roster.chunks();
  int64_t unknown = 0;
  for (const int index : chunk_indices) {
    const auto i = static_cast<size_t>(index);
    unknown += !IsKnown(asked.known.get(), i, *chunks[i]);
  }
  if (unknown == 0) return asked;
  asked.worked_out = std::make_shared<Answers>();
  if (asked.known != nullptr) *asked.worked_out = *asked.known;
  asked.worked_out->resize(chunks.size());
  const bool most = unknown * kChunksPerCount > static_cast<int64_t>(chunks.size());
  if (rule == Rule::kWeeklyOverlap && most) CountWeeksReached(need_);
  return asked;
}

const ChunkAnswer& RosterJudge::AnswerFor(int chunk_index, AskedQuestion* asked) {
  const auto index = static_cast<size_t>(chunk_index);
  if (asked->worked_out == nullptr) return (*asked->known)[index];
  const Chunk& chunk = *need_->roster.chunks()[index];
  ChunkAnswer& answer = (*asked->worked_out)[index];
  if (answer.state == chunk.state) return answer;
  answer.state = chunk.state;
  answer.yes =
      asked->question.answer(chunk, chunk_index * kChunkRows, asked->question.argument, *need_);
  return answer;
}

RowSet RosterJudge::PassingIn(int chunk_index, const RowSet& all, AskedRule* of_rule) {
  if (of_rule->asked.empty()) return all;
  RowSet passing = AnswerFor(chunk_index, &of_rule->asked[0]).yes;
  for (size_t i = 1; i < of_rule->asked.size(); ++i) {
    const RowSet& yes = AnswerFor(chunk_index, &of_rule->asked[i]).yes;
    for (size_t word = 0; word < kRowSetWords; ++word) {
      passing[word] = of_rule->one_suffices ? passing[word] | yes[word] : passing[word] & yes[word];
    }
  }
  return passing;
}

template <typename Passes>
void RosterJudge::JudgeParticularRows(int chunk_index, const Passes& passes,
                                      RowSet* passing) const {
  const std::vector<Particular>& all = need_->particulars;
  const int32_t first_row = chunk_index * kChunkRows;
  auto each = std::lower_bound(all.begin(), all.end(), first_row,
                               [](const Particular& of, int32_t row) { return of.row < row; });
  for (; each != all.end() && each->row < first_row + kChunkRows; ++each) {
    const auto index = static_cast<size_t>(each->row - first_row);
    const uint64_t bit = uint64_t{1} << index % 64;
    uint64_t& word = (*passing)[index / 64];
    word = passes(need_->roster.mentor(each->row)) ? word | bit : word & ~bit;
  }
}

ChunkVerdicts RosterJudge::Judge(int chunk_index) {
  const Chunk& chunk = *need_->roster.chunks()[static_cast<size_t>(chunk_index)];
  const int32_t first_row = chunk_index * kChunkRows;
  ChunkVerdicts verdicts;
  verdicts.mentors = AllRows(chunk);
  ForEachRule(*need_, [&](Rule rule, const auto& passes) {
    if (need_->policy.waived_rules.Has(rule)) return;
    std::optional<AskedRule>& shared = rules_[IndexOf(rule)];
    RowSet passing;
    if (shared.has_value()) {
      passing = PassingIn(chunk_index, verdicts.mentors, &*shared);
      if (shared->but_particular_rows) JudgeParticularRows(chunk_index, passes, &passing);
    } else {
      passing = PassingRows(chunk, first_row, passes);
    }
    RowSet& broken = verdicts.broken[IndexOf(rule)];
    for (size_t word = 0; word < kRowSetWords; ++word) {
      broken[word] = verdicts.mentors[word] & ~passing[word];
    }
  });
  return verdicts;
}

void RosterJudge::KeepAnswers() {
  for (std::optional<AskedRule>& of_rule : rules_) {
    if (!of_rule.has_value()) continue;
    for (AskedQuestion& asked : of_rule->asked) {
      if (asked.worked_out == nullptr) continue;
      const size_t bytes = asked.worked_out->capacity() * sizeof(ChunkAnswer);
      need_->roster.answers().Keep(asked.question.key, std::move(asked.worked_out), bytes);
    }
  }
}

}  // namespace tandem::engine
