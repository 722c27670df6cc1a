#include "services/needs/assessment_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/validation.h"
#include "services/needs/programme_rules.h"

namespace tandem::needs {
namespace {

using common::FieldViolations;
using common::IndexPath;
using common::JoinPath;
using common::Presence;

constexpr int kMaxItems = 500;
constexpr int kMaxList = 50;
constexpr int kMaxLanguages = 200;
constexpr int kLastSdg = 17;
constexpr int kMaxLevel = 5;
constexpr int kHoursOfAMonth = 744;

void CheckItemTexts(const v1::NeedItem& item, const std::string& path,
                    FieldViolations* violations) {
  common::CheckFreeText(item.description(), 2000, JoinPath(path, "description"), violations);
  common::CheckDisplayName(item.focus_area(), 200, Presence::kOptional,
                           JoinPath(path, "focus_area"), violations);
  common::CheckFreeText(item.prerequisites(), 1000, JoinPath(path, "prerequisites"), violations);
  const std::string beneficiaries = JoinPath(path, "beneficiaries");
  common::CheckCount(item.beneficiaries_size(), kMaxList, beneficiaries, violations);
  for (int i = 0; i < std::min(item.beneficiaries_size(), kMaxList); ++i) {
    common::CheckDisplayName(item.beneficiaries(i), 200, Presence::kRequired,
                             IndexPath(beneficiaries, i), violations);
  }
}

void CheckItemNumbers(const v1::NeedItem& item, const std::string& path,
                      FieldViolations* violations) {
  common::CheckRange(item.baseline_level(), 0, kMaxLevel, JoinPath(path, "baseline_level"),
                     violations);
  common::CheckRange(item.target_level(), 0, kMaxLevel, JoinPath(path, "target_level"), violations);
  if (item.target_level() < item.baseline_level()) {
    violations->Add(JoinPath(path, "target_level"), "must not be below baseline_level");
  }
  common::CheckRange(item.priority(), 1, 5, JoinPath(path, "priority"), violations);
  common::CheckRange(item.hours_per_month(), 0, kHoursOfAMonth, JoinPath(path, "hours_per_month"),
                     violations);
  std::set<std::string> seen;
  common::CheckCount(item.sdgs_size(), kMaxList, JoinPath(path, "sdgs"), violations);
  for (int i = 0; i < std::min(item.sdgs_size(), kMaxList); ++i) {
    const std::string at = IndexPath(JoinPath(path, "sdgs"), i);
    common::CheckRange(item.sdgs(i), 1, kLastSdg, at, violations);
    common::CheckUnique(absl::StrCat(item.sdgs(i)), at, &seen, violations);
  }
}

void CheckItemCodes(const v1::NeedItem& item, const common::ReferenceData& reference,
                    const std::string& path, FieldViolations* violations) {
  common::CheckCode(item.area(), reference.topics(), Presence::kRequired, JoinPath(path, "area"),
                    violations);
  common::CheckEnum(item.level(), v1::InterventionLevel_IsValid, Presence::kOptional,
                    JoinPath(path, "level"), violations);
  common::CheckEnum(item.state(), v1::NeedItemState_IsValid, Presence::kOptional,
                    JoinPath(path, "state"), violations);
  std::set<std::string> languages;
  common::CheckCount(item.languages_size(), kMaxLanguages, JoinPath(path, "languages"), violations);
  for (int i = 0; i < std::min(item.languages_size(), kMaxLanguages); ++i) {
    const std::string at = IndexPath(JoinPath(path, "languages"), i);
    common::CheckLanguageTag(item.languages(i), reference.languages(), at, violations);
    common::CheckUnique(item.languages(i), at, &languages, violations);
  }
  std::set<std::string> modalities;
  common::CheckCount(item.modalities_size(), kMaxList, JoinPath(path, "modalities"), violations);
  for (int i = 0; i < std::min(item.modalities_size(), kMaxList); ++i) {
    const std::string at = IndexPath(JoinPath(path, "modalities"), i);
    common::CheckEnum(item.modalities(i), tandem::common::v1::Modality_IsValid, Presence::kRequired,
                      at, violations);
    common::CheckUnique(absl::StrCat(item.modalities(i)), at, &modalities, violations);
  }
  if (item.has_period()) {
    common::CheckDateRange(item.period(), Presence::kRequired, Presence::kRequired,
                           JoinPath(path, "period"), violations);
  }
}

void CheckItems(const v1::Assessment& assessment, const common::ReferenceData& reference,
                FieldViolations* violations) {
  common::CheckCount(assessment.items_size(), kMaxItems, "items", violations);
  std::set<std::string> ids;
  for (int i = 0; i < std::min(assessment.items_size(), kMaxItems); ++i) {
    const v1::NeedItem& item = assessment.items(i);
    const std::string path = IndexPath("items", i);
    common::CheckLocalId(item.item_id(), JoinPath(path, "item_id"), violations);
    common::CheckUnique(item.item_id(), JoinPath(path, "item_id"), &ids, violations);
    CheckItemTexts(item, path, violations);
    CheckItemNumbers(item, path, violations);
    CheckItemCodes(item, reference, path, violations);
  }
}

// Outputs and indicators must stand in the programme's results framework.
void CheckFramework(const v1::Assessment& assessment, const FrameworkIds& ids,
                    FieldViolations* violations) {
  for (int i = 0; i < std::min(assessment.items_size(), kMaxItems); ++i) {
    const v1::NeedItem& item = assessment.items(i);
    const std::string path = IndexPath("items", i);
    if (!item.output_id().empty() && ids.outputs.count(item.output_id()) == 0) {
      violations->Add(JoinPath(path, "output_id"), "is no output of the assessment's programme");
    }
    if (!item.indicator_id().empty() && ids.indicators.count(item.indicator_id()) == 0) {
      violations->Add(JoinPath(path, "indicator_id"),
                      "is no indicator of the assessment's programme");
    }
  }
}

bool MayBeSetByNsb(v1::NeedItemState state) {
  return state == v1::NEED_ITEM_STATE_UNSPECIFIED || state == v1::NEED_ITEM_STATE_DRAFT ||
         state == v1::NEED_ITEM_STATE_SUBMITTED || state == v1::NEED_ITEM_STATE_WITHDRAWN;
}

bool HasItemInState(const v1::Assessment* assessment, const v1::NeedItem& wanted) {
  return assessment != nullptr &&
         std::any_of(assessment->items().begin(), assessment->items().end(),
                     [&](const v1::NeedItem& item) {
                       return item.item_id() == wanted.item_id() && item.state() == wanted.state();
                     });
}

}  // namespace

void CheckStatesOfNsb(const v1::Assessment* previous, const v1::Assessment& next,
                      FieldViolations* violations) {
  for (int i = 0; i < std::min(next.items_size(), kMaxItems); ++i) {
    if (MayBeSetByNsb(next.items(i).state()) || HasItemInState(previous, next.items(i))) continue;
    violations->Add(JoinPath(IndexPath("items", i), "state"),
                    "is set by the programme: leave it as it is, or set DRAFT, SUBMITTED or "
                    "WITHDRAWN");
  }
}

void CheckAssessment(const v1::Assessment& assessment, const common::ReferenceData& reference,
                     FieldViolations* violations) {
  common::CheckExternalId(assessment.external_id(), Presence::kOptional, "external_id", violations);
  common::CheckResourceName(assessment.organisation(), "organisations", Presence::kRequired,
                            "organisation", violations);
  common::CheckResourceName(assessment.programme(), "programmes", Presence::kOptional, "programme",
                            violations);
  common::CheckResourceName(assessment.supersedes(), "assessments", Presence::kOptional,
                            "supersedes", violations);
  common::CheckDisplayName(assessment.instrument(), 200, Presence::kOptional, "instrument",
                           violations);
  common::CheckDisplayName(assessment.instrument_version(), 50, Presence::kOptional,
                           "instrument_version", violations);
  common::CheckEnum(assessment.mode(), v1::AssessmentMode_IsValid, Presence::kOptional, "mode",
                    violations);
  if (assessment.has_assessed_on()) {
    common::CheckDate(assessment.assessed_on(), "assessed_on", violations);
  }
  if (assessment.has_valid_until()) {
    common::CheckDate(assessment.valid_until(), "valid_until", violations);
  }
  if (assessment.has_assessed_on() && assessment.has_valid_until() &&
      common::ToCivilDay(assessment.valid_until()) < common::ToCivilDay(assessment.assessed_on())) {
    violations->Add("valid_until", "must not be before assessed_on");
  }
  CheckItems(assessment, reference, violations);
}

absl::Status AssessmentHooks::Validate(const common::CallContext& call,
                                       const storage::Snapshot& snapshot,
                                       const v1::Assessment* previous, const v1::Assessment& next,
                                       FieldViolations* violations) const {
  CheckAssessment(next, *reference_, violations);
  if (call.principal().role == tandem::common::v1::ROLE_NSB) {
    CheckStatesOfNsb(previous, next, violations);
  }
  if (previous == nullptr || previous->organisation() != next.organisation()) {
    TANDEM_RETURN_IF_ERROR(helped_->Check(call, next.organisation(), "organisation", violations));
  }
  FrameworkIds ids;
  if (common::IsResourceName(next.programme(), "programmes")) {
    const absl::StatusOr<v1::Programme> programme = programmes_->Read(snapshot, next.programme());
    if (programme.ok()) {
      ids = FrameworkIdsOf(*programme);
    } else if (programme.status().code() == absl::StatusCode::kNotFound) {
      violations->Add("programme", "does not exist");
    } else {
      return programme.status();
    }
  }
  CheckFramework(next, ids, violations);
  if (common::IsResourceName(next.supersedes(), "assessments")) {
    const auto superseded = snapshot.Get(next.supersedes());
    if (!superseded.ok()) return superseded.status();
    // An assessment that the caller may not see is to it one that does not exist.
    v1::Assessment earlier;
    const bool found = superseded->has_value() && earlier.ParseFromString((*superseded)->value) &&
                       call.scope().Admits({{}, {earlier.organisation()}});
    if (!found || next.supersedes() == next.name()) {
      violations->Add("supersedes", "must be another assessment that exists");
    }
  }
  return absl::OkStatus();
}

}  // namespace tandem::needs
