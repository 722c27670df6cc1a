#include "tools/cli/command.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/secret_file.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "services/common/tls/client_credentials.h"
#include "tools/cli/display.h"

namespace tandem::cli {
namespace {

constexpr int64_t kMaxFileBytes = int64_t{4} << 30;
// Of the access tokens that Tandem itself gives out.
constexpr absl::string_view kOwnTokenPrefix = "tandem_at_";

std::string EnvironmentOr(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// Mentors and counterparts reach what is their own, so they have to say who they are.
absl::Status CheckSubject(const SessionOptions& options) {
  const std::string collection = options.role == "mentor" ? "mentors/"
                                 : options.role == "nsb"  ? "organisations/"
                                                          : "";
  if (collection.empty()) {
    if (options.subject.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("--subject goes with --role mentor or --role nsb only");
  }
  if (absl::StartsWith(options.subject, collection) && options.subject != collection) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("--role ", options.role, " needs --subject ",
                                                 collection, "ID: say who you are"));
}

}  // namespace

Program::Program(std::ostream& out, std::ostream& err, const Terminal& terminal)
    : out_(&out), err_(err), terminal_(terminal) {
  session_options_.address = EnvironmentOr("TANDEM_ADDRESS", "127.0.0.1:7400");
  session_options_.actor = EnvironmentOr("USER", "somebody");
}

void Program::AddOptions(CLI::App& app) {
  app.add_option("--address", session_options_.address,
                 "Server as HOST:PORT, or each service as profiles=HOST:PORT,needs=HOST:PORT,"
                 "matching=HOST:PORT,audit=HOST:PORT; also by the environment variable "
                 "TANDEM_ADDRESS")
      ->capture_default_str();
  app.add_option("--as", session_options_.actor, "Who you are; recorded with every change")
      ->type_name("NAME")
      ->capture_default_str()
      ->each([this](const std::string&) { states_caller_ = true; });
  app.add_option("--role", session_options_.role,
                 "In which role you act: staff, approver, auditor, admin, programme-system, mentor "
                 "or nsb (default: what the command needs)")
      ->check(CLI::IsMember({"staff", "approver", "auditor", "admin", "programme-system", "mentor",
                             "nsb", "service"}));
  app.add_option("--subject", session_options_.subject,
                 "With --role mentor which mentor you are (mentors/ID), with --role nsb which "
                 "organisation you act for (organisations/ID)")
      ->type_name("NAME")
      ->each([this](const std::string&) { states_caller_ = true; });
  app.add_option("--tls-ca", tls_.authorities,
                 "Reach the server by TLS 1.3: PEM file with the authorities of its certificate")
      ->type_name("FILE");
  app.add_option("--tls-certificate", tls_.certificate,
                 "Your client certificate (PEM): it says who you are and in which role")
      ->type_name("FILE");
  app.add_option("--tls-key", tls_.key, "Its private key (PEM, without a passphrase)")
      ->type_name("FILE");
  app.add_option("--token-file", token_file_,
                 "File with your access token, which only you may read: it says who you are and in "
                 "which role. Goes to other machines by TLS only")
      ->type_name("FILE");
  const std::map<std::string, Format> formats = {
      {"table", Format::kTable}, {"json", Format::kJson}, {"csv", Format::kCsv}};
  app.add_option_function<std::string>(
         "--format", [this, formats](const std::string& name) { format_ = formats.at(name); },
         "How answers are printed: table (for people), json or csv (for programs)")
      ->check(CLI::IsMember({"table", "json", "csv"}));
  app.add_option("--timeout", timeout_seconds_, "Seconds to wait for one answer")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  app.add_option("--request-id", session_options_.request_id,
                 "Id of a write: repeating a command with the same id does nothing twice");
}

absl::Status Program::PrepareTls() {
  if (tls_.authorities.empty() && tls_.certificate.empty() && tls_.key.empty()) {
    return absl::OkStatus();
  }
  auto credentials = common::MakeTlsClientCredentials(tls_);
  // Whatever is wrong with a file, an option named it.
  if (!credentials.ok()) return absl::InvalidArgumentError(credentials.status().message());
  session_options_.credentials = *std::move(credentials);
  if (tls_.certificate.empty() || !token_file_.empty()) return absl::OkStatus();
  session_options_.caller_by_credentials = true;
  if (!states_caller_ && session_options_.role.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--tls-certificate says who you are and in which role: leave out --as, --role and --subject");
}

absl::Status Program::PrepareToken() {
  if (token_file_.empty()) return absl::OkStatus();
  if (session_options_.credentials == nullptr && !IsOnThisMachine(session_options_.address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a token goes to other machines by TLS only, else anybody on the way reads it: "
        "give --tls-ca for ",
        session_options_.address));
  }
  auto token = base::ReadSecretFile(token_file_);
  if (!token.ok()) return absl::InvalidArgumentError(token.status().message());
  session_options_.caller_by_credentials = true;
  session_options_.token = *std::move(token);
  // Tokens of an identity provider may be for several roles, one of which is chosen.
  const bool one_role = absl::StartsWith(session_options_.token, kOwnTokenPrefix);
  if (!states_caller_ && (!one_role || session_options_.role.empty())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--token-file says who you are and in which role: leave out --as, --role and --subject");
}

absl::Status Program::CheckOptions() {
  for (const std::string* value :
       {&session_options_.actor, &session_options_.request_id, &session_options_.subject}) {
    for (char c : *value) {
      if (!absl::ascii_isprint(c)) {
        return absl::InvalidArgumentError(
            "--as, --request-id and --subject take letters, digits and signs of ASCII only");
      }
    }
  }
  if (session_options_.actor.empty()) return absl::InvalidArgumentError("--as must not be empty");
  TANDEM_RETURN_IF_ERROR(CheckSubject(session_options_));
  TANDEM_RETURN_IF_ERROR(PrepareTls());
  TANDEM_RETURN_IF_ERROR(CheckAddress(session_options_.address));
  return PrepareToken();
}

const Session& Program::session() {
  if (session_ == nullptr) {
    session_options_.timeout = absl::Seconds(timeout_seconds_);
    session_ = std::make_unique<Session>(session_options_);
  }
  return *session_;
}

int Program::RunInto(const std::vector<std::string>& arguments, std::ostream& out) {
  std::ostream* const before = std::exchange(out_, &out);
  const int exit_code = run(arguments);
  out_ = before;
  return exit_code;
}

void Program::Progress(const std::string& line) {
  if (!terminal_.err_is_terminal) return;
  err_ << "\r\x1b[K" << line << std::flush;
}

absl::Status Program::Print(const google::protobuf::Message& message, const Table& table,
                            int max_cell_width) {
  switch (format_) {
    case Format::kJson:
      return PrintJson(message);
    case Format::kCsv:
      *out_ << table.AsCsv();
      return absl::OkStatus();
    case Format::kTable:
      Show(table, max_cell_width);
      return absl::OkStatus();
  }
  return absl::InternalError("unknown format");
}

void Program::Print(const std::string& json, const Table& table, int max_cell_width) {
  switch (format_) {
    case Format::kJson:
      *out_ << json << "\n";
      break;
    case Format::kCsv:
      *out_ << table.AsCsv();
      break;
    case Format::kTable:
      Show(table, max_cell_width);
      break;
  }
}

void Program::Show(const Table& table, int max_cell_width) {
  if (table.empty()) {
    *out_ << "none\n";
    return;
  }
  *out_ << table.AsText({max_cell_width, terminal_.out_width});
}

void Program::Say(const std::string& text, int indent) {
  if (terminal_.out_width <= 0) {
    *out_ << text << "\n";
    return;
  }
  std::string before;
  for (const std::string& line : WrapWords(text, std::max(terminal_.out_width - indent, 20))) {
    *out_ << before << line << "\n";
    before.assign(indent, ' ');
  }
}

absl::Status Program::PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  // A program that reads it should not have to know what 0, false and empty lists look like.
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(status.ToString());
  *out_ << json;
  return absl::OkStatus();
}

CLI::Validator WholeNumber() {
  return CLI::Validator(
      [](const std::string& text) -> std::string {
        uint64_t value = 0;
        const bool digits = std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
        if (digits && absl::SimpleAtoi(text, &value)) return "";
        return absl::StrCat("'", Harmless(text),
                            "' is no whole number from 0 to 18446744073709551615");
      },
      "");
}

absl::Status ParseJson(const std::string& json, const std::string& file,
                       google::protobuf::Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(json, message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": this is no JSON of a ", message->GetDescriptor()->full_name(), ": ",
                   Harmless(std::string(status.message().data(), status.message().size()))));
}

absl::StatusOr<std::string> ReadLocalFile(const std::string& path) {
  absl::StatusOr<std::string> bytes = base::ReadFile(path, kMaxFileBytes);
  if (!bytes.ok()) return absl::InvalidArgumentError(bytes.status().message());
  return bytes;
}

absl::Status WriteLocalFile(const std::string& path, absl::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr;
  if (written) written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file != nullptr && std::fclose(file) != 0) written = false;
  if (written) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

}  // namespace tandem::cli
