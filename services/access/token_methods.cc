// The RPCs on access tokens.
#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "services/access/access_rules.h"
#include "services/access/methods.h"
#include "services/access/secrets.h"
#include "services/common/errors.h"
#include "services/common/responses.h"
#include "services/common/timestamps.h"
#include "services/common/validation.h"
#include "tandem/access/v1/access_requests.pb.h"
#include "tandem/access/v1/stored.pb.h"

namespace tandem::access {
namespace {

using common::CallContext;
using Tables = std::shared_ptr<AccessTables>;

absl::Status CheckUsable(const v1::AccessToken& token, absl::Time now) {
  if (IsUsable(token, now)) return absl::OkStatus();
  return common::FailedPrecondition(
      "ACCESS_TOKEN_ENDED",
      absl::StrCat(token.name(), " is revoked or expired, and stays so: create another"));
}

absl::StatusOr<v1::CreateAccessTokenResponse> CreateToken(
    AccessTables& tables, const CallContext& call, const v1::CreateAccessTokenRequest& request) {
  const std::string secret = NewSecret(kTokenPrefix);
  v1::AccessToken token;
  const auto attempt = [&](const storage::Snapshot& snapshot,
                           common::ChangeSet* changes) -> absl::Status {
    const v1::AccessToken& content = request.access_token();
    token.Clear();
    token.set_actor(content.actor());
    token.set_role(content.role());
    token.set_subject(content.subject());
    if (content.has_expire_time()) *token.mutable_expire_time() = content.expire_time();
    TANDEM_RETURN_IF_ERROR(StageToken(tables, call, snapshot, secret, &token, changes));
    // Only now: a repeated call gets its answer whatever became of the subject.
    TANDEM_RETURN_IF_ERROR(
        tables.subjects.CheckExists(call, token.subject(), "access_token.subject"));
    changes->answer() = {{token.name()}, 1, 0, 0};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          tables.store->Write(call, common::WriteMode::kCommit, attempt));
  // What was only validated has no name: it would have got another one each time.
  token.clear_name();
  return TokenAnswer<v1::CreateAccessTokenResponse>(tables, outcome, request.validate_only(), token,
                                                    secret);
}

// Stages the new secret of `previous`; `next` is the token with it.
absl::Status StageRotation(AccessTables& tables, const storage::Snapshot& snapshot,
                           const v1::RotateAccessTokenRequest& request, absl::string_view secret,
                           v1::AccessToken* next, common::ChangeSet* changes) {
  TANDEM_ASSIGN_OR_RETURN(const v1::AccessToken previous,
                          tables.tokens.Read(snapshot, request.name()));
  if (!request.etag().empty() && request.etag() != previous.etag()) {
    return common::EtagMismatch(previous.name(), previous.etag());
  }
  const absl::Time now = tables.store->Now();
  TANDEM_RETURN_IF_ERROR(CheckUsable(previous, now));
  const std::string key = SecretsKey(previous.name());
  TANDEM_ASSIGN_OR_RETURN(const auto record, snapshot.Get(key));
  v1::StoredSecrets secrets;
  if (!record.has_value() || !secrets.ParseFromString(record->value)) {
    return common::MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED",
                             "the digests of this token cannot be read: restore a backup");
  }
  *next = previous;
  *next->mutable_rotate_time() = common::ToTimestamp(now);
  next->clear_previous_secret_expire_time();
  secrets.clear_previous_expire_time();
  const std::string old = std::exchange(*secrets.mutable_current(), DigestOf(secret));
  secrets.clear_previous();
  if (const absl::Duration overlap = DurationOf(request.overlap());
      overlap > absl::ZeroDuration()) {
    secrets.set_previous(old);
    *secrets.mutable_previous_expire_time() =
        common::ToTimestamp(std::min(now + overlap, common::FromTimestamp(previous.expire_time())));
    *next->mutable_previous_secret_expire_time() = secrets.previous_expire_time();
  }
  changes->answer() = {{previous.name()}, 0, 1, 0};
  changes->Put(key, secrets.SerializeAsString());
  return tables.tokens
      .StageUpdate(snapshot, previous, common::v1::CHANGE_KIND_UPDATED, "", next, changes)
      .status();
}

absl::StatusOr<v1::RotateAccessTokenResponse> RotateToken(
    AccessTables& tables, const CallContext& call, const v1::RotateAccessTokenRequest& request) {
  common::FieldViolations violations;
  common::CheckResourceName(request.name(), "accessTokens", common::Presence::kRequired, "name",
                            &violations);
  CheckDuration(request.overlap(), absl::ZeroDuration(), kMaxOverlap, "overlap", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  const std::string secret = NewSecret(kTokenPrefix);
  v1::AccessToken next;
  const auto attempt = [&](const storage::Snapshot& snapshot, common::ChangeSet* changes) {
    return StageRotation(tables, snapshot, request, secret, &next, changes);
  };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          tables.store->Write(call, common::WriteMode::kCommit, attempt));
  return TokenAnswer<v1::RotateAccessTokenResponse>(tables, outcome, request.validate_only(), next,
                                                    secret);
}

absl::StatusOr<v1::AccessToken> RevokeToken(AccessTables& tables, const CallContext& call,
                                            const v1::RevokeAccessTokenRequest& request) {
  common::FieldViolations violations;
  common::CheckReasonCode(request.reason_code(), common::Presence::kOptional, "reason_code",
                          &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  return tables.tokens.Modify(
      call, request.name(), request.etag(), common::v1::CHANGE_KIND_DEACTIVATED,
      request.reason_code(), [&](v1::AccessToken* next) {
        if (next->state() == v1::ACCESS_TOKEN_STATE_REVOKED) return absl::OkStatus();
        next->set_state(v1::ACCESS_TOKEN_STATE_REVOKED);
        *next->mutable_revoke_time() = common::ToTimestamp(tables.store->Now());
        return absl::OkStatus();
      });
}

void AddReads(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetAccessTokenRequest, v1::AccessToken>(
      MethodName("GetAccessToken"),
      [tables](const CallContext&, const v1::GetAccessTokenRequest& request) {
        return tables->tokens.Get(request.name(), request.revision());
      });
  registry.AddUnary<v1::ListAccessTokensRequest, v1::ListAccessTokensResponse>(
      MethodName("ListAccessTokens"),
      [tables](const CallContext& call, const v1::ListAccessTokensRequest& request) {
        return common::ListResponseOf(tables->tokens.List(call, common::ListQueryOf(request)),
                                      &v1::ListAccessTokensResponse::mutable_access_tokens);
      });
}

}  // namespace

bool IsUsable(const v1::AccessToken& token, absl::Time now) {
  return token.state() == v1::ACCESS_TOKEN_STATE_ACTIVE &&
         now < common::FromTimestamp(token.expire_time());
}

absl::Status StageToken(AccessTables& tables, const CallContext& call,
                        const storage::Snapshot& snapshot, absl::string_view secret,
                        v1::AccessToken* token, common::ChangeSet* changes) {
  TANDEM_RETURN_IF_ERROR(tables.tokens.StageCreate(call, snapshot, token, changes));
  v1::StoredSecrets secrets;
  secrets.set_current(DigestOf(secret));
  changes->Put(SecretsKey(token->name()), secrets.SerializeAsString());
  return absl::OkStatus();
}

void AddTokenMethods(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::CreateAccessTokenRequest, v1::CreateAccessTokenResponse>(
      MethodName("CreateAccessToken"),
      [tables](const CallContext& call, const v1::CreateAccessTokenRequest& request) {
        return CreateToken(*tables, call, request);
      });
  registry.AddUnary<v1::RotateAccessTokenRequest, v1::RotateAccessTokenResponse>(
      MethodName("RotateAccessToken"),
      [tables](const CallContext& call, const v1::RotateAccessTokenRequest& request) {
        return RotateToken(*tables, call, request);
      });
  registry.AddUnary<v1::RevokeAccessTokenRequest, v1::AccessToken>(
      MethodName("RevokeAccessToken"),
      [tables](const CallContext& call, const v1::RevokeAccessTokenRequest& request) {
        return RevokeToken(*tables, call, request);
      });
  AddReads(tables, registry);
}

}  // namespace tandem::access
