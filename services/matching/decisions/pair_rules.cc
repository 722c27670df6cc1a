#include "services/matching/decisions/pair_rules.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/words.h"

namespace tandem::matching {

absl::StatusOr<std::vector<engine::Verdict>> BrokenRulesOf(const engine::NeedFacts& need,
                                                           absl::string_view mentor,
                                                           const engine::DecisionInputs& inputs) {
  TANDEM_ASSIGN_OR_RETURN(const engine::PreparedNeed prepared, engine::Prepare(need, inputs));
  const std::optional<int32_t> row = inputs.roster.RowOf(mentor);
  if (!row.has_value()) return common::NotFound(mentor);
  const engine::MentorView view = inputs.roster.mentor(*row);
  std::vector<engine::Verdict> broken;
  for (engine::Rule rule : engine::BrokenRules(view, prepared).rules()) {
    broken.push_back(engine::VerdictOf(rule, view, prepared));
  }
  return broken;
}

absl::Status RulesError(absl::string_view mentor, const std::vector<engine::Verdict>& broken) {
  if (broken.empty()) return absl::OkStatus();
  std::vector<std::string> codes;
  std::vector<std::string> sentences;
  for (const engine::Verdict& verdict : broken) {
    codes.push_back(std::string(engine::CodeOf(verdict.rule)));
    sentences.push_back(absl::StrCat(codes.back(), " (", engine::SentenceOf(verdict), ")"));
  }
  return common::FailedPrecondition(
      "RULE_BROKEN",
      absl::StrCat(mentor, " is not eligible on today's data: ", absl::StrJoin(sentences, "; "),
                   ". Reject the match and solve the cohort again, or change what the rule names"),
      {{"rules", absl::StrJoin(codes, ",")}, {"mentor", std::string(mentor)}});
}

}  // namespace tandem::matching
