#include "services/access/access_tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/access/access_rules.h"
#include "services/access/secrets.h"

namespace tandem::access {
namespace {

common::ResourceSpec TokenSpec() {
  common::ResourceSpec spec;
  spec.collection = "accessTokens";
  spec.field = "access_token";
  spec.plural = "access_tokens";
  spec.active_state = v1::ACCESS_TOKEN_STATE_ACTIVE;
  spec.inactive_state = v1::ACCESS_TOKEN_STATE_REVOKED;
  spec.output_only = {"revoke_time", "rotate_time", "previous_secret_expire_time", "invitation"};
  spec.filter_fields = {"state", "actor", "role", "subject"};
  return spec;
}

common::ResourceSpec InvitationSpec() {
  common::ResourceSpec spec;
  spec.collection = "invitations";
  spec.field = "invitation";
  spec.plural = "invitations";
  spec.active_state = v1::INVITATION_STATE_PENDING;
  spec.inactive_state = v1::INVITATION_STATE_REVOKED;
  spec.output_only = {"used_time", "revoke_time", "access_token"};
  spec.filter_fields = {"state", "actor", "role", "subject"};
  return spec;
}

}  // namespace

AccessTables::AccessTables(std::unique_ptr<common::ResourceStore> resources)
    : store(std::move(resources)),
      tokens(store.get(), TokenSpec(), std::make_unique<TokenHooks>()),
      invitations(store.get(), InvitationSpec(), std::make_unique<InvitationHooks>()) {}

std::string SecretsKey(absl::string_view token) { return absl::StrCat("secrets/", token); }

absl::StatusOr<std::vector<std::string>> AllTokens(const storage::Snapshot& snapshot) {
  std::vector<std::string> tokens;
  const std::string prefix = SecretsKey("");
  TANDEM_RETURN_IF_ERROR(
      snapshot.Scan(prefix, storage::EndOfPrefix(prefix), [&](const storage::Record& record) {
        tokens.emplace_back(absl::StripPrefix(record.key, prefix));
        return true;
      }));
  return tokens;
}

std::string CodeKey(absl::string_view digest) {
  return absl::StrCat("codes/", LookupKeyOf(digest));
}

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

}  // namespace tandem::access
