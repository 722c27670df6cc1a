// Invented programmes of any size, in the formats that `tandem import` reads: for trying Tandem out
// and for benchmarks. The same options give the same bytes, and mentor number 17 is the same person
// however many mentors there are.
//
// Each function gives the file's text to `sink`, piece by piece, header first. Thread-safe:
// functions without state.

#ifndef TANDEM_TOOLS_CLI_GENERATE_GENERATOR_H_
#define TANDEM_TOOLS_CLI_GENERATE_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/cli/generate/random.h"

namespace tandem::cli {

struct GenerateOptions {
  int64_t mentors = 0;
  // Need items; about two of them make one request.
  int64_t needs = 0;
  // Employers, beside the ten national standards bodies.
  int64_t organisations = 40;
  uint64_t seed = 0;
};

using TextSink = std::function<void(absl::string_view)>;

void GenerateOrganisations(const GenerateOptions& options, const TextSink& sink);
void GenerateMentors(const GenerateOptions& options, const TextSink& sink);
void GenerateAssessments(const GenerateOptions& options, const TextSink& sink);
// The programme that the assessments belong to, as JSON.
std::string GeneratedProgramme();

// A country that generated data draws from.
struct GeneratedCountry {
  const char* code;
  const char* name;
  const char* language;  // The first working language.
  const char* zone;
  const char* weekend;
  const char* contexts;
  const char* region;
  bool is_nsb;  // One of the ten that are helped.
};
const std::vector<GeneratedCountry>& GeneratedCountries();
// The external ids of the national standards bodies, in the order of their countries.
std::vector<std::string> GeneratedNsbs();
// The external id of employer number `index`, from 0.
std::string GeneratedEmployer(int64_t index);
// Topic codes that needs and expertise draw from; the earlier ones are asked for more often.
const char* DrawTopic(Random& random);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_GENERATE_GENERATOR_H_
