// tandem admin token|invite|cert

#include "tools/cli/cell.h"
#include "tools/cli/commands/admin.h"
#include "tools/cli/display.h"

namespace tandem::cli {

void AddHolder(CLI::App* command, Holder* holder) {
  command
      ->add_option(
          "actor", holder->actor,
          "Who calls with it, as recorded in changes: a pseudonym of letters, digits and -, "
          "never a person's name or address")
      ->required();
  command
      ->add_option("role", holder->role,
                   "staff, approver, auditor, admin, programme-system, mentor or nsb")
      ->required();
  command->add_option("subject", holder->subject,
                      "Of a mentor mentors/ID, of an nsb organisations/ID: what is its own");
}

void AddListOptions(CLI::App* command, ListOptions* options) {
  command->add_option("--filter", options->filter,
                      "Conditions, for example state = \"ACTIVE\" AND role = \"ADMIN\"");
  command->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
}

void AddRevokeOptions(CLI::App* command, const std::string& argument, const std::string& name,
                      const std::string& example, RevokeOptions* options) {
  command->add_option(argument, options->name, name)->required();
  command->add_option("--reason", options->reason,
                      absl::StrCat("Why, as a code such as ", example));
}

absl::Status SetInstant(absl::string_view option, const std::string& text,
                        google::protobuf::Timestamp* instant) {
  const auto parsed = ParseInstant(text);
  if (parsed.ok()) {
    *instant = *parsed;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(option, " '", Harmless(text), "' ", parsed.status().message()));
}

absl::StatusOr<std::unique_ptr<AccessStub>> AccessOf(Program& program) {
  if (program.session().Reaches("access")) {
    return program.session().Stub<tandem::access::v1::AccessService>();
  }
  return absl::InvalidArgumentError(
      "--address does not say where the access service is: add access=HOST:PORT");
}

absl::StatusOr<SecretPlace> SecretPlace::Open(const std::string& path) {
  if (path.empty()) return SecretPlace("", nullptr);
  auto file = base::SecretFile::Create(path);
  if (!file.ok()) return absl::InvalidArgumentError(file.status().message());
  return SecretPlace(path, *std::move(file));
}

absl::StatusOr<int> SecretPlace::Show(Program& program, const google::protobuf::Message& answer,
                                      std::string* secret, Table table,
                                      const std::string& instead) {
  const std::string shown = *secret;
  if (file_ != nullptr && !shown.empty()) {
    TANDEM_RETURN_IF_ERROR(file_->Write(shown));
    file_->Keep();
    secret->clear();
  }
  if (program.format() == Format::kCsv) {
    table.AddColumn("secret", *secret);
  }
  TANDEM_RETURN_IF_ERROR(program.Print(answer, table));
  const bool people = program.format() == Format::kTable;
  if (shown.empty()) {
    program.err() << "tandem: this repeats an earlier call, whose answer alone had the secret: "
                  << instead << "\n";
    return 1;
  }
  if (people && file_ != nullptr) program.Say(absl::StrCat("The secret is in ", path_, "."));
  // Never wrapped, so that it can be copied.
  if (people && file_ == nullptr) {
    program.out() << "Secret, shown this once:\n" << Harmless(shown) << "\n";
  }
  return 0;
}

void AddAdminCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "admin", "Who may call: access tokens and invitations of people, certificates of systems");
  command->require_subcommand(1);
  AddTokenCommands(*command, program);
  AddInvitationCommands(*command, program);
  AddCertificateCommands(*command, program);
}

}  // namespace tandem::cli
