// The RPCs of the access service, added by resource. The handlers share the tables and keep them
// alive. Internal to this package.
#ifndef SERVICES_ACCESS_METHODS_H_
#define SERVICES_ACCESS_METHODS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/access/access_tables.h"
#include "services/common/call_context.h"
#include "services/common/change_set.h"
#include "services/common/method_registry.h"
#include "services/common/resource_store.h"
#include "storage/store.h"
#include "tandem/access/v1/access_token.pb.h"

namespace tandem::access {

inline std::string MethodName(absl::string_view rpc) {
  return absl::StrCat("tandem.access.v1.AccessService/", rpc);
}

// Neither revoked nor expired.
bool IsUsable(const v1::AccessToken& token, absl::Time now);

// Stages a new token with that secret, of which the digest is kept; sets its name.
absl::Status StageToken(AccessTables& tables, const common::CallContext& call,
                        const storage::Snapshot& snapshot, absl::string_view secret,
                        v1::AccessToken* token, common::ChangeSet* changes);

// Fills in what is common to the answers with a secret: the token as of the commit, and the secret
// unless the call was a repeated one or wrote nothing. `staged` answers a call that wrote nothing.
template <typename Response>
absl::StatusOr<Response> TokenAnswer(const AccessTables& tables,
                                     const common::WriteOutcome& outcome, bool validate_only,
                                     v1::AccessToken staged, const std::string& secret) {
  Response response;
  if (validate_only) {
    *response.mutable_access_token() = std::move(staged);
    return response;
  }
  auto token = tables.tokens.Get(outcome.answer.names.at(0), outcome.revision);
  if (!token.ok()) return token.status();
  *response.mutable_access_token() = *std::move(token);
  if (!outcome.repeated) response.set_secret(secret);
  return response;
}

void AddTokenMethods(const std::shared_ptr<AccessTables>& tables, common::MethodRegistry& registry);
void AddInvitationMethods(const std::shared_ptr<AccessTables>& tables,
                          common::MethodRegistry& registry);

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_METHODS_H_
