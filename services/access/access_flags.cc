#include "services/access/access_flags.h"

#include <cstdio>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/common/timestamps.h"

namespace tandem::access {

void AddAccessFlags(AccessFlags* flags, common::ServerFlags* server, CLI::App* app) {
  app->add_option(
         "--bootstrap-admin-token-file", flags->bootstrap_admin_token_file,
         "Where no admin has a usable access token, make one, good for 7 days, and write it "
         "to this new file, which only its owner can read: for the first admin")
      ->type_name("FILE");
  app->add_flag(
      "--require-credentials", server->require_credentials,
      "Believe nobody without credentials on this machine either: without TLS callers need "
      "an access token");
}

absl::Status BootstrapAdmin(absl::string_view program, const AccessFlags& flags,
                            AccessService& service) {
  const std::string& path = flags.bootstrap_admin_token_file;
  if (path.empty()) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const std::optional<v1::AccessToken> made, service.EnsureAdmin(path));
  const std::string line =
      made.has_value()
          ? absl::StrCat(
                program, " made the first admin's token, ", made->name(), ": it is in ", path,
                " and good until ",
                absl::FormatTime(absl::RFC3339_sec, common::FromTimestamp(made->expire_time()),
                                 absl::UTCTimeZone()),
                ". Make one of your own with it, then revoke it\n")
          : absl::StrCat(program, " made no first admin's token: there is a usable one\n");
  std::fputs(line.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace tandem::access
