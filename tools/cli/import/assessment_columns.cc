// The columns of assessments.csv, and which field of which resource each one holds.

#include "tools/cli/import/assessment_file.h"
#include "tools/cli/import/parts.h"

namespace tandem::cli {

const std::vector<ColumnSpec>& AssessmentColumns() {
  static const auto* const columns = new std::vector<ColumnSpec>{
      {"assessment", true, "External id of the assessment, for example A-TG-2026"},
      {"organisation", true, "External id of the NSB"},
      {"programme", false, "External id of the programme"},
      {"instrument", false, "The instrument, for example NSB maturity model"},
      {"instrument_version", false, "Its version"},
      {"mode", false, "self or facilitated"},
      {"assessed_on", false, "Day of the assessment"},
      {"valid_until", false, "Last day on which it holds"},
      {"item", true, "Id of the need within the assessment, for example 1"},
      {"area", true, "Topic code, for example wto-tbt.enquiry-point"},
      {"description", false, "What is needed; about the organisation, never about a person"},
      {"baseline", true, "Level now, 0-5"},
      {"target", true, "Level wanted, 0-5"},
      {"focus_area", false, "Focus area of the programme"},
      {"level", false, "macro, meso or micro"},
      {"beneficiaries", false, "Who benefits: small firms|consumers"},
      {"sdgs", false, "Sustainable Development Goals: 8 9 12"},
      {"priority", false, "1 (highest) to 5; 3 when empty"},
      {"output", false, "Id of the programme's output that it serves"},
      {"indicator", false, "Id of the programme's indicator that it moves"},
      {"state", false, "State of the need; open when empty"},
      {"prerequisites", false, "What must be there first"},
      {"request", false, "External id of the request that bundles the need; empty: no request yet"},
      {"service", false, "coaching, mentoring, in-country-advice or workshop"},
      {"title", false, "What the request asks for, in a line"},
      {"start", false, "First day of the engagement"},
      {"end", false, "Last day of the engagement"},
      {"modalities", false, "remote, on-site or both"},
      {"lead_mentors", false, "Mentors wanted, or least..most: 1 or 0..2; 0..1 when empty"},
      {"lead_topics", false, "Topics with least level 0-5 and weight: wto-tbt:3:10|ics.67:0:5"},
      {"lead_languages", false, "One of them suffices, spoken:written at least: fr:B2:B1|en:C1"},
      {"lead_hours", false, "Hours per month of each mentor"},
      {"second_mentors", false, "The same for a role \"second-language\": mentors wanted"},
      {"second_topics", false, "Its topics"},
      {"second_languages", false, "Its languages"},
      {"second_hours", false, "Its hours per month; without them there is no such role"},
      {"time_zone", false, "IANA zone of the windows; the first NSB's when empty"},
      {"windows", false, "When the counterparts can meet; the first NSB's when empty"},
      {"overlap_minutes", false, "Least weekly overlap in minutes; the policy's when empty"},
      {"overlap_weeks", false, "In how many weeks; in all when empty"},
      {"visit_country", false, "Work on site: the country"},
      {"visit_days", false, "Its length in consecutive days"},
      {"visit_earliest", false, "Its first possible day"},
      {"visit_latest", false, "Its last possible day"},
      {"tier", false, "1 (served first) to 9"},
      {"interpreter", false, "yes if an interpreter can be had"},
      {"preferred_mentors", false, "External ids of mentors that the NSB would like"},
      {"excluded_mentors", false, "External ids of mentors that the NSB does not want"},
  };
  return *columns;
}

std::string AssessmentColumnOf(absl::string_view field) {
  static constexpr FieldColumn kColumns[] = {
      {"external_id", "assessment"},
      {"organisation", "organisation"},
      {"programme", "programme"},
      {"instrument", "instrument"},
      {"instrument_version", "instrument_version"},
      {"mode", "mode"},
      {"assessed_on", "assessed_on"},
      {"valid_until", "valid_until"},
      {"items", "item"},
      {"item_id", "item"},
      {"area", "area"},
      {"description", "description"},
      {"baseline_level", "baseline"},
      {"target_level", "target"},
      {"focus_area", "focus_area"},
      {"level", "level"},
      {"beneficiaries", "beneficiaries"},
      {"sdgs", "sdgs"},
      {"priority", "priority"},
      {"output_id", "output"},
      {"indicator_id", "indicator"},
      {"state", "state"},
      {"prerequisites", "prerequisites"},
      {"languages", "lead_languages"},
      {"modalities", "modalities"},
      {"hours_per_month", "lead_hours"},
      {"period.start_date", "start"},
      {"period", "end"},
  };
  return LongestPrefixColumn(kColumns, field);
}

std::string RequestColumnOf(absl::string_view field) {
  static constexpr FieldColumn kColumns[] = {
      {"external_id", "request"},
      {"programme", "programme"},
      {"organisations", "organisation"},
      {"items", "item"},
      {"service_type", "service"},
      {"title", "title"},
      {"roles", "lead_mentors"},
      {"roles[0].topics", "lead_topics"},
      {"roles[0].languages", "lead_languages"},
      {"roles[0].hours_per_month", "lead_hours"},
      {"roles[1]", "second_mentors"},
      {"roles[1].topics", "second_topics"},
      {"roles[1].languages", "second_languages"},
      {"roles[1].hours_per_month", "second_hours"},
      {"modalities", "modalities"},
      {"period.start_date", "start"},
      {"period", "end"},
      {"time_zone", "time_zone"},
      {"weekly_windows", "windows"},
      {"min_weekly_overlap_minutes", "overlap_minutes"},
      {"min_overlap_weeks", "overlap_weeks"},
      {"visit", "visit_country"},
      {"visit.consecutive_days", "visit_days"},
      {"visit.earliest_date", "visit_earliest"},
      {"visit.latest_date", "visit_latest"},
      {"tier", "tier"},
      {"interpreter_available", "interpreter"},
      {"preferred_mentors", "preferred_mentors"},
      {"excluded_mentors", "excluded_mentors"},
  };
  return LongestPrefixColumn(kColumns, field);
}

}  // namespace tandem::cli
