#include "services/access/first_admin.h"

#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "base/secret_file.h"
#include "base/status_macros.h"
#include "services/access/access_service.h"
#include "services/access/methods.h"
#include "services/access/secrets.h"
#include "services/common/call_context.h"
#include "services/common/timestamps.h"
#include "storage/cancellation.h"

namespace tandem::access {
namespace {

constexpr char kFirstActor[] = "first-admin";
constexpr char kMaker[] = "tandem: start of the access service";

absl::StatusOr<bool> HasUsableAdmin(const AccessTables& tables) {
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, tables.store->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> tokens, AllTokens(*snapshot));
  for (const std::string& name : tokens) {
    TANDEM_ASSIGN_OR_RETURN(const v1::AccessToken token, tables.tokens.Read(*snapshot, name));
    if (token.role() == common::v1::ROLE_ADMIN && IsUsable(token, tables.store->Now())) return true;
  }
  return false;
}

common::Call StartingCall(absl::Time now) {
  common::Call call;
  call.principal.actor = kMaker;
  call.principal.role = common::v1::ROLE_SERVICE;
  call.method = MethodName("CreateAccessToken");
  call.received_at = now;
  return call;
}

}  // namespace

absl::StatusOr<std::optional<v1::AccessToken>> MakeFirstAdmin(AccessTables& tables,
                                                              const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(const bool present, HasUsableAdmin(tables));
  if (present) return std::optional<v1::AccessToken>();
  // The file first: a token whose secret found no place would stand in the way of another.
  TANDEM_ASSIGN_OR_RETURN(const auto file, base::SecretFile::Create(path));
  const std::string secret = NewSecret(kTokenPrefix);
  TANDEM_RETURN_IF_ERROR(file->Write(secret));
  v1::AccessToken token;
  storage::Cancellation never;
  const absl::Time now = tables.store->Now();
  const common::CallContext call(StartingCall(now), &never);
  const auto attempt = [&](const storage::Snapshot& snapshot,
                           common::ChangeSet* changes) -> absl::Status {
    token.Clear();
    token.set_actor(kFirstActor);
    token.set_role(common::v1::ROLE_ADMIN);
    *token.mutable_expire_time() = common::ToTimestamp(now + kFirstAdminLifetime);
    return StageToken(tables, call, snapshot, secret, &token, changes);
  };
  const auto written = tables.store->Write(call, common::WriteMode::kCommit, attempt);
  // Unknown: the token may exist, so its secret stays.
  if (written.ok() || absl::IsUnknown(written.status())) file->Keep();
  TANDEM_RETURN_IF_ERROR(written.status());
  return std::optional<v1::AccessToken>(std::move(token));
}

}  // namespace tandem::access
