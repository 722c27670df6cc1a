#include "tests/journey/deployment.h"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/tls/tls_files.h"

namespace tandem::journey {
namespace {

constexpr absl::string_view kListening = "listening on ";
constexpr absl::Duration kStartTimeout = absl::Minutes(2);

// What docs/deployment.md has operators copy, and where the services of its example listen.
constexpr char kSystemd[] = "deploy/systemd/";
constexpr int64_t kMaxFileBytes = 64 << 10;
constexpr std::pair<const char*, int> kPorts[] = {
    {"profiles", 7401}, {"needs", 7402}, {"matching", 7403}, {"audit", 7404}, {"access", 7405}};

using Words = std::vector<std::string>;

Words Join(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// What follows `name` at the beginning of a line, on with those that a backslash joins to it.
absl::StatusOr<std::string> ValueIn(const std::string& file, absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(file, kMaxFileBytes));
  const std::string joined = absl::StrReplaceAll(text, {{"\\\n", " "}});
  for (absl::string_view line : absl::StrSplit(joined, '\n')) {
    if (absl::ConsumePrefix(&line, name)) return std::string(line);
  }
  return absl::NotFoundError(absl::StrCat(file, ": has no ", name));
}

}  // namespace

Deployment::Deployment(Shape shape, std::string folder)
    : shape_(shape), folder_(std::move(folder)) {}

absl::Status Deployment::Run(const std::string& service, const Words& command) {
  TANDEM_ASSIGN_OR_RETURN(processes_[service], base::ChildProcess::Start(command));
  TANDEM_ASSIGN_OR_RETURN(const std::string line,
                          processes_[service]->WaitForLine(kListening, kStartTimeout));
  addresses_[service] = line.substr(line.find(kListening.data()) + kListening.size());
  return absl::OkStatus();
}

absl::Status Deployment::StartOne(const std::string& service, const std::string& program,
                                  const Words& options) {
  return Run(service, Join({program, "--address", "127.0.0.1:0", "--data", folder_}, options));
}

absl::Status Deployment::Start() {
  if (shape_ == Shape::kOneProcess) return StartOne("", "services/tandemd/tandemd", {});
  if (shape_ == Shape::kProcessAServiceByTls) return StartByTls();
  TANDEM_RETURN_IF_ERROR(StartOne("profiles", "services/profiles/profiles_server", {}));
  TANDEM_RETURN_IF_ERROR(StartOne("needs", "services/needs/needs_server",
                                  {"--profiles-address", addresses_["profiles"]}));
  const Words sources = {"--profiles-address", addresses_["profiles"], "--needs-address",
                         addresses_["needs"]};
  TANDEM_RETURN_IF_ERROR(StartOne("matching", "services/matching/matching_server", sources));
  return StartOne("audit", "services/audit/audit_server",
                  Join(sources, {"--matching-address", addresses_["matching"]}));
}

absl::Status Deployment::StartByTls() {
  // Once: what is started again is called by the same certificates.
  if (addresses_.empty()) TANDEM_RETURN_IF_ERROR(MakeCertificates());
  for (const char* service : {"profiles", "needs", "matching", "access", "audit"}) {
    TANDEM_ASSIGN_OR_RETURN(const Words command, CommandOfUnit(service));
    TANDEM_RETURN_IF_ERROR(Run(service, command));
  }
  return absl::OkStatus();
}

absl::StatusOr<Words> Deployment::CommandOfUnit(const std::string& service) const {
  TANDEM_ASSIGN_OR_RETURN(const std::string unit,
                          ValueIn(absl::StrCat(kSystemd, "tandem@.service"), "ExecStart="));
  TANDEM_ASSIGN_OR_RETURN(const std::string options,
                          ValueIn(absl::StrCat(kSystemd, service, ".env"), "OPTIONS="));
  const std::string named = absl::StrReplaceAll(unit, {{"$OPTIONS", options}, {"%i", service}});
  std::map<std::string, std::string> places = {
      {absl::StrCat("/usr/local/lib/tandem/", service),
       absl::StrCat("services/", service, "/", service)},
      {"/usr/local/lib/tandem/reference", "tools/reference"},
      {"/var/lib/tandem", folder_},
      {"/etc/tandem", tls_.path()}};
  for (const auto& [name, port] : kPorts) {
    places[absl::StrCat("0.0.0.0:", port)] = "127.0.0.1:0";
    const auto known = addresses_.find(name);
    if (known != addresses_.end()) {
      places[absl::StrCat(name, ".example.org:", port)] = known->second;
    }
  }
  return Words(absl::StrSplit(absl::StrReplaceAll(named, places), ' ', absl::SkipEmpty()));
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
  if (shape_ != Shape::kProcessAServiceByTls) return {"--address", all};
  return {"--address",         all,
          "--tls-ca",          tls_.Join("tls/ca.pem"),
          "--tls-certificate", tls_.Join(absl::StrCat("tls/", kAdmin, ".pem")),
          "--tls-key",         tls_.Join(absl::StrCat("tls/", kAdmin, ".key"))};
}

absl::Status Deployment::MakeCertificates() {
  std::filesystem::create_directory(tls_.Join("tls"));
  common::TestAuthority authority;
  std::ofstream(tls_.Join("tls/ca.pem")) << authority.certificate();
  std::string callers = "fingerprint,actor,role,subject\n";
  // Without a role it calls nobody.
  const std::pair<const char*, absl::string_view> roles[] = {
      {"profiles", ""},     {"needs", "service"},  {"matching", "service"},
      {"audit", "service"}, {"access", "service"}, {kAdmin, "admin"}};
  for (const auto& [name, role] : roles) {
    const common::TestCertificate pair = authority.Issue(name);
    std::ofstream(tls_.Join(absl::StrCat("tls/", name, ".pem"))) << pair.certificate;
    std::ofstream(tls_.Join(absl::StrCat("tls/", name, ".key"))) << pair.key;
    if (role.empty()) continue;
    TANDEM_ASSIGN_OR_RETURN(const std::string print,
                            common::CertificateFingerprint(pair.certificate));
    absl::StrAppend(&callers, print, ",", name, ",", role, ",\n");
  }
  std::ofstream(tls_.Join("certificates.csv")) << callers;
  return absl::OkStatus();
}

}  // namespace tandem::journey
