// Generated mentors.

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/csv.h"
#include "tools/cli/generate/generator.h"

namespace tandem::cli {
namespace {

constexpr size_t kFlushBytes = 1 << 20;

constexpr const char* kFirstNames[] = {
    "Amina", "Kofi",   "Lerato", "Ibrahim", "Sophie", "Nadia", "Pieter", "Grace", "Yusuf",
    "Mei",   "Carlos", "Fatou",  "Arjun",   "Helen",  "Omar",  "Chipo",  "Luc",   "Zanele",
    "Hana",  "Moussa", "Elena",  "Tariq",   "Ama",    "Jonas", "Wanjiru"};
constexpr const char* kLastNames[] = {
    "Diallo",  "Mensah", "Mokoena", "Okafor", "Dubois",  "Haddad", "Botha", "Achieng", "Hassan",
    "Tan",     "Silva",  "Ndiaye",  "Sharma", "Clarke",  "Bekele", "Phiri", "Moreau",  "Dlamini",
    "Tesfaye", "Traore", "Rossi",   "Khan",   "Boateng", "Weber",  "Kamau"};
constexpr const char* kWindows[] = {"Mon-Fri 13:00-17:00",
                                    "Mon Wed Fri 09:00-12:00",
                                    "Tue-Thu 14:00-18:00",
                                    "Mon-Thu 16:00-20:00",
                                    "Sat 09:00-13:00|Mon-Thu 18:00-20:00",
                                    "Mon-Fri 09:00-17:00"};
constexpr const char* kSecondLanguages[] = {"en", "fr", "ar", "pt", "es"};
constexpr const char* kStrongLevels[] = {"C2:C2", "C1:C1", "C1:B2"};
constexpr const char* kWeakLevels[] = {"B2:B2", "B2:B1", "B1:A2", "C1:B2"};
constexpr const char* kKinds[] = {"volunteer", "seconded", "paid", "retired"};
constexpr const char* kGenders[] = {"", "woman", "man", "woman", "man"};

const std::vector<absl::string_view>& Header() {
  static const auto* const header = new std::vector<absl::string_view>{"external_id",
                                                                       "name",
                                                                       "email",
                                                                       "gender",
                                                                       "residence",
                                                                       "nationalities",
                                                                       "employments",
                                                                       "kind",
                                                                       "expertise",
                                                                       "languages",
                                                                       "experience_countries",
                                                                       "development_contexts",
                                                                       "time_zone",
                                                                       "windows",
                                                                       "days_off",
                                                                       "hours_per_month",
                                                                       "max_engagements",
                                                                       "modalities",
                                                                       "coi_declared",
                                                                       "coi_expires",
                                                                       "vetting",
                                                                       "consents",
                                                                       "last_confirmed",
                                                                       "preferred_organisations"};
  return *header;
}

std::string Expertise(Random& random) {
  std::set<std::string> topics;
  const int count = random.Between(2, 5);
  while (static_cast<int>(topics.size()) < count) topics.insert(DrawTopic(random));
  std::string text;
  for (const std::string& topic : topics) {
    const int level = random.Between(2, 5);
    const int year = random.Between(2019, 2026);
    const int month = random.Between(1, 10);
    absl::StrAppendFormat(&text, "%s%s:%d:%d-%02d", text.empty() ? "" : "|", topic, level, year,
                          month);
  }
  return text;
}

std::string Languages(Random& random, const GeneratedCountry& country) {
  std::string text = absl::StrCat(country.language, ":", random.Pick(kStrongLevels));
  std::set<std::string> known = {country.language};
  const int more = random.Between(1, 2);
  for (int i = 0; i < more; ++i) {
    const std::string language = random.Pick(kSecondLanguages);
    if (!known.insert(language).second) continue;
    absl::StrAppend(&text, "|", language, ":", random.Pick(kWeakLevels));
  }
  return text;
}

std::string ExperienceCountries(Random& random) {
  std::set<std::string> countries;
  const int count = random.Between(0, 4);
  for (int i = 0; i < count; ++i) {
    countries.insert(GeneratedCountries()[random.Below(GeneratedCountries().size())].code);
  }
  std::string text;
  for (const std::string& code : countries) {
    absl::StrAppend(&text, text.empty() ? "" : " ", code);
  }
  return text;
}

std::string Employments(Random& random, int64_t organisations) {
  if (organisations == 0 || random.Percent(15)) return "";
  const std::string employer = GeneratedEmployer(static_cast<int64_t>(random.Below(organisations)));
  const int year = random.Between(2005, 2022);
  if (random.Percent(70)) return absl::StrFormat("%s:%d-01-01..", employer, year);
  const int last_year = year + random.Between(1, 4);
  return absl::StrFormat("%s:%d-01-01..%d-06-30", employer, year, last_year);
}

std::string DaysOff(Random& random) {
  if (random.Percent(40)) return "";
  const int month = random.Between(1, 12);
  const int day = random.Between(1, 14);
  const int last_day = day + random.Between(4, 13);
  return absl::StrFormat("2027-%02d-%02d..2027-%02d-%02d", month, day, month, last_day);
}

std::string Confirmed(Random& random) {
  const int year = random.Percent(95) ? 2026 : 2022;
  const int month = random.Between(1, 10);
  const int day = random.Between(1, 28);
  return absl::StrFormat("%d-%02d-%02d", year, month, day);
}

// The order of draws is part of the format: each stands in a statement of its own, or within
// braces, which are evaluated from left to right.
//
// One mentor in ten is not vetted yet, one in twenty has a stale profile, and so on: what rules are
// for is there in every size.
void AppendMentor(const GenerateOptions& options, int64_t index, std::string* out) {
  Random random(options.seed, static_cast<uint64_t>(index));
  const auto& countries = GeneratedCountries();
  const GeneratedCountry& country = countries[random.Below(countries.size())];
  const std::string id = absl::StrFormat("G-M-%07d", index + 1);
  const std::string first_name = random.Pick(kFirstNames);
  const std::string name = absl::StrCat(first_name, " ", random.Pick(kLastNames), " ", index + 1);
  const std::string expertise = Expertise(random);
  const std::string languages = Languages(random, country);
  const std::string experience = ExperienceCountries(random);
  const std::string employments = Employments(random, options.organisations);
  const std::string days_off = DaysOff(random);
  const std::string gender = random.Pick(kGenders);
  const std::string vetting = random.Percent(90) ? "vetted" : "pending";
  const std::string consent = random.Percent(96) ? "matching:2026-02-01|share-with-nsb:2026-02-01"
                                                 : "statistics:2026-02-01";
  const std::string confirmed = Confirmed(random);
  const auto nsbs = GeneratedNsbs();
  const std::string preferred = random.Percent(20) ? nsbs[random.Below(nsbs.size())] : "";
  base::AppendCsvRow({id,
                      name,
                      absl::StrCat("m", index + 1, "@example.org"),
                      gender,
                      country.code,
                      country.code,
                      employments,
                      random.Pick(kKinds),
                      expertise,
                      languages,
                      experience,
                      random.Percent(60) ? "ldc" : "",
                      country.zone,
                      random.Pick(kWindows),
                      days_off,
                      absl::StrCat(random.Between(1, 6) * 4),
                      absl::StrCat(random.Between(1, 4)),
                      random.Percent(50) ? "remote|on-site" : "remote",
                      "2026-02-01",
                      random.Percent(97) ? "2029-12-31" : "2026-06-30",
                      vetting,
                      consent,
                      confirmed,
                      preferred},
                     ',', out);
}

}  // namespace

void GenerateMentors(const GenerateOptions& options, const TextSink& sink) {
  std::string text;
  base::AppendCsvRow(Header(), ',', &text);
  for (int64_t i = 0; i < options.mentors; ++i) {
    AppendMentor(options, i, &text);
    if (text.size() < kFlushBytes) continue;
    sink(text);
    text.clear();
  }
  sink(text);
}

}  // namespace tandem::cli
