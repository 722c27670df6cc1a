// Verifies the result of a DIMACS problem without solving it, and without code of the solver.
// Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_VERIFY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_VERIFY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/files/dimacs.h"

namespace tandem::engine::files {

// The first condition that fails and where; empty if the result is proven: the flow keeps every
// minimum, maximum and supply, its cost is the stated one, and by its prices no other costs less
// (complementary slackness); or its conflict holds (Hoffman 1960: the minimums of the arcs one way
// over a set of nodes are more than the maximums of those the other way). Any valid prices and any
// such set will do. INVALID_ARGUMENT "FILE:LINE:COLUMN: reason" if `text` is no JSON.
absl::StatusOr<std::string> VerifyDimacs(const DimacsProblem& problem, absl::string_view text,
                                         absl::string_view file_name);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_DIMACS_VERIFY_H_
