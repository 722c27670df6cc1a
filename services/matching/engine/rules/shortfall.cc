#include "services/matching/engine/rules/shortfall.h"

#include <cstdlib>

namespace tandem::engine {
namespace {

// 0 where the two cannot be counted against each other: an open end, or yes against no.
int64_t Distance(const Comparison& comparison) {
  if (comparison.actual.kind != comparison.required.kind) return 0;
  switch (comparison.required.kind) {
    case ValueKind::kNumber:
    case ValueKind::kDay:
    case ValueKind::kCefr:
      return std::abs(comparison.required.number - comparison.actual.number);
    default:
      return 0;
  }
}

}  // namespace

Shortfall ShortfallOf(const Verdict& verdict) {
  Shortfall shortfall;
  shortfall.hopeless = verdict.relaxations.empty();
  shortfall.changes = static_cast<int64_t>(verdict.relaxations.size());
  for (const Comparison& comparison : verdict.compared) {
    if (!comparison.met) shortfall.distance += Distance(comparison);
  }
  return shortfall;
}

}  // namespace tandem::engine
