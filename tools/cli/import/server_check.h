// The server's side of an import: the same batches are first only checked, then written.

#ifndef TANDEM_TOOLS_CLI_IMPORT_SERVER_CHECK_H_
#define TANDEM_TOOLS_CLI_IMPORT_SERVER_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"
#include "tools/cli/command.h"
#include "tools/cli/import/batches.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {

// What an import did, or would do.
struct ImportCounts {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  // Per batch, the resource names that the server answered.
  std::vector<std::vector<std::string>> names;
};

// One kind of resource on its way to the server.
struct ImportTarget {
  // What it is called in messages: "mentors".
  std::string what;
  // The repeated field of the batch request: "mentors".
  std::string field;
  // The column that holds a field of the resource.
  std::function<std::string(absl::string_view field)> column_of;
  // Sends one batch; adds what the server answered to `counts` (one call per batch at a time, each
  // with counts of its own).
  std::function<grpc::Status(const Batch& batch, size_t index, bool validate_only,
                             ImportCounts* counts)>
      send;
  // Columns that the server checks together: what it says about one where another could not be read
  // may only follow from that.
  std::vector<std::vector<std::string>> related = {};
};

// Has the server check all batches without writing. What it refuses goes to `problems` with line
// and column; an error is returned only if it could not be asked.
absl::StatusOr<ImportCounts> CheckOnServer(Program& program, const ImportTarget& target,
                                           const std::vector<Batch>& batches,
                                           std::vector<Problem>* problems);

// Writes all batches. An error says how much was written.
absl::StatusOr<ImportCounts> WriteToServer(Program& program, const ImportTarget& target,
                                           const std::vector<Batch>& batches);

// Adds the problems to `all`, with position and value looked up in the file.
void AddWithPlaces(absl::string_view text, const std::string& file,
                   const std::vector<ColumnSpec>& columns, std::vector<Problem> found,
                   Problems* all);

// The same for rows that have problems in `all` already: what may only follow from those is left
// out.
void AddBesideOthers(absl::string_view text, const std::string& file,
                     const std::vector<ColumnSpec>& columns,
                     const std::vector<std::vector<std::string>>& related,
                     std::vector<Problem> found, Problems* all);

// Calls again, a few times and ever later, while the server is busy or somebody else changed the
// same resource: the request_id makes that safe.
grpc::Status WithPatience(const std::function<grpc::Status()>& call);

// A sender for a batch method of a service, for ImportTarget::send.
template <typename Request, typename Response, typename StubType>
auto BatchSender(const Session& session, StubType& stub,
                 grpc::Status (StubType::*method)(grpc::ClientContext*, const Request&, Response*),
                 const std::string& step) {
  return [&session, &stub, method, step](const Batch& batch, size_t index, bool validate_only,
                                         ImportCounts* counts) {
    Request request;
    request.ParseFromString(batch.bytes);
    request.set_validate_only(validate_only);
    if (!validate_only) request.set_request_id(session.RequestId(step + std::to_string(index)));
    Response response;
    const grpc::Status status =
        WithPatience([&] { return session.RawCall(stub, method, request, "staff", &response); });
    counts->created = response.created_count();
    counts->updated = response.updated_count();
    counts->unchanged = response.unchanged_count();
    counts->names = {{response.names().begin(), response.names().end()}};
    return status;
  };
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_SERVER_CHECK_H_
