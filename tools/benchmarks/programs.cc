#include "tools/benchmarks/programs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace tandem::benchmarks {
namespace {

constexpr absl::Duration kStartTimeout = absl::Minutes(2);

// The rest of the line that `process` prints with `before` in it.
absl::StatusOr<std::string> PrintedAfter(absl::string_view before, base::ChildProcess& process) {
  TANDEM_ASSIGN_OR_RETURN(const std::string line, process.WaitForLine(before, kStartTimeout));
  return line.substr(line.find(before.data(), 0, before.size()) + before.size());
}

}  // namespace

absl::Status Run(const std::vector<std::string>& arguments) {
  TANDEM_ASSIGN_OR_RETURN(const base::Finished finished, base::RunProgram(arguments));
  if (finished.exit_code == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(arguments[0], " ended with exit code ",
                                          finished.exit_code, ": ", finished.errors));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::string& program,
                                                                    const std::string& data) {
  auto server = std::make_unique<ServerProcess>();
  TANDEM_ASSIGN_OR_RETURN(
      server->process_,
      base::ChildProcess::Start({program, "--address", "127.0.0.1:0", "--http-address",
                                 "127.0.0.1:0", "--data", data,
                                 // What is measured is how fast it can, not how fast it lets.
                                 "--calls-per-second", "0"}));
  TANDEM_ASSIGN_OR_RETURN(server->http_address_,
                          PrintedAfter("serves HTTP on ", *server->process_));
  TANDEM_ASSIGN_OR_RETURN(server->address_, PrintedAfter("listening on ", *server->process_));
  return server;
}

absl::StatusOr<std::unique_ptr<PayloadServerProcess>> PayloadServerProcess::Start(
    const std::string& program, const std::string& option, int64_t answer_bytes) {
  auto server = std::make_unique<PayloadServerProcess>();
  TANDEM_ASSIGN_OR_RETURN(server->process_,
                          base::ChildProcess::Start({program, option, absl::StrCat(answer_bytes)}));
  TANDEM_ASSIGN_OR_RETURN(server->address_, PrintedAfter("listening on ", *server->process_));
  return server;
}

}  // namespace tandem::benchmarks
