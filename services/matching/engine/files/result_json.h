// RESULT.json (DESIGN section 4): the answer to an assignment problem, by ids, with its proof.
//
// The text is canonical: one problem has one text. Counts are numbers; scores, prices and values
// are strings, since they may be larger than a double holds exactly. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_RESULT_JSON_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_RESULT_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::files {

std::string ObjectiveName(Objective objective);  // "total", "coverage", "floor", "stable".
std::string FillName(Fill fill);                 // "first", "optional".

// The text, ended by a line feed.
std::string ResultToJson(const AssignmentProblem& problem, const AssignmentResult& result);

// Reads a result of `problem` back. INVALID_ARGUMENT "FILE:LINE:COLUMN: reason" if it is no JSON;
// FAILED_PRECONDITION naming the field if it is JSON but no result of this problem: a field is
// missing or of the wrong kind, an id is unknown, or the options are not those of `problem`.
absl::StatusOr<AssignmentResult> ResultFromJson(const AssignmentProblem& problem,
                                                absl::string_view text,
                                                absl::string_view file_name);

// Only the pairs of `matches` in a result, which may be of another problem. INVALID_ARGUMENT
// "FILE:LINE:COLUMN: reason".
absl::StatusOr<std::vector<PairOfIds>> MatchesOfResult(absl::string_view text,
                                                       absl::string_view file_name);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_RESULT_JSON_H_
