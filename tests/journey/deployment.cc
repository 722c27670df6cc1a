#include "tests/journey/deployment.h"

#include <signal.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace tandem::journey {
namespace {

constexpr absl::string_view kListening = "listening on ";
constexpr absl::Duration kStartTimeout = absl::Minutes(2);

}  // namespace

Deployment::Deployment(Shape shape, std::string folder)
    : shape_(shape), folder_(std::move(folder)) {}

absl::Status Deployment::StartOne(const std::string& service, const std::string& program,
                                  std::vector<std::string> options) {
  std::vector<std::string> arguments = {program, "--address", "127.0.0.1:0", "--data", folder_};
  arguments.insert(arguments.end(), options.begin(), options.end());
  TANDEM_ASSIGN_OR_RETURN(processes_[service], base::ChildProcess::Start(arguments));
  TANDEM_ASSIGN_OR_RETURN(const std::string line,
                          processes_[service]->WaitForLine(kListening, kStartTimeout));
  addresses_[service] = line.substr(line.find(kListening.data()) + kListening.size());
  return absl::OkStatus();
}

absl::Status Deployment::Start() {
  if (shape_ == Shape::kOneProcess) return StartOne("", "services/tandemd/tandemd", {});
  TANDEM_RETURN_IF_ERROR(StartOne("profiles", "services/profiles/profiles_server", {}));
  TANDEM_RETURN_IF_ERROR(StartOne("needs", "services/needs/needs_server", {}));
  const std::vector<std::string> sources = {"--profiles-address", addresses_["profiles"],
                                            "--needs-address", addresses_["needs"]};
  TANDEM_RETURN_IF_ERROR(StartOne("matching", "services/matching/matching_server", sources));
  std::vector<std::string> followed = sources;
  followed.insert(followed.end(), {"--matching-address", addresses_["matching"]});
  return StartOne("audit", "services/audit/audit_server", followed);
}

void Deployment::Kill() {
  for (const auto& [service, process] : processes_) process->Signal(SIGKILL);
  for (const auto& [service, process] : processes_) process->Wait();
  processes_.clear();
}

absl::Status Deployment::Terminate() {
  for (const auto& [service, process] : processes_) process->Signal(SIGTERM);
  absl::Status status;
  for (const auto& [service, process] : processes_) {
    const int exit_code = process->Wait();
    if (exit_code != 0) {
      status.Update(absl::InternalError(
          absl::StrCat(service, " ended with exit code ", exit_code, " after SIGTERM")));
    }
  }
  processes_.clear();
  return status;
}

std::vector<std::string> Deployment::AddressOptions() const {
  const std::string all = absl::StrJoin(addresses_, ",", [](std::string* out, const auto& one) {
    absl::StrAppend(out, one.first, one.first.empty() ? "" : "=", one.second);
  });
  return {"--address", all};
}

}  // namespace tandem::journey
