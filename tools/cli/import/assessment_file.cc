#include "tools/cli/import/assessment_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "google/protobuf/util/message_differencer.h"
#include "tools/cli/cell.h"
#include "tools/cli/import/parts.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::tandem::common::v1::Modality;
using ::tandem::common::v1::ServiceType;
using ::tandem::needs::v1::Assessment;
using ::tandem::needs::v1::AssessmentMode;
using ::tandem::needs::v1::EngagementRequest;
using ::tandem::needs::v1::InterventionLevel;
using ::tandem::needs::v1::LanguageRequirement;
using ::tandem::needs::v1::NeedItem;
using ::tandem::needs::v1::NeedItemState;
using ::tandem::needs::v1::RequestRole;
using ::tandem::needs::v1::TopicRequirement;

constexpr int kDefaultTopicWeight = 10;
constexpr int kDefaultPriority = 3;
constexpr size_t kMaxItemsOfRequest = 200;

const auto kText = [](absl::string_view text) -> absl::StatusOr<std::string> {
  return std::string(text);
};

// A parser of whole numbers from `min` to `max`.
auto Integer(int64_t min, int64_t max) {
  return [min, max](absl::string_view text) { return ParseInteger(text, min, max); };
}

// "wto-tbt:3" or "wto-tbt:3:10": topic, least level, weight.
absl::StatusOr<TopicRequirement> ParseTopicRequirement(absl::string_view text) {
  TANDEM_ASSIGN_OR_RETURN(TopicNumber parsed, ParseTopicNumber(text, 0, 5));
  TopicRequirement requirement;
  requirement.set_topic(parsed.topic);
  requirement.set_min_level(parsed.number);
  requirement.set_weight(kDefaultTopicWeight);
  if (!parsed.rest.empty()) {
    TANDEM_ASSIGN_OR_RETURN(int64_t weight, ParseInteger(parsed.rest, 1, 100));
    requirement.set_weight(static_cast<int>(weight));
  }
  return requirement;
}

// "fr:B2:B1": spoken and written at least; "fr:B2" asks for nothing in writing.
absl::StatusOr<LanguageRequirement> ParseLanguageRequirement(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not LANGUAGE:SPOKEN:WRITTEN, such as fr:B2:B1"));
  }
  LanguageRequirement requirement;
  requirement.set_language(std::string(parts[0]));
  TANDEM_ASSIGN_OR_RETURN(auto spoken, ParseCefrLevel(parts[1]));
  requirement.set_min_spoken(spoken);
  if (parts.size() == 3) {
    TANDEM_ASSIGN_OR_RETURN(auto written, ParseCefrLevel(parts[2]));
    requirement.set_min_written(written);
  }
  return requirement;
}

// "2" (up to two) or "1..2" (at least one).
absl::StatusOr<std::pair<int, int>> ParseMentorCount(absl::string_view text) {
  const std::vector<absl::string_view> ends = absl::StrSplit(text, absl::MaxSplits("..", 1));
  int64_t least = 0;
  if (ends.size() == 2) {
    TANDEM_ASSIGN_OR_RETURN(least, ParseInteger(ends[0], 0, 100));
  }
  TANDEM_ASSIGN_OR_RETURN(int64_t most,
                          ParseInteger(ends.back(), std::max<int64_t>(least, 1), 100));
  return std::make_pair(static_cast<int>(least), static_cast<int>(most));
}

NeedItem ItemOfRow(Sheet& sheet) {
  NeedItem item;
  item.set_item_id(std::string(sheet.Get("item")));
  item.set_area(std::string(sheet.Get("area")));
  item.set_description(std::string(sheet.Get("description")));
  sheet.Read("baseline", Integer(0, 5), [&](int64_t n) { item.set_baseline_level(n); });
  sheet.Read("target", Integer(0, 5), [&](int64_t n) { item.set_target_level(n); });
  item.set_focus_area(std::string(sheet.Get("focus_area")));
  sheet.Read("level", FromWord<InterventionLevel>, [&](auto level) { item.set_level(level); });
  sheet.ReadEach("beneficiaries", kText, [&](std::string who) { item.add_beneficiaries(who); });
  sheet.ReadWords("sdgs", Integer(1, 17), [&](int64_t n) { item.add_sdgs(n); });
  item.set_priority(kDefaultPriority);
  sheet.Read("priority", Integer(1, 5), [&](int64_t n) { item.set_priority(n); });
  item.set_output_id(std::string(sheet.Get("output")));
  item.set_indicator_id(std::string(sheet.Get("indicator")));
  item.set_state(NeedItemState::NEED_ITEM_STATE_OPEN);
  sheet.Read("state", FromWord<NeedItemState>, [&](auto state) { item.set_state(state); });
  item.set_prerequisites(std::string(sheet.Get("prerequisites")));
  sheet.ReadWords("lead_languages", ParseLanguageRequirement,
                  [&](const auto& language) { item.add_languages(language.language()); });
  sheet.ReadWords("modalities", FromWord<Modality>, [&](auto m) { item.add_modalities(m); });
  sheet.Read("lead_hours", Integer(1, 744), [&](int64_t n) { item.set_hours_per_month(n); });
  sheet.Read("start", ParseDate,
             [&](auto day) { *item.mutable_period()->mutable_start_date() = day; });
  sheet.Read("end", ParseDate, [&](auto day) { *item.mutable_period()->mutable_end_date() = day; });
  return item;
}

// The assessment of the row without its items.
Assessment AssessmentOfRow(Sheet& sheet, const AssessmentReferences& references) {
  Assessment assessment;
  assessment.set_external_id(std::string(sheet.Get("assessment")));
  sheet.Read(
      "organisation", [&](auto id) { return references.organisations->Resolve(id); },
      [&](std::string name) { assessment.set_organisation(name); });
  sheet.Read(
      "programme",
      [&](absl::string_view id) -> absl::StatusOr<std::string> {
        const auto found = references.programmes.find(std::string(id));
        if (found != references.programmes.end()) return found->second;
        if (!references.check_programmes || absl::StartsWith(id, "programmes/")) {
          return std::string(id);
        }
        return absl::InvalidArgumentError(
            "unknown programme; import it first with \"tandem import programme\"");
      },
      [&](std::string name) { assessment.set_programme(name); });
  assessment.set_instrument(std::string(sheet.Get("instrument")));
  assessment.set_instrument_version(std::string(sheet.Get("instrument_version")));
  sheet.Read("mode", FromWord<AssessmentMode>, [&](auto mode) { assessment.set_mode(mode); });
  sheet.Read("assessed_on", ParseDate, [&](auto day) { *assessment.mutable_assessed_on() = day; });
  sheet.Read("valid_until", ParseDate, [&](auto day) { *assessment.mutable_valid_until() = day; });
  return assessment;
}

// One role of the row's request, from the columns that begin with `prefix`.
RequestRole RoleOfRow(Sheet& sheet, const std::string& prefix, absl::string_view role_id) {
  RequestRole role;
  role.set_role_id(std::string(role_id));
  role.set_max_mentors(1);
  sheet.Read(prefix + "_mentors", ParseMentorCount, [&](std::pair<int, int> count) {
    role.set_min_mentors(count.first);
    role.set_max_mentors(count.second);
  });
  sheet.ReadEach(prefix + "_topics", ParseTopicRequirement,
                 [&](auto topic) { *role.add_topics() = std::move(topic); });
  sheet.ReadWords(prefix + "_languages", ParseLanguageRequirement,
                  [&](auto language) { *role.add_languages() = std::move(language); });
  sheet.Read(prefix + "_hours", Integer(1, 744), [&](int64_t n) { role.set_hours_per_month(n); });
  return role;
}

void ReadVisit(Sheet& sheet, EngagementRequest* request) {
  if (sheet.Get("visit_country").empty()) {
    for (const char* column : {"visit_days", "visit_earliest", "visit_latest"}) {
      if (!sheet.Get(column).empty()) sheet.Fail(column, "means nothing without visit_country");
    }
    return;
  }
  auto* visit = request->mutable_visit();
  visit->set_country(std::string(sheet.Get("visit_country")));
  sheet.Read("visit_days", Integer(1, 60), [&](int64_t n) { visit->set_consecutive_days(n); });
  sheet.Read("visit_earliest", ParseDate, [&](auto day) { *visit->mutable_earliest_date() = day; });
  sheet.Read("visit_latest", ParseDate, [&](auto day) { *visit->mutable_latest_date() = day; });
}

void ReadMeeting(Sheet& sheet, EngagementRequest* request) {
  sheet.ReadWords("modalities", FromWord<Modality>, [&](auto m) { request->add_modalities(m); });
  sheet.Read("start", ParseDate,
             [&](auto day) { *request->mutable_period()->mutable_start_date() = day; });
  sheet.Read("end", ParseDate,
             [&](auto day) { *request->mutable_period()->mutable_end_date() = day; });
  request->set_time_zone(std::string(sheet.Get("time_zone")));
  sheet.Read("windows", ParseWindows, [&](const auto& windows) {
    for (const auto& window : windows) *request->add_weekly_windows() = window;
  });
  sheet.Read("overlap_minutes", Integer(0, 10080),
             [&](int64_t n) { request->set_min_weekly_overlap_minutes(n); });
  sheet.Read("overlap_weeks", Integer(0, 156),
             [&](int64_t n) { request->set_min_overlap_weeks(n); });
}

// The request of the row without organisations and items.
EngagementRequest RequestOfRow(Sheet& sheet, const AssessmentReferences& references,
                               const std::string& programme) {
  EngagementRequest request;
  request.set_external_id(std::string(sheet.Get("request")));
  request.set_programme(programme);
  if (sheet.Get("service").empty()) sheet.Fail("service", "must not be empty for a request");
  sheet.Read("service", FromWord<ServiceType>, [&](auto s) { request.set_service_type(s); });
  request.set_title(std::string(sheet.Get("title")));
  *request.add_roles() = RoleOfRow(sheet, "lead", "lead");
  if (!sheet.Get("second_hours").empty()) {
    *request.add_roles() = RoleOfRow(sheet, "second", "second-language");
  } else if (!sheet.Get("second_mentors").empty() || !sheet.Get("second_topics").empty() ||
             !sheet.Get("second_languages").empty()) {
    sheet.Fail("second_hours", "must not be empty when a second role is described");
  }
  ReadMeeting(sheet, &request);
  ReadVisit(sheet, &request);
  sheet.Read("tier", Integer(1, 9), [&](int64_t n) { request.set_tier(n); });
  sheet.Read("interpreter", ParseYesNo, [&](bool yes) { request.set_interpreter_available(yes); });
  sheet.ReadEach("preferred_mentors", references.mentor,
                 [&](std::string name) { request.add_preferred_mentors(name); });
  sheet.ReadEach("excluded_mentors", references.mentor,
                 [&](std::string name) { request.add_excluded_mentors(name); });
  return request;
}

// What only a request has: in a row without one it would be lost without a word.
void RefuseRequestColumns(Sheet& sheet) {
  for (const char* column :
       {"service",        "title",         "lead_mentors",      "lead_topics",
        "second_mentors", "second_topics", "second_languages",  "second_hours",
        "time_zone",      "windows",       "overlap_minutes",   "overlap_weeks",
        "visit_country",  "visit_days",    "visit_earliest",    "visit_latest",
        "tier",           "interpreter",   "preferred_mentors", "excluded_mentors"}) {
    if (!sheet.Get(column).empty()) sheet.Fail(column, "means nothing without a request");
  }
}

}  // namespace

void AssessmentFile::AddRow(Sheet& sheet) {
  AddToAssessment(sheet, ItemOfRow(sheet));
  const bool served = !sheet.Get("request").empty();
  if (served) {
    AddToRequest(sheet);
  } else {
    RefuseRequestColumns(sheet);
  }
  if (sheet.row_ok()) return;
  assessments_[assessment_index_.at(std::string(sheet.Get("assessment")))].whole = false;
  if (served) requests_[request_index_.at(std::string(sheet.Get("request")))].whole = false;
}

void AssessmentFile::AddToAssessment(Sheet& sheet, const NeedItem& item) {
  const Assessment header = AssessmentOfRow(sheet, references_);
  const auto [at, fresh] = assessment_index_.emplace(header.external_id(), assessments_.size());
  if (fresh) assessments_.push_back({header, {}, true});
  AssessmentLines& entry = assessments_[at->second];
  Assessment known = entry.assessment;
  known.clear_items();
  if (!fresh && sheet.row_ok() && !MessageDifferencer::Equals(known, header)) {
    sheet.Fail("assessment", absl::StrCat("what belongs to the assessment (organisation to "
                                          "valid_until) differs from line ",
                                          entry.lines.front()));
  }
  for (int i = 0; i < entry.assessment.items_size(); ++i) {
    if (entry.assessment.items(i).item_id() != item.item_id()) continue;
    sheet.Fail("item", absl::StrCat("stands already in line ", entry.lines[i]));
  }
  *entry.assessment.add_items() = item;
  entry.lines.push_back(sheet.line());
}

void AssessmentFile::AddToRequest(Sheet& sheet) {
  const Assessment& assessment =
      assessments_[assessment_index_.at(std::string(sheet.Get("assessment")))].assessment;
  const EngagementRequest header = RequestOfRow(sheet, references_, assessment.programme());
  const auto [at, fresh] = request_index_.emplace(header.external_id(), requests_.size());
  if (fresh) requests_.push_back({header, {}, {}, true});
  RequestLines& entry = requests_[at->second];
  EngagementRequest known = entry.request;
  known.clear_organisations();
  if (!fresh && sheet.row_ok() && !MessageDifferencer::Equals(known, header)) {
    sheet.Fail("request", absl::StrCat("what belongs to the request (programme, service to "
                                       "excluded_mentors) differs from line ",
                                       entry.lines.front()));
  }
  const auto& organisations = entry.request.organisations();
  if (std::find(organisations.begin(), organisations.end(), assessment.organisation()) ==
      organisations.end()) {
    entry.request.add_organisations(assessment.organisation());
  }
  // Before assessments are written the server cannot be asked about their items, so this limit of
  // its own is kept here: a request must not fail when its assessments are in already.
  if (entry.items.size() == kMaxItemsOfRequest) {
    sheet.Fail("request", absl::StrCat("has more than ", kMaxItemsOfRequest, " items; split it"));
  }
  entry.items.push_back(
      {assessment.external_id(), assessment.organisation(), std::string(sheet.Get("item"))});
  entry.lines.push_back(sheet.line());
}

}  // namespace tandem::cli
