// Who calls with an access token: the metadata "authorization: Bearer SECRET", looked up in memory.
//
// The tokens in memory follow the feed of the access store: each call first takes in what was
// committed since the last one, so a revoked token is refused from its revocation on.
//
// Thread-safe.
#ifndef SERVICES_ACCESS_TOKEN_AUTHENTICATOR_H_
#define SERVICES_ACCESS_TOKEN_AUTHENTICATOR_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/access/access_tables.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/principal.h"
#include "storage/store.h"

namespace tandem::access {

class TokenAuthenticator final : public common::Authenticator {
 public:
  explicit TokenAuthenticator(std::shared_ptr<AccessTables> tables) : tables_(std::move(tables)) {}

  // std::nullopt without the metadata authorization, or with another scheme than Bearer.
  // UNAUTHENTICATED (ACCESS_TOKEN_INVALID): unknown, expired, rotated away or revoked, which is not
  // told. INVALID_ARGUMENT: the metadata stands twice. UNAVAILABLE: the store cannot be read.
  absl::StatusOr<std::optional<common::Principal>> Authenticate(
      const common::CallCredentials& credentials) const override;

 private:
  // What one secret opens.
  struct Secret {
    std::string digest;
    absl::Time expires_at;
    common::Principal principal;
  };

  // Takes in what was committed since the last time.
  absl::Status CatchUp() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LoadAll(const storage::Snapshot& snapshot) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The secrets of `token` as of `snapshot`, in the place of those known.
  absl::Status Load(const storage::Snapshot& snapshot, const std::string& token) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<AccessTables> tables_;
  mutable absl::Mutex mutex_;
  mutable bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  mutable storage::Revision seen_ ABSL_GUARDED_BY(mutex_) = 0;
  // By LookupKeyOf(digest), and which of them each token has.
  mutable std::map<std::string, Secret> secrets_ ABSL_GUARDED_BY(mutex_);
  mutable std::map<std::string, std::vector<std::string>> keys_of_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_TOKEN_AUTHENTICATOR_H_
