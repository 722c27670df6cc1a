#include "tools/benchmarks/programs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace tandem::benchmarks {
namespace {

constexpr absl::string_view kListening = "listening on ";
constexpr absl::Duration kStartTimeout = absl::Minutes(2);

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
      base::ChildProcess::Start({program, "--address", "127.0.0.1:0", "--data", data,
                                 // What is measured is how fast it can, not how fast it lets.
                                 "--calls-per-second", "0"}));
  TANDEM_ASSIGN_OR_RETURN(const std::string line,
                          server->process_->WaitForLine(kListening, kStartTimeout));
  server->address_ = line.substr(line.find(kListening.data()) + kListening.size());
  return server;
}

}  // namespace tandem::benchmarks
