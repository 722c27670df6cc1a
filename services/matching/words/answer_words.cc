#include "services/matching/words/answer_words.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/points.h"
#include "services/matching/engine/rules/words.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

constexpr int kReasonCriteria = 3;

// "Schedule overlap" for SCHEDULE_OVERLAP.
std::string Heading(absl::string_view code) {
  std::string words = CodeWords(code);
  words[0] = absl::ascii_toupper(words[0]);
  return words;
}

// The criteria that contribute most to the score, heaviest first; those without weight are left
// out.
std::vector<int> HeaviestCriteria(const engine::Score& score) {
  std::vector<int> order(engine::kCriterionCount);
  std::iota(order.begin(), order.end(), 0);
  const auto contribution = [&](int i) { return score.points[i] * score.weights[i]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return contribution(a) > contribution(b); });
  while (!order.empty() && contribution(order.back()) == 0) order.pop_back();
  if (order.size() > kReasonCriteria) order.resize(kReasonCriteria);
  return order;
}

}  // namespace

v1::RuleVerdict ToProto(const engine::Verdict& verdict) {
  v1::RuleVerdict proto;
  proto.set_rule(static_cast<v1::Rule>(verdict.rule));
  proto.set_passed(verdict.passed);
  proto.set_waived(verdict.waived);
  for (const engine::Comparison& comparison : verdict.compared) {
    const engine::ComparisonWords words = engine::WordsOf(comparison);
    v1::ComparedValue* compared = proto.add_compared();
    compared->set_label(words.label);
    compared->set_actual(words.actual);
    compared->set_required(words.required);
  }
  proto.set_sentence(engine::SentenceOf(verdict));
  proto.set_remedy(engine::RemedyOf(verdict));
  return proto;
}

google::protobuf::RepeatedPtrField<v1::RuleCount> ToProto(const engine::PoolCounts& pool) {
  google::protobuf::RepeatedPtrField<v1::RuleCount> counts;
  for (int i = 0; i < engine::kRuleCount; ++i) {
    const engine::RuleCount& count = pool.rules[i];
    if (count.failed == 0) continue;
    v1::RuleCount* proto = counts.Add();
    proto->set_rule(static_cast<v1::Rule>(engine::RuleAt(i)));
    proto->set_failed(count.failed);
    proto->set_sole(count.sole);
    for (const std::string& mentor : count.sole_examples) proto->add_sole_examples(mentor);
    if (count.sole > 0 && count.nearest.has_value()) {
      proto->set_remedy(engine::RemedyOf(*count.nearest));
    }
  }
  return counts;
}

google::protobuf::RepeatedPtrField<v1::CriterionValue> ToProto(
    const engine::Score& score, const std::array<std::string, engine::kCriterionCount>* sentences) {
  google::protobuf::RepeatedPtrField<v1::CriterionValue> values;
  for (int i = 0; i < engine::kCriterionCount; ++i) {
    v1::CriterionValue* value = values.Add();
    value->set_criterion(static_cast<v1::Criterion>(engine::CriterionAt(i)));
    value->set_micropoints(score.points[i]);
    value->set_weight(score.weights[i]);
    if (sentences != nullptr) value->set_sentence((*sentences)[i]);
  }
  return values;
}

std::string TieTurnerSentence(const engine::TieTurner& turner) {
  return absl::StrCat("Giving ", CodeWords(engine::CodeOf(turner.criterion)), " the weight ",
                      turner.to_weight, " instead of ", turner.from_weight,
                      " would swap this mentor with the next.");
}

std::vector<std::string> MatchReasons(const engine::Explanation& explanation,
                                      int64_t eligible_count) {
  std::vector<std::string> reasons;
  reasons.push_back(absl::StrCat("Rank ", explanation.rank, " of ",
                                 Counted(eligible_count, "eligible mentor", "eligible mentors"),
                                 " for this need, with ",
                                 base::ExactPoints(explanation.score.total), " of 100 points."));
  for (int i : HeaviestCriteria(explanation.score)) {
    reasons.push_back(absl::StrCat(Heading(engine::CodeOf(engine::CriterionAt(i))), ": ",
                                   explanation.criterion_sentences[i], "."));
  }
  if (explanation.score.needs_interpreter) {
    reasons.push_back("An interpreter is needed; the score allows for the cost.");
  }
  return reasons;
}

std::string CodeWords(absl::string_view code) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(code), {{"_", " "}});
}

}  // namespace tandem::matching
