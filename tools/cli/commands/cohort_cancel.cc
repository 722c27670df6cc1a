// tandem cohort cancel
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tools/cli/commands/cohort_run.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"
#include "tools/cli/table.h"

namespace tandem::cli {
namespace {

using ::google::longrunning::Operation;
using ::google::longrunning::Operations;
using ::tandem::matching::v1::SolveCohortMetadata;

// Whether the operation solves `wanted`: a cohort, or one run of it.
bool Solves(const Operation& operation, const std::string& wanted) {
  SolveCohortMetadata metadata;
  return operation.metadata().UnpackTo(&metadata) &&
         (metadata.run() == wanted || absl::StartsWith(metadata.run(), wanted + "/runs/"));
}

// The operations under way that solve what the user named; never none.
absl::StatusOr<std::vector<std::string>> OperationsOf(Program& program, const std::string& id) {
  if (absl::StartsWith(id, "operations/")) return std::vector<std::string>{id};
  std::string wanted = id;
  if (!absl::StrContains(id, "/runs/")) {
    TANDEM_ASSIGN_OR_RETURN(wanted, CohortName(program.session(), id));
  }
  const auto stub = program.session().Stub<Operations>();
  google::longrunning::ListOperationsRequest request;
  request.set_page_size(1000);
  std::vector<std::string> names;
  do {
    TANDEM_ASSIGN_OR_RETURN(
        google::longrunning::ListOperationsResponse page,
        program.session().Call(*stub, &Operations::Stub::ListOperations, request, "staff"));
    for (const Operation& operation : page.operations()) {
      if (!operation.done() && Solves(operation, wanted)) names.push_back(operation.name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!names.empty()) return names;
  return absl::FailedPreconditionError(
      absl::StrCat("'", Harmless(id), "' is not being solved: there is nothing to cancel"));
}

}  // namespace

absl::StatusOr<int> CancelSolve(Program& program, const CohortOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                          OperationsOf(program, options.cohort));
  constexpr char kState[] = "cancellation asked for";
  const auto stub = program.session().Stub<Operations>();
  Table table({"operation", "state"});
  std::string json = "[";
  for (const std::string& name : names) {
    google::longrunning::CancelOperationRequest request;
    request.set_name(name);
    TANDEM_RETURN_IF_ERROR(program.session()
                               .Call(*stub, &Operations::Stub::CancelOperation, request, "staff")
                               .status());
    table.AddRow({name, kState});
    absl::StrAppend(&json, json.size() > 1 ? ", " : "", "{\"operation\": ");
    base::AppendJsonString(name, &json);
    absl::StrAppend(&json, ", \"state\": \"", kState, "\"}");
  }
  program.Print(json + "]", table);
  return 0;
}

}  // namespace tandem::cli
