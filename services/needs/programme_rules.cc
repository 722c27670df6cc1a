#include "services/needs/programme_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/common/validation.h"

namespace tandem::needs {
namespace {

using common::FieldViolations;
using common::IndexPath;
using common::JoinPath;
using common::Presence;

constexpr int kMaxTitle = 500;
constexpr int kMaxUnit = 50;
constexpr int kMaxParts = 200;  // partners, outcomes, outputs of one, indicators of one
constexpr size_t kMaxDecimalBytes = 32;

// An optional decimal number such as "-12.5".
void CheckDecimal(absl::string_view text, absl::string_view path, FieldViolations* violations) {
  if (text.empty()) return;
  absl::string_view rest = text;
  if (rest[0] == '-') rest.remove_prefix(1);
  const auto digits = [](absl::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(),
                                        [](unsigned char c) { return absl::ascii_isdigit(c); });
  };
  const size_t point = rest.find('.');
  const bool fine = text.size() <= kMaxDecimalBytes && digits(rest.substr(0, point)) &&
                    (point == absl::string_view::npos || digits(rest.substr(point + 1)));
  if (!fine) violations->Add(path, "must be a decimal number such as \"12.5\"");
}

// An id within the programme, in lower case and not used before in its kind.
void CheckId(const std::string& id, absl::string_view path, std::set<std::string>* seen,
             FieldViolations* violations) {
  common::CheckLocalId(id, path, violations);
  if (id != absl::AsciiStrToLower(id)) violations->Add(path, "must be in lower case");
  common::CheckUnique(id, path, seen, violations);
}

void CheckPartner(const v1::ProgrammePartner& partner, const std::string& path,
                  FieldViolations* violations) {
  common::CheckDisplayName(partner.display_name(), 200, Presence::kRequired,
                           JoinPath(path, "display_name"), violations);
  common::CheckEnum(partner.role(), v1::PartnerRole_IsValid, Presence::kRequired,
                    JoinPath(path, "role"), violations);
  tandem::common::v1::DateRange dates;
  if (partner.has_start_date()) *dates.mutable_start_date() = partner.start_date();
  if (partner.has_end_date()) *dates.mutable_end_date() = partner.end_date();
  common::CheckDateRange(dates, Presence::kOptional, Presence::kOptional, path, violations);
}

void CheckIndicators(const google::protobuf::RepeatedPtrField<v1::Indicator>& indicators,
                     const std::string& path, std::set<std::string>* seen,
                     FieldViolations* violations) {
  common::CheckCount(indicators.size(), kMaxParts, path, violations);
  for (int i = 0; i < std::min(indicators.size(), kMaxParts); ++i) {
    const v1::Indicator& indicator = indicators[i];
    const std::string at = IndexPath(path, i);
    CheckId(indicator.indicator_id(), JoinPath(at, "indicator_id"), seen, violations);
    common::CheckDisplayName(indicator.title(), kMaxTitle, Presence::kRequired,
                             JoinPath(at, "title"), violations);
    common::CheckDisplayName(indicator.unit(), kMaxUnit, Presence::kOptional, JoinPath(at, "unit"),
                             violations);
    CheckDecimal(indicator.baseline(), JoinPath(at, "baseline"), violations);
    CheckDecimal(indicator.target(), JoinPath(at, "target"), violations);
  }
}

// The ids seen so far, each kind unique within the programme.
struct SeenIds {
  std::set<std::string> outcomes;
  std::set<std::string> outputs;
  std::set<std::string> indicators;
};

void CheckOutcome(const v1::Outcome& outcome, const std::string& path, SeenIds* seen,
                  FieldViolations* violations) {
  CheckId(outcome.outcome_id(), JoinPath(path, "outcome_id"), &seen->outcomes, violations);
  common::CheckDisplayName(outcome.title(), kMaxTitle, Presence::kRequired, JoinPath(path, "title"),
                           violations);
  CheckIndicators(outcome.indicators(), JoinPath(path, "indicators"), &seen->indicators,
                  violations);
  const std::string outputs = JoinPath(path, "outputs");
  common::CheckCount(outcome.outputs_size(), kMaxParts, outputs, violations);
  for (int i = 0; i < std::min(outcome.outputs_size(), kMaxParts); ++i) {
    const v1::Output& output = outcome.outputs(i);
    const std::string at = IndexPath(outputs, i);
    CheckId(output.output_id(), JoinPath(at, "output_id"), &seen->outputs, violations);
    common::CheckDisplayName(output.title(), kMaxTitle, Presence::kRequired, JoinPath(at, "title"),
                             violations);
    CheckIndicators(output.indicators(), JoinPath(at, "indicators"), &seen->indicators, violations);
  }
}

}  // namespace

void CheckProgramme(const v1::Programme& programme, FieldViolations* violations) {
  common::CheckExternalId(programme.external_id(), Presence::kOptional, "external_id", violations);
  common::CheckDisplayName(programme.display_name(), 200, Presence::kRequired, "display_name",
                           violations);
  common::CheckFreeText(programme.description(), 4000, "description", violations);
  common::CheckFreeText(programme.impact(), 4000, "impact", violations);
  if (programme.has_period()) {
    common::CheckDateRange(programme.period(), Presence::kRequired, Presence::kRequired, "period",
                           violations);
  }
  common::CheckCount(programme.partners_size(), kMaxParts, "partners", violations);
  for (int i = 0; i < std::min(programme.partners_size(), kMaxParts); ++i) {
    CheckPartner(programme.partners(i), IndexPath("partners", i), violations);
  }
  common::CheckCount(programme.outcomes_size(), kMaxParts, "outcomes", violations);
  SeenIds seen;
  for (int i = 0; i < std::min(programme.outcomes_size(), kMaxParts); ++i) {
    CheckOutcome(programme.outcomes(i), IndexPath("outcomes", i), &seen, violations);
  }
}

FrameworkIds FrameworkIdsOf(const v1::Programme& programme) {
  FrameworkIds ids;
  for (const v1::Outcome& outcome : programme.outcomes()) {
    for (const auto& indicator : outcome.indicators()) {
      ids.indicators.insert(indicator.indicator_id());
    }
    for (const v1::Output& output : outcome.outputs()) {
      ids.outputs.insert(output.output_id());
      for (const auto& indicator : output.indicators()) {
        ids.indicators.insert(indicator.indicator_id());
      }
    }
  }
  return ids;
}

absl::Status ProgrammeHooks::Validate(const common::CallContext&, const storage::Snapshot&,
                                      const v1::Programme*, const v1::Programme& next,
                                      FieldViolations* violations) const {
  CheckProgramme(next, violations);
  return absl::OkStatus();
}

}  // namespace tandem::needs
