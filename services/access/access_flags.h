// Options of the programs that keep access tokens: tandemd and access_server. The other standalone
// servers know no tokens, and their followers state who they are, so they have none of these: with
// TLS they believe nobody without credentials anyhow.
#ifndef SERVICES_ACCESS_ACCESS_FLAGS_H_
#define SERVICES_ACCESS_ACCESS_FLAGS_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/access/access_service.h"
#include "services/common/main_support.h"

namespace tandem::access {

struct AccessFlags {
  std::string bootstrap_admin_token_file;  // empty: no first admin is made
};

// Adds --bootstrap-admin-token-file, and --require-credentials, which goes to `server`.
void AddAccessFlags(AccessFlags* flags, common::ServerFlags* server, CLI::App* app);

// Makes the first admin if asked to, and says on standard output what it did: never the secret.
// Call it before anybody is served. The errors of AccessService::EnsureAdmin.
absl::Status BootstrapAdmin(absl::string_view program, const AccessFlags& flags,
                            AccessService& service);

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_ACCESS_FLAGS_H_
