// Generated needs: assessments of about eight items, bundled by twos into requests.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/csv.h"
#include "tools/cli/generate/generator.h"

namespace tandem::cli {
namespace {

constexpr int64_t kItemsPerAssessment = 8;
constexpr int64_t kItemsPerRequest = 2;
constexpr size_t kFlushBytes = 1 << 20;
// Generated needs have streams of their own, apart from those of mentors and organisations.
constexpr uint64_t kNeedParts = uint64_t{1} << 61;
constexpr uint64_t kRequestParts = uint64_t{1} << 62;

constexpr const char* kServices[] = {"mentoring", "mentoring", "coaching", "in-country-advice",
                                     "workshop"};
constexpr const char* kFocusAreas[] = {"standards development", "stakeholder engagement",
                                       "conformity assessment", "governance"};
constexpr const char* kLevels[] = {"meso", "meso", "macro", "micro"};
constexpr const char* kBeneficiaries[] = {"small firms", "women-owned businesses", "consumers",
                                          "academia"};

// What belongs to a request: the same for each of its items.
struct RequestCells {
  std::string id;
  std::string service;
  std::string title;
  std::string start;
  std::string end;
  std::string modalities;
  std::string mentors;
  std::string topics;
  std::string languages;
  std::string hours;
  std::string visit_country;
  std::string visit_days;
  std::string tier;
  std::string interpreter;
};

RequestCells DrawRequest(const GenerateOptions& options, int64_t number,
                         const GeneratedCountry& country) {
  Random random(options.seed, kRequestParts + static_cast<uint64_t>(number));
  RequestCells cells;
  cells.id = absl::StrFormat("G-R-%07d", number + 1);
  cells.service = random.Pick(kServices);
  const std::string topic = DrawTopic(random);
  cells.title = absl::StrCat("Help with ", topic, " for ", country.name);
  const int first_month = random.Between(1, 9);
  cells.start = absl::StrFormat("2027-%02d-01", first_month);
  cells.end = absl::StrFormat("2027-%02d-28", first_month + random.Between(1, 12 - first_month));
  const bool on_site = cells.service == "in-country-advice";
  cells.modalities = on_site ? "on-site" : "remote";
  cells.mentors = random.Percent(85) ? "0..1" : "0..2";
  cells.topics = absl::StrCat(topic, ":", random.Between(2, 4), ":10");
  cells.languages = absl::StrCat(country.language, ":", random.Percent(50) ? "B2" : "C1");
  cells.hours = absl::StrCat(random.Between(1, 3) * 4);
  cells.visit_country = on_site ? country.code : "";
  cells.visit_days = on_site ? absl::StrCat(random.Between(3, 7)) : "";
  cells.tier = absl::StrCat(random.Between(1, 3));
  cells.interpreter = random.Percent(30) ? "yes" : "no";
  return cells;
}

const std::vector<absl::string_view>& Header() {
  static const auto* const header = new std::vector<absl::string_view>{
      "assessment",   "organisation", "programme",      "instrument", "instrument_version",
      "mode",         "assessed_on",  "item",           "area",       "description",
      "baseline",     "target",       "focus_area",     "level",      "beneficiaries",
      "sdgs",         "priority",     "output",         "indicator",  "request",
      "service",      "title",        "start",          "end",        "modalities",
      "lead_mentors", "lead_topics",  "lead_languages", "lead_hours", "visit_country",
      "visit_days",   "tier",         "interpreter"};
  return *header;
}

void AppendItem(const GenerateOptions& options, int64_t index, std::string* out) {
  Random random(options.seed, kNeedParts + static_cast<uint64_t>(index));
  const int64_t assessment = index / kItemsPerAssessment;
  const auto nsbs = GeneratedNsbs();
  const size_t nsb = static_cast<size_t>(assessment) % nsbs.size();
  const GeneratedCountry& country = GeneratedCountries()[nsb];
  const RequestCells request = DrawRequest(options, index / kItemsPerRequest, country);
  const std::string area = DrawTopic(random);
  const int baseline = random.Between(0, 3);
  base::AppendCsvRow({absl::StrFormat("G-A-%06d", assessment + 1),
                      nsbs[nsb],
                      "G-PROGRAMME",
                      "NSB maturity self-assessment",
                      "1",
                      "self",
                      "2026-06-30",
                      absl::StrCat(index % kItemsPerAssessment + 1),
                      area,
                      absl::StrCat("Invented need on ", area),
                      absl::StrCat(baseline),
                      absl::StrCat(baseline + random.Between(1, 2)),
                      random.Pick(kFocusAreas),
                      random.Pick(kLevels),
                      random.Pick(kBeneficiaries),
                      absl::StrCat(random.Between(1, 17)),
                      absl::StrCat(random.Between(1, 5)),
                      "capacity",
                      "needs-met",
                      request.id,
                      request.service,
                      request.title,
                      request.start,
                      request.end,
                      request.modalities,
                      request.mentors,
                      request.topics,
                      request.languages,
                      request.hours,
                      request.visit_country,
                      request.visit_days,
                      request.tier,
                      request.interpreter},
                     ',', out);
}

}  // namespace

void GenerateAssessments(const GenerateOptions& options, const TextSink& sink) {
  std::string text;
  base::AppendCsvRow(Header(), ',', &text);
  for (int64_t i = 0; i < options.needs; ++i) {
    AppendItem(options, i, &text);
    if (text.size() < kFlushBytes) continue;
    sink(text);
    text.clear();
  }
  sink(text);
}

std::string GeneratedProgramme() {
  return R"({
  "external_id": "G-PROGRAMME",
  "display_name": "Generated programme",
  "description": "Generated by tandem generate. Invented, not endorsed by ISO.",
  "period": {"start_date": {"year": 2026, "month": 1, "day": 1}, "end_date": {"year": 2028, "month": 12, "day": 31}},
  "impact": "Standards serve sustainable development.",
  "outcomes": [{
    "outcome_id": "stronger-nsbs",
    "title": "National standards bodies serve their stakeholders better",
    "outputs": [{
      "output_id": "capacity",
      "title": "Mentored national standards bodies",
      "indicators": [{"indicator_id": "needs-met", "title": "Needs met", "unit": "needs", "baseline": "0", "target": "1000"}]
    }]
  }]
}
)";
}

}  // namespace tandem::cli
