// Verdicts and remedies in words. The only place of the engine that writes sentences about rules.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_WORDS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_WORDS_H_

#include <string>
#include <vector>

#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// A comparison as it is shown: "spoken fr", "B1", "at least B2".
struct ComparisonWords {
  std::string label;
  std::string actual;
  std::string required;
};
ComparisonWords WordsOf(const Comparison& comparison);

// The verdict in a sentence, for example "spoken fr is B1, at least B2 is asked for".
std::string SentenceOf(const Verdict& verdict);

// What would help, for example "accept spoken fr at B1"; "" if the mentor passes or nothing would.
std::string RemedyOf(const Verdict& verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_WORDS_H_
