// How far a mentor is from passing a rule: what the least change is that would bring somebody.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_SHORTFALL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_SHORTFALL_H_

#include <cstdint>

#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// Compared from left to right. Only shortfalls of the same rule mean something together.
struct Shortfall {
  bool hopeless = false;  // Nothing would make the mentor pass.
  int64_t changes = 0;    // How many things have to change.
  int64_t distance = 0;   // By how much in all, in the units of what the rule compares.

  friend bool operator<(const Shortfall& a, const Shortfall& b) {
    if (a.hopeless != b.hopeless) return b.hopeless;
    if (a.changes != b.changes) return a.changes < b.changes;
    return a.distance < b.distance;
  }
};

// `verdict` is one that was not passed. Pure; thread-safe.
Shortfall ShortfallOf(const Verdict& verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_SHORTFALL_H_
