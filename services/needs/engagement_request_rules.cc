#include "services/needs/engagement_request_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "base/status_macros.h"
#include "services/common/validation.h"
#include "services/needs/request_role_rules.h"

namespace tandem::needs {
namespace {

using common::FieldViolations;
using common::IndexPath;
using common::Presence;
using tandem::common::v1::MODALITY_ON_SITE;
using tandem::common::v1::SERVICE_TYPE_IN_COUNTRY_ADVICE;

constexpr int kMaxOrganisations = 50;
constexpr int kMaxItems = 200;
constexpr int kMaxMentors = 200;
constexpr int kMaxModalities = 50;
constexpr int kMaxMonths = 36;
constexpr int kMaxVisitDays = 60;
constexpr int kMinutesOfAWeek = 7 * 24 * 60;
constexpr int kMaxWeeks = 160;
constexpr int kMaxTier = 9;

using Names = google::protobuf::RepeatedPtrField<std::string>;

// Resource names of `collection`, each once.
void CheckNames(const Names& names, absl::string_view collection, int maximum,
                absl::string_view path, FieldViolations* violations) {
  common::CheckCount(names.size(), maximum, path, violations);
  std::set<std::string> seen;
  for (int i = 0; i < std::min(names.size(), maximum); ++i) {
    common::CheckResourceName(names[i], collection, Presence::kRequired, IndexPath(path, i),
                              violations);
    common::CheckUnique(names[i], IndexPath(path, i), &seen, violations);
  }
}

bool IsSound(const tandem::common::v1::DateRange& range) {
  return range.has_start_date() && range.has_end_date() && common::IsDate(range.start_date()) &&
         common::IsDate(range.end_date()) &&
         common::ToCivilDay(range.start_date()) <= common::ToCivilDay(range.end_date());
}

void CheckPeriod(const v1::EngagementRequest& request, FieldViolations* violations) {
  common::CheckDateRange(request.period(), Presence::kRequired, Presence::kRequired, "period",
                         violations);
  if (!IsSound(request.period())) return;
  const absl::CivilDay start = common::ToCivilDay(request.period().start_date());
  const absl::CivilDay limit(start.year(), start.month() + kMaxMonths, start.day());
  if (common::ToCivilDay(request.period().end_date()) >= limit) {
    violations->Add("period.end_date", "must be within 36 months of start_date");
  }
}

// The days on which a visit may be, within the period and long enough for it.
void CheckVisitDays(const v1::InCountryVisit& visit, const tandem::common::v1::DateRange& period,
                    FieldViolations* violations) {
  const bool earliest_fine = !visit.has_earliest_date() || common::IsDate(visit.earliest_date());
  const bool latest_fine = !visit.has_latest_date() || common::IsDate(visit.latest_date());
  if (!earliest_fine) common::CheckDate(visit.earliest_date(), "visit.earliest_date", violations);
  if (!latest_fine) common::CheckDate(visit.latest_date(), "visit.latest_date", violations);
  if (!earliest_fine || !latest_fine || !IsSound(period)) return;
  const absl::CivilDay start = common::ToCivilDay(period.start_date());
  const absl::CivilDay end = common::ToCivilDay(period.end_date());
  const absl::CivilDay earliest =
      visit.has_earliest_date() ? common::ToCivilDay(visit.earliest_date()) : start;
  const absl::CivilDay latest =
      visit.has_latest_date() ? common::ToCivilDay(visit.latest_date()) : end;
  if (earliest < start || earliest > end) {
    violations->Add("visit.earliest_date", "must be within the period");
  } else if (latest < start || latest > end) {
    violations->Add("visit.latest_date", "must be within the period");
  } else if (latest - earliest + 1 < visit.consecutive_days()) {
    violations->Add("visit.consecutive_days", "do not fit between the first and the last day");
  }
}

void CheckVisit(const v1::EngagementRequest& request, const common::ReferenceData& reference,
                FieldViolations* violations) {
  if (!request.has_visit()) {
    if (request.service_type() == SERVICE_TYPE_IN_COUNTRY_ADVICE) {
      violations->Add("visit", "is required for in-country advice");
    }
    return;
  }
  const auto& modalities = request.modalities();
  if (std::find(modalities.begin(), modalities.end(), MODALITY_ON_SITE) == modalities.end()) {
    violations->Add("visit", "needs ON_SITE among the modalities");
  }
  common::CheckCode(request.visit().country(), reference.countries(), Presence::kRequired,
                    "visit.country", violations);
  common::CheckRange(request.visit().consecutive_days(), 1, kMaxVisitDays, "visit.consecutive_days",
                     violations);
  CheckVisitDays(request.visit(), request.period(), violations);
}

void CheckModalities(const v1::EngagementRequest& request, FieldViolations* violations) {
  if (request.modalities().empty()) violations->Add("modalities", "must have at least one entry");
  std::set<std::string> seen;
  common::CheckCount(request.modalities_size(), kMaxModalities, "modalities", violations);
  for (int i = 0; i < std::min(request.modalities_size(), kMaxModalities); ++i) {
    common::CheckEnum(request.modalities(i), tandem::common::v1::Modality_IsValid,
                      Presence::kRequired, IndexPath("modalities", i), violations);
    common::CheckUnique(absl::StrCat(request.modalities(i)), IndexPath("modalities", i), &seen,
                        violations);
  }
}

void CheckSchedule(const v1::EngagementRequest& request, FieldViolations* violations) {
  CheckPeriod(request, violations);
  common::CheckTimeZone(request.time_zone(), Presence::kOptional, "time_zone", violations);
  common::CheckWeeklyWindows(request.weekly_windows(), "weekly_windows", violations);
  common::CheckRange(request.min_weekly_overlap_minutes(), 0, kMinutesOfAWeek,
                     "min_weekly_overlap_minutes", violations);
  common::CheckRange(request.min_overlap_weeks(), 0, kMaxWeeks, "min_overlap_weeks", violations);
}

void CheckMentors(const v1::EngagementRequest& request, FieldViolations* violations) {
  CheckNames(request.preferred_mentors(), "mentors", kMaxMentors, "preferred_mentors", violations);
  CheckNames(request.excluded_mentors(), "mentors", kMaxMentors, "excluded_mentors", violations);
  const std::set<std::string> preferred(request.preferred_mentors().begin(),
                                        request.preferred_mentors().end());
  for (int i = 0; i < request.excluded_mentors_size(); ++i) {
    if (preferred.count(request.excluded_mentors(i)) > 0) {
      violations->Add(IndexPath("excluded_mentors", i), "stands in preferred_mentors too");
    }
  }
}

// "assessments/ID/items/ITEM" in its two names; both empty when it is not of that form.
struct ItemName {
  std::string assessment;
  std::string item;
};

ItemName ParseItemName(absl::string_view name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (parts.size() != 4 || parts[2] != "items" || parts[3].empty()) return {};
  const std::string assessment = absl::StrCat(parts[0], "/", parts[1]);
  if (!common::IsResourceName(assessment, "assessments")) return {};
  return {assessment, parts[3]};
}

bool HasItem(const v1::Assessment& assessment, const std::string& item_id) {
  return std::any_of(assessment.items().begin(), assessment.items().end(),
                     [&](const v1::NeedItem& item) { return item.item_id() == item_id; });
}

}  // namespace

void CheckEngagementRequest(const v1::EngagementRequest& request,
                            const common::ReferenceData& reference, FieldViolations* violations) {
  common::CheckExternalId(request.external_id(), Presence::kOptional, "external_id", violations);
  common::CheckResourceName(request.programme(), "programmes", Presence::kRequired, "programme",
                            violations);
  if (request.organisations().empty()) {
    violations->Add("organisations", "must have at least one entry");
  }
  CheckNames(request.organisations(), "organisations", kMaxOrganisations, "organisations",
             violations);
  common::CheckEnum(request.service_type(), tandem::common::v1::ServiceType_IsValid,
                    Presence::kRequired, "service_type", violations);
  common::CheckDisplayName(request.title(), 200, Presence::kOptional, "title", violations);
  CheckRequestRoles(request, reference, violations);
  CheckModalities(request, violations);
  CheckSchedule(request, violations);
  CheckVisit(request, reference, violations);
  common::CheckRange(request.tier(), 0, kMaxTier, "tier", violations);
  CheckMentors(request, violations);
}

absl::Status EngagementRequestHooks::CheckHelped(const common::CallContext& call,
                                                 const v1::EngagementRequest* previous,
                                                 const v1::EngagementRequest& next,
                                                 FieldViolations* violations) const {
  std::set<std::string> known;
  if (previous != nullptr) {
    known.insert(previous->organisations().begin(), previous->organisations().end());
  }
  for (int i = 0; i < std::min(next.organisations_size(), kMaxOrganisations); ++i) {
    if (!known.insert(next.organisations(i)).second) continue;
    TANDEM_RETURN_IF_ERROR(
        helped_->Check(call, next.organisations(i), IndexPath("organisations", i), violations));
  }
  return absl::OkStatus();
}

absl::Status EngagementRequestHooks::CheckItems(const common::CallContext& call,
                                                const storage::Snapshot& snapshot,
                                                const v1::EngagementRequest& request,
                                                FieldViolations* violations) const {
  common::CheckCount(request.items_size(), kMaxItems, "items", violations);
  const std::set<std::string> organisations(request.organisations().begin(),
                                            request.organisations().end());
  std::map<std::string, absl::StatusOr<v1::Assessment>> assessments;
  std::set<std::string> seen;
  for (int i = 0; i < std::min(request.items_size(), kMaxItems); ++i) {
    const std::string path = IndexPath("items", i);
    common::CheckUnique(request.items(i), path, &seen, violations);
    const ItemName name = ParseItemName(request.items(i));
    if (name.assessment.empty()) {
      violations->Add(path, "must be of the form \"assessments/ID/items/ITEM\"");
      continue;
    }
    auto found = assessments.find(name.assessment);
    if (found == assessments.end()) {
      found =
          assessments.emplace(name.assessment, assessments_->Read(snapshot, name.assessment)).first;
    }
    const absl::StatusOr<v1::Assessment>& assessment = found->second;
    if (!assessment.ok() && assessment.status().code() != absl::StatusCode::kNotFound) {
      return assessment.status();
    }
    // What the caller may not see is to it one that does not exist.
    if (!assessment.ok() || !call.scope().Admits({{}, {assessment->organisation()}}) ||
        !HasItem(*assessment, name.item)) {
      violations->Add(path, "does not exist");
    } else if (organisations.count(assessment->organisation()) == 0) {
      violations->Add(path, "is a need of an organisation that is not among organisations");
    }
  }
  return absl::OkStatus();
}

absl::Status EngagementRequestHooks::Validate(const common::CallContext& call,
                                              const storage::Snapshot& snapshot,
                                              const v1::EngagementRequest* previous,
                                              const v1::EngagementRequest& next,
                                              FieldViolations* violations) const {
  CheckEngagementRequest(next, *reference_, violations);
  TANDEM_RETURN_IF_ERROR(CheckHelped(call, previous, next, violations));
  if (common::IsResourceName(next.programme(), "programmes")) {
    TANDEM_ASSIGN_OR_RETURN(const bool exists, programmes_->Exists(snapshot, next.programme()));
    if (!exists) violations->Add("programme", "does not exist");
  }
  return CheckItems(call, snapshot, next, violations);
}

}  // namespace tandem::needs
