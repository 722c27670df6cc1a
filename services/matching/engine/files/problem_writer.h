// Writes an assignment problem as the plain files that ReadProblem reads (DESIGN section 4), so
// that anyone can solve or verify it again outside the service. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_WRITER_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_WRITER_H_

#include <map>
#include <string>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::files {

// The texts by file name: "pairs.csv", "needs.csv", "mentors.csv"; "quotas.csv" and "groups.csv" if
// there are quotas; "pinned.csv" and "forbidden.csv" if there are any; "previous.json" with a
// previous plan. Rows are sorted by id, so a problem has one text. The options (objective, fill,
// seed, change penalty) go on the command line.
std::map<std::string, std::string> ProblemToFiles(const AssignmentProblem& problem);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_WRITER_H_
