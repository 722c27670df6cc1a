// Generated organisations, and the lists that all generated files draw from.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/csv.h"
#include "tools/cli/generate/generator.h"

namespace tandem::cli {
namespace {

constexpr const char* kTopics[] = {
    "standards-development.technical-committees",
    "stakeholder-engagement.small-firms",
    "conformity-assessment.certification",
    "national-adoption",
    "governance.strategy",
    "wto-tbt.enquiry-point",
    "standards-development.good-standardization-practice",
    "international-participation.mirror-committees",
    "quality-policy.good-regulatory-practice",
    "metrology.calibration",
    "conformity-assessment.testing",
    "gender.action-plan",
    "digital.platforms",
    "education.training-of-trainers",
    "governance.business-model",
    "stakeholder-engagement.consumers",
    "conformity-assessment.accreditation",
    "metrology.legal",
    "national-adoption.copyright",
    "sustainability.climate",
    "ics.67",
    "ics.91",
    "market-surveillance",
    "digital.e-sales",
};

constexpr const char* kKinds[] = {"company", "academia", "authority", "other"};
constexpr const char* kFields[] = {"Quality",     "Metrology", "Standards", "Food Safety",
                                   "Engineering", "Trade",     "Digital",   "Sustainability"};
constexpr const char* kForms[] = {"Institute",  "Consulting", "Agency",
                                  "University", "Laboratory", "Associates"};

}  // namespace

const std::vector<GeneratedCountry>& GeneratedCountries() {
  static const auto* const countries = new std::vector<GeneratedCountry>{
      {"TD", "Chad", "fr", "Africa/Ndjamena", "Sat Sun", "ldc lldc", "ARSO", true},
      {"ET", "Ethiopia", "en", "Africa/Addis_Ababa", "Sat Sun", "ldc lldc", "ARSO", true},
      {"LA", "Laos", "en", "Asia/Vientiane", "Sat Sun", "ldc lldc", "ACCSQ", true},
      {"LS", "Lesotho", "en", "Africa/Maseru", "Sat Sun", "ldc lldc", "SADCSTAN", true},
      {"ML", "Mali", "fr", "Africa/Bamako", "Sat Sun", "ldc lldc", "ARSO", true},
      {"SN", "Senegal", "fr", "Africa/Dakar", "Sat Sun", "ldc", "ARSO", true},
      {"SL", "Sierra Leone", "en", "Africa/Freetown", "Sat Sun", "ldc", "ARSO", true},
      {"SO", "Somalia", "so", "Africa/Mogadishu", "Fri", "ldc", "AIDSMO", true},
      {"TG", "Togo", "fr", "Africa/Lome", "Sat Sun", "ldc", "ARSO", true},
      {"UG", "Uganda", "en", "Africa/Kampala", "Sat Sun", "ldc lldc", "EAC-EASC", true},
      {"KE", "Kenya", "en", "Africa/Nairobi", "Sat Sun", "", "EAC-EASC", false},
      {"ZA", "South Africa", "en", "Africa/Johannesburg", "Sat Sun", "", "SADCSTAN", false},
      {"MA", "Morocco", "fr", "Africa/Casablanca", "Sat Sun", "", "ARSO", false},
      {"TN", "Tunisia", "fr", "Africa/Tunis", "Sat Sun", "", "ARSO", false},
      {"EG", "Egypt", "ar", "Africa/Cairo", "Fri Sat", "", "ARSO", false},
      {"FR", "France", "fr", "Europe/Paris", "Sat Sun", "", "CEN", false},
      {"DE", "Germany", "de", "Europe/Berlin", "Sat Sun", "", "CEN", false},
      {"GB", "United Kingdom", "en", "Europe/London", "Sat Sun", "", "CEN", false},
      {"CA", "Canada", "en", "America/Toronto", "Sat Sun", "", "PASC", false},
      {"IN", "India", "en", "Asia/Kolkata", "Sat Sun", "", "SARSO", false},
      {"MY", "Malaysia", "en", "Asia/Kuala_Lumpur", "Sat Sun", "", "ACCSQ", false},
      {"BR", "Brazil", "pt", "America/Sao_Paulo", "Sat Sun", "", "COPANT", false},
  };
  return *countries;
}

std::vector<std::string> GeneratedNsbs() {
  std::vector<std::string> ids;
  for (const GeneratedCountry& country : GeneratedCountries()) {
    if (country.is_nsb) ids.push_back(absl::StrCat("G-NSB-", country.code));
  }
  return ids;
}

std::string GeneratedEmployer(int64_t index) { return absl::StrFormat("G-ORG-%06d", index + 1); }

const char* DrawTopic(Random& random) {
  // The smaller of two draws: earlier topics come more often.
  constexpr size_t kCount = sizeof(kTopics) / sizeof(kTopics[0]);
  const uint64_t a = random.Below(kCount);
  const uint64_t b = random.Below(kCount);
  return kTopics[a < b ? a : b];
}

void GenerateOrganisations(const GenerateOptions& options, const TextSink& sink) {
  std::string text;
  base::AppendCsvRow(
      {"external_id", "name", "acronym", "kind", "country", "regional_bodies", "languages",
       "time_zone", "weekend", "windows", "connectivity", "development_contexts"},
      ',', &text);
  for (const GeneratedCountry& country : GeneratedCountries()) {
    if (!country.is_nsb) continue;
    const std::string windows =
        absl::string_view(country.weekend) == "Fri" ? "Sat-Thu 08:00-16:00" : "Mon-Fri 08:00-16:30";
    base::AppendCsvRow(
        {absl::StrCat("G-NSB-", country.code),
         absl::StrCat("National standards body of ", country.name, " (generated)"),
         absl::StrCat("G-", country.code), "nsb", country.code, country.region, country.language,
         country.zone, country.weekend, windows, "intermittent", country.contexts},
        ',', &text);
  }
  for (int64_t i = 0; i < options.organisations; ++i) {
    Random random(options.seed, (uint64_t{1} << 60) + i);
    const auto& countries = GeneratedCountries();
    const GeneratedCountry& country = countries[random.Below(countries.size())];
    const std::string field = random.Pick(kFields);
    const std::string name = absl::StrCat(field, " ", random.Pick(kForms), " ", i + 1);
    base::AppendCsvRow({GeneratedEmployer(i), name, "", random.Pick(kKinds), country.code, "",
                        country.language, country.zone, country.weekend, "", "good", ""},
                       ',', &text);
  }
  sink(text);
}

}  // namespace tandem::cli
