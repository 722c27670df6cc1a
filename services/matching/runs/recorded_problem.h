// The recorded problem of a run: canonical bytes from which the run is replayed, explained and
// exported.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_RECORDED_PROBLEM_H_
#define TANDEM_SERVICES_MATCHING_RUNS_RECORDED_PROBLEM_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// The same bytes for the same problem. Problems of cohorts have no forbidden pairs and no minimums
// of mentors; those are not recorded.
std::string RecordProblem(const engine::AssignmentProblem& problem);

// Reads them back. DATA_LOSS when they are damaged.
absl::StatusOr<engine::AssignmentProblem> ReadRecordedProblem(absl::string_view bytes);

v1::Objective ToProtoObjective(engine::Objective objective);
engine::Objective ToEngineObjective(v1::Objective objective);

// Takes a piece of a file; returns false to stop.
using FilePieceSink = std::function<bool(absl::string_view file_name, absl::string_view data)>;

// Hands over the problem as the plain files of the solver ("pairs.csv", "needs.csv", "mentors.csv",
// "pinned.csv" if there are pins, and "options.txt" with the options of the command line), each in
// pieces of about a megabyte, file after file. CANCELLED when the sink stops.
absl::Status WritePlainFiles(const engine::AssignmentProblem& problem, const FilePieceSink& sink);

// Hands over one file in such pieces.
absl::Status WriteInPieces(absl::string_view file_name, absl::string_view bytes,
                           const FilePieceSink& sink);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_RECORDED_PROBLEM_H_
