// Reads an assignment problem from plain files (DESIGN section 4): CSV with a header line, UTF-8,
// columns by name in any order. Every error names file, line, column and reason; the first one ends
// reading. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_FILES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_FILES_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::files {

// Paths of the files, and the options beside them; an empty path is a file not given.
struct ProblemSource {
  std::string pairs;      // need,mentor,score[,mentor_score]
  std::string needs;      // need,min,max[,tier][,beneficiary][,request]
  std::string mentors;    // mentor,min,max
  std::string quotas;     // group,side,min,max[,parent]
  std::string groups;     // member,group
  std::string pinned;     // need,mentor
  std::string forbidden;  // need,mentor
  std::string previous;   // A RESULT.json, of which only `matches` is read.

  Objective objective = Objective::kTotal;
  Fill fill = Fill::kFirst;
  uint64_t seed = 0;
  int64_t change_penalty = 0;     // Micro-points.
  int64_t max_rows = 10'000'000;  // Of each file.
};

struct ReadOptions {
  // Gives the bytes of the file at a path. Empty: from the disk.
  std::function<absl::StatusOr<std::string>(const std::string& path)> read;
  // Asked now and then, from the reading thread; true stops with CANCELLED. Empty: never.
  std::function<bool()> cancelled;
};

// The problem, valid by ValidateProblem. INVALID_ARGUMENT for what a file says wrongly,
// FAILED_PRECONDITION for options that exclude each other, RESOURCE_EXHAUSTED for more rows than
// the limit, NOT_FOUND and the like for files that cannot be read, CANCELLED.
absl::StatusOr<AssignmentProblem> ReadProblem(const ProblemSource& source,
                                              const ReadOptions& options = {});

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_PROBLEM_FILES_H_
