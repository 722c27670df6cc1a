// What the commands of `tandem admin` share: whom a credential is for, and where its secret goes.
// Internal to the commands.

#ifndef TANDEM_TOOLS_CLI_COMMANDS_ADMIN_H_
#define TANDEM_TOOLS_CLI_COMMANDS_ADMIN_H_

#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/secret_file.h"
#include "base/status_macros.h"
#include "google/protobuf/timestamp.pb.h"
#include "tandem/access/v1/access_service.grpc.pb.h"
#include "tandem/common/v1/access.pb.h"
#include "tools/cli/command.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/words.h"

namespace tandem::cli {

using AccessStub = tandem::access::v1::AccessService::Stub;

void AddTokenCommands(CLI::App& admin, Program& program);
void AddInvitationCommands(CLI::App& admin, Program& program);
void AddCertificateCommands(CLI::App& admin, Program& program);

// Whom a credential is for, as the words after `create` say.
struct Holder {
  std::string actor;
  std::string role;
  std::string subject;
};
void AddHolder(CLI::App* command, Holder* holder);
// Into a resource with actor, role and subject. INVALID_ARGUMENT: no such role.
template <typename Resource>
absl::Status SetHolder(const Holder& holder, Resource* resource) {
  const auto role = FromWord<tandem::common::v1::Role>(holder.role);
  if (!role.ok())
    return absl::InvalidArgumentError(absl::StrCat("ROLE: ", role.status().message()));
  resource->set_actor(holder.actor);
  resource->set_role(*role);
  resource->set_subject(holder.subject);
  return absl::OkStatus();
}

// Sets the instant of an option; `text` may be empty. INVALID_ARGUMENT naming the option.
absl::Status SetInstant(absl::string_view option, const std::string& text,
                        google::protobuf::Timestamp* instant);

// The connection to the access service. INVALID_ARGUMENT: the address does not say where it is.
absl::StatusOr<std::unique_ptr<AccessStub>> AccessOf(Program& program);

// Where the secret of an answer goes: to the terminal, or into a file of its own.
class SecretPlace {
 public:
  // With a path the file is made at once, so that the secret cannot be lost for want of it.
  // INVALID_ARGUMENT: it exists, or cannot be made.
  static absl::StatusOr<SecretPlace> Open(const std::string& path);

  // Prints `answer`, of which `secret` is a field, with `table` (made without the secret), and
  // brings the secret to its place: it is shown this once. Exit code 1 when the answer has none,
  // because it repeats an earlier one; `instead` then says what to do.
  absl::StatusOr<int> Show(Program& program, const google::protobuf::Message& answer,
                           std::string* secret, Table table, const std::string& instead);

 private:
  SecretPlace(std::string path, std::unique_ptr<base::SecretFile> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  std::unique_ptr<base::SecretFile> file_;  // null: the terminal
};

// The options of a list.
struct ListOptions {
  std::string filter;
  int limit = 100;
};
void AddListOptions(CLI::App* command, ListOptions* options);

// The options of a revocation. `argument` and `name` say what is revoked, `example` shows a reason.
struct RevokeOptions {
  std::string name;
  std::string reason;
};
void AddRevokeOptions(CLI::App* command, const std::string& argument, const std::string& name,
                      const std::string& example, RevokeOptions* options);

// Lists credentials into `table`, a row for each.
template <typename Request, typename Response, typename Resource>
absl::StatusOr<int> PrintList(
    Program& program, const ListOptions& options,
    grpc::Status (AccessStub::*method)(grpc::ClientContext*, const Request&, Response*),
    google::protobuf::RepeatedPtrField<Resource>* (Response::*resources)(), Table table,
    void (*add_row)(const Resource&, Table*)) {
  Request request;
  request.set_filter(options.filter);
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(Listed<Response> listed, ListUpTo(program, *stub, method, request,
                                                            resources, options.limit, "admin"));
  for (const Resource& resource : *(listed.all.*resources)()) add_row(resource, &table);
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, table));
  listed.SayMore(program);
  return 0;
}

// Revokes a credential and prints what became of it.
template <typename Request, typename Resource>
absl::StatusOr<int> Revoke(Program& program, const RevokeOptions& options,
                           grpc::Status (AccessStub::*method)(grpc::ClientContext*, const Request&,
                                                              Resource*),
                           Table table, void (*add_row)(const Resource&, Table*)) {
  Request request;
  request.set_name(options.name);
  request.set_reason_code(options.reason);
  request.set_request_id(program.session().RequestId());
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(const Resource revoked,
                          program.session().Call(*stub, method, request, "admin"));
  add_row(revoked, &table);
  TANDEM_RETURN_IF_ERROR(program.Print(revoked, table));
  return 0;
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMANDS_ADMIN_H_
