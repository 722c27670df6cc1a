// tandem admin cert print|add|list|remove: the file that a server reads by --certificates. It is
// changed in one step, so that a server reads it before or after, and only into what a server
// takes.

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "services/common/authentication/certificate_rows.h"
#include "services/common/authentication/certificates.h"
#include "services/common/principal.h"
#include "services/common/tls/tls_files.h"
#include "services/matching/engine/files/write_file.h"
#include "tools/cli/commands/admin.h"

namespace tandem::cli {
namespace {

using common::CertificateRow;

struct CertificateOptions {
  std::string file;         // certificates.csv
  std::string certificate;  // PEM
  std::string which;        // fingerprint, or a PEM file
  CertificateRow row;
};

absl::Status BadInput(const absl::Status& status) {
  return absl::InvalidArgumentError(status.message());
}

absl::StatusOr<std::string> FingerprintOfFile(const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(const std::string pem, ReadLocalFile(path));
  auto fingerprint = common::CertificateFingerprint(pem);
  if (fingerprint.ok()) return fingerprint;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", fingerprint.status().message(), " is in this file"));
}

std::string JsonOf(const std::vector<CertificateRow>& rows) {
  std::string json = "{\"certificates\": [";
  for (const CertificateRow& row : rows) {
    absl::StrAppend(&json, json.back() == '[' ? "" : ", ", "{\"fingerprint\": ");
    base::AppendJsonString(row.fingerprint, &json);
    absl::StrAppend(&json, ", \"actor\": ");
    base::AppendJsonString(row.actor, &json);
    absl::StrAppend(&json, ", \"role\": ");
    base::AppendJsonString(row.role, &json);
    absl::StrAppend(&json, ", \"subject\": ");
    base::AppendJsonString(row.subject, &json);
    absl::StrAppend(&json, "}");
  }
  return absl::StrCat(json, "]}");
}

void PrintRows(Program& program, const std::vector<CertificateRow>& rows) {
  Table table({"fingerprint", "actor", "role", "subject"});
  for (const CertificateRow& row : rows) {
    table.AddRow({row.fingerprint, row.actor, row.role, row.subject});
  }
  constexpr int kFingerprintWidth = 64;
  program.Print(JsonOf(rows), table, kFingerprintWidth);
}

// The row that the options ask for, as a server would take it.
absl::StatusOr<CertificateRow> CheckedRow(const CertificateOptions& options) {
  CertificateRow row = options.row;
  TANDEM_ASSIGN_OR_RETURN(row.fingerprint, FingerprintOfFile(options.certificate));
  const auto alone = common::WithCertificate("", "the new row", row);
  if (!alone.ok()) return BadInput(alone.status());
  return row;
}

absl::StatusOr<int> PrintRow(Program& program, const CertificateOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const CertificateRow row, CheckedRow(options));
  PrintRows(program, {row});
  return 0;
}

absl::StatusOr<int> Add(Program& program, const CertificateOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const CertificateRow row, CheckedRow(options));
  struct stat facts = {};
  std::string before;
  if (stat(options.file.c_str(), &facts) == 0) {
    TANDEM_ASSIGN_OR_RETURN(before, ReadLocalFile(options.file));
  }
  const auto text = common::WithCertificate(before, options.file, row);
  if (!text.ok()) return BadInput(text.status());
  const absl::Status written = engine::files::WriteWholeFile(options.file, *text);
  if (!written.ok()) return BadInput(written);
  PrintRows(program, {row});
  return 0;
}

absl::StatusOr<int> Remove(Program& program, const CertificateOptions& options) {
  std::string fingerprint = options.which;
  struct stat facts = {};
  if (stat(options.which.c_str(), &facts) == 0) {
    TANDEM_ASSIGN_OR_RETURN(fingerprint, FingerprintOfFile(options.which));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::string before, ReadLocalFile(options.file));
  const auto text =
      common::WithoutCertificate(before, options.file, common::PlainFingerprint(fingerprint));
  if (absl::IsNotFound(text.status())) return text.status();
  if (!text.ok()) return BadInput(text.status());
  const absl::Status written = engine::files::WriteWholeFile(options.file, *text);
  if (!written.ok()) return BadInput(written);
  if (program.format() == Format::kTable) {
    program.Say(absl::StrCat("Removed from ", options.file,
                             ". Servers that read it refuse the certificate within a second."));
  }
  return 0;
}

absl::StatusOr<int> List(Program& program, const CertificateOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadLocalFile(options.file));
  const auto callers = common::ParseCertificates(text, options.file);
  if (!callers.ok()) return BadInput(callers.status());
  std::vector<CertificateRow> rows;
  for (const auto& [fingerprint, caller] : *callers) {
    rows.push_back({fingerprint, caller.actor, common::RoleToText(caller.role), caller.subject});
  }
  PrintRows(program, rows);
  return 0;
}

using Action = absl::StatusOr<int> (*)(Program&, const CertificateOptions&);

std::shared_ptr<CertificateOptions> AddCommand(CLI::App& certificates, Program& program,
                                               const char* name, const char* help, Action action,
                                               CLI::App** command) {
  *command = certificates.add_subcommand(name, help);
  const auto options = std::make_shared<CertificateOptions>();
  (*command)->callback([&program, options, action] {
    program.action = [&program, options, action] { return action(program, *options); };
  });
  return options;
}

void AddRowOptions(CLI::App* command, CertificateOptions* options) {
  command->add_option("pem", options->certificate, "PEM file with the client certificate")
      ->required();
  command
      ->add_option("actor", options->row.actor,
                   "The system's name as recorded in changes, 1 to 100 signs of ASCII")
      ->required();
  command->add_option("role", options->row.role, "programme-system, staff, auditor and so on")
      ->required();
  command->add_option("subject", options->row.subject,
                      "Of a mentor mentors/ID, of an nsb organisations/ID: what is its own");
}

}  // namespace

void AddCertificateCommands(CLI::App& admin, Program& program) {
  CLI::App* certificates = admin.add_subcommand(
      "cert", "The file that says who calls with which client certificate; asks no server");
  certificates->require_subcommand(1);
  CLI::App* command = nullptr;
  auto options =
      AddCommand(*certificates, program, "print",
                 "Print the row of a certificate, changing nothing", &PrintRow, &command);
  AddRowOptions(command, options.get());
  options = AddCommand(*certificates, program, "add",
                       "Add the row of a certificate to a file, which is made if missing", &Add,
                       &command);
  command->add_option("file", options->file, "certificates.csv")->required();
  AddRowOptions(command, options.get());
  options = AddCommand(*certificates, program, "list", "List the rows of a file", &List, &command);
  command->add_option("file", options->file, "certificates.csv")->required();
  options = AddCommand(*certificates, program, "remove",
                       "Take the row of a certificate out of a file", &Remove, &command);
  command->add_option("file", options->file, "certificates.csv")->required();
  command->add_option("certificate", options->which, "Its fingerprint (SHA-256), or its PEM file")
      ->required();
}

}  // namespace tandem::cli
