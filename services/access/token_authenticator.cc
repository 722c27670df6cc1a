#include "services/access/token_authenticator.h"

#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "services/access/secrets.h"
#include "services/common/authentication/bearer.h"
#include "services/common/change_feed.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "tandem/access/v1/stored.pb.h"

namespace tandem::access {
namespace {

constexpr int kCommitsAtOnce = 1000;
constexpr int64_t kBytesAtOnce = 1 << 20;

absl::Status Invalid() {
  return common::MakeError(absl::StatusCode::kUnauthenticated, "ACCESS_TOKEN_INVALID",
                           "the access token is not valid: use another, or ask for an invitation");
}

}  // namespace

absl::StatusOr<std::optional<common::Principal>> TokenAuthenticator::Authenticate(
    const common::CallCredentials& credentials) const {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<absl::string_view> secret,
                          common::BearerToken(credentials.metadata));
  if (!secret.has_value()) return std::optional<common::Principal>();
  if (!IsSecret(kTokenPrefix, *secret)) return Invalid();
  const std::string digest = DigestOf(*secret);
  absl::MutexLock lock(&mutex_);
  TANDEM_RETURN_IF_ERROR(common::FromStorage(CatchUp()));
  const auto found = secrets_.find(LookupKeyOf(digest));
  if (found == secrets_.end() || !SameDigest(found->second.digest, digest) ||
      tables_->store->Now() >= found->second.expires_at) {
    return Invalid();
  }
  return std::optional<common::Principal>(found->second.principal);
}

absl::Status TokenAuthenticator::CatchUp() const {
  const storage::Store& store = tables_->store->store();
  if (loaded_ && store.Revisions().head == seen_) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  while (loaded_ && seen_ < snapshot->revision()) {
    const auto batch = store.ReadFeed(seen_, kCommitsAtOnce, kBytesAtOnce);
    // Trimmed beyond what was seen: all is read anew.
    if (!batch.ok()) loaded_ = false;
    if (!batch.ok()) break;
    for (const storage::FeedRecord& commit : batch->commits) {
      if (commit.revision > snapshot->revision()) break;
      TANDEM_ASSIGN_OR_RETURN(const auto changes, common::ChangesOf("access", commit));
      for (const common::v1::Change& change : changes) {
        if (!absl::StartsWith(change.resource(), "accessTokens/")) continue;
        TANDEM_RETURN_IF_ERROR(Load(*snapshot, change.resource()));
      }
      seen_ = commit.revision;
    }
  }
  return loaded_ ? absl::OkStatus() : LoadAll(*snapshot);
}

absl::Status TokenAuthenticator::LoadAll(const storage::Snapshot& snapshot) const {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> tokens, AllTokens(snapshot));
  secrets_.clear();
  keys_of_.clear();
  for (const std::string& token : tokens) TANDEM_RETURN_IF_ERROR(Load(snapshot, token));
  seen_ = snapshot.revision();
  loaded_ = true;
  return absl::OkStatus();
}

absl::Status TokenAuthenticator::Load(const storage::Snapshot& snapshot,
                                      const std::string& token) const {
  std::vector<std::string>& keys = keys_of_[token];
  for (const std::string& key : keys) secrets_.erase(key);
  keys.clear();
  TANDEM_ASSIGN_OR_RETURN(const v1::AccessToken current, tables_->tokens.Read(snapshot, token));
  if (current.state() != v1::ACCESS_TOKEN_STATE_ACTIVE) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const auto record, snapshot.Get(SecretsKey(token)));
  v1::StoredSecrets stored;
  if (!record.has_value() || !stored.ParseFromString(record->value)) return absl::OkStatus();
  Secret secret;
  secret.digest = stored.current();
  secret.expires_at = common::FromTimestamp(current.expire_time());
  secret.principal.actor = current.actor();
  secret.principal.role = current.role();
  secret.principal.subject = current.subject();
  secret.principal.credential = token;
  keys.push_back(LookupKeyOf(secret.digest));
  secrets_[keys.back()] = secret;
  if (stored.previous().empty()) return absl::OkStatus();
  secret.digest = stored.previous();
  secret.expires_at = common::FromTimestamp(stored.previous_expire_time());
  keys.push_back(LookupKeyOf(secret.digest));
  secrets_[keys.back()] = std::move(secret);
  return absl::OkStatus();
}

}  // namespace tandem::access
