// The RPCs on invitations.
#include <memory>
#include <utility>

#include "base/status_macros.h"
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

// The same for every cause: who tries out codes learns nothing.
absl::Status Unusable() {
  return common::FailedPrecondition(
      "INVITATION_UNUSABLE",
      "the code is unknown, expired, used or revoked: ask for another invitation");
}

absl::StatusOr<v1::CreateInvitationResponse> CreateInvitation(
    AccessTables& tables, const CallContext& call, const v1::CreateInvitationRequest& request) {
  const std::string code = NewSecret(kCodePrefix);
  const std::string digest = DigestOf(code);
  v1::Invitation invitation;
  const auto attempt = [&](const storage::Snapshot& snapshot,
                           common::ChangeSet* changes) -> absl::Status {
    const v1::Invitation& content = request.invitation();
    invitation.Clear();
    invitation.set_actor(content.actor());
    invitation.set_role(content.role());
    invitation.set_subject(content.subject());
    if (content.has_expire_time()) *invitation.mutable_expire_time() = content.expire_time();
    if (content.has_token_lifetime()) {
      *invitation.mutable_token_lifetime() = content.token_lifetime();
    }
    TANDEM_RETURN_IF_ERROR(tables.invitations.StageCreate(call, snapshot, &invitation, changes));
    TANDEM_RETURN_IF_ERROR(
        tables.subjects.CheckExists(call, invitation.subject(), "invitation.subject"));
    v1::StoredCode stored;
    stored.set_digest(digest);
    stored.set_invitation(invitation.name());
    changes->Expect(CodeKey(digest), 0);
    changes->Put(CodeKey(digest), stored.SerializeAsString());
    changes->answer() = {{invitation.name()}, 1, 0, 0};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          tables.store->Write(call, common::WriteMode::kCommit, attempt));
  v1::CreateInvitationResponse response;
  if (request.validate_only()) {
    invitation.clear_name();
    *response.mutable_invitation() = std::move(invitation);
    return response;
  }
  TANDEM_ASSIGN_OR_RETURN(*response.mutable_invitation(),
                          tables.invitations.Get(outcome.answer.names.at(0), outcome.revision));
  if (!outcome.repeated) response.set_code(code);
  return response;
}

// The invitation that the code with this digest opens at `now`.
absl::StatusOr<v1::Invitation> FindUsable(const AccessTables& tables,
                                          const storage::Snapshot& snapshot,
                                          const std::string& digest, absl::Time now) {
  TANDEM_ASSIGN_OR_RETURN(const auto record, snapshot.Get(CodeKey(digest)));
  v1::StoredCode stored;
  if (!record.has_value()) return Unusable();
  if (!stored.ParseFromString(record->value) || !SameDigest(stored.digest(), digest)) {
    return Unusable();
  }
  TANDEM_ASSIGN_OR_RETURN(v1::Invitation invitation,
                          tables.invitations.Read(snapshot, stored.invitation()));
  const bool usable = invitation.state() == v1::INVITATION_STATE_PENDING &&
                      now < common::FromTimestamp(invitation.expire_time());
  if (!usable) return Unusable();
  return invitation;
}

// Uses the invitation up and stages its token, in one commit: of two callers at once, one finds the
// invitation changed, tries again and is refused.
absl::Status StageRedemption(AccessTables& tables, const CallContext& call,
                             const storage::Snapshot& snapshot, const std::string& digest,
                             absl::string_view secret, v1::AccessToken* token,
                             common::ChangeSet* changes) {
  const absl::Time now = tables.store->Now();
  TANDEM_ASSIGN_OR_RETURN(const v1::Invitation invitation,
                          FindUsable(tables, snapshot, digest, now));
  token->Clear();
  token->set_actor(invitation.actor());
  token->set_role(invitation.role());
  token->set_subject(invitation.subject());
  token->set_invitation(invitation.name());
  *token->mutable_expire_time() =
      common::ToTimestamp(now + DurationOf(invitation.token_lifetime()));
  TANDEM_RETURN_IF_ERROR(StageToken(tables, call, snapshot, secret, token, changes));
  v1::Invitation used = invitation;
  used.set_state(v1::INVITATION_STATE_USED);
  *used.mutable_used_time() = common::ToTimestamp(now);
  used.set_access_token(token->name());
  changes->answer() = {{token->name()}, 1, 1, 0};
  return tables.invitations
      .StageUpdate(snapshot, invitation, common::v1::CHANGE_KIND_UPDATED, "", &used, changes)
      .status();
}

absl::StatusOr<v1::RedeemInvitationResponse> Redeem(AccessTables& tables, const CallContext& call,
                                                    const v1::RedeemInvitationRequest& request) {
  if (request.code().empty()) return common::InvalidField("code", "is required");
  if (!IsSecret(kCodePrefix, request.code())) return Unusable();
  const std::string digest = DigestOf(request.code());
  const std::string secret = NewSecret(kTokenPrefix);
  v1::AccessToken token;
  const auto attempt = [&](const storage::Snapshot& snapshot, common::ChangeSet* changes) {
    return StageRedemption(tables, call, snapshot, digest, secret, &token, changes);
  };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          tables.store->Write(call, common::WriteMode::kCommit, attempt));
  token.clear_name();
  return TokenAnswer<v1::RedeemInvitationResponse>(tables, outcome, request.validate_only(), token,
                                                   secret);
}

absl::StatusOr<v1::Invitation> Revoke(AccessTables& tables, const CallContext& call,
                                      const v1::RevokeInvitationRequest& request) {
  common::FieldViolations violations;
  common::CheckReasonCode(request.reason_code(), common::Presence::kOptional, "reason_code",
                          &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  return tables.invitations.Modify(
      call, request.name(), request.etag(), common::v1::CHANGE_KIND_DEACTIVATED,
      request.reason_code(), [&](v1::Invitation* next) {
        if (next->state() == v1::INVITATION_STATE_REVOKED) return absl::OkStatus();
        if (next->state() == v1::INVITATION_STATE_USED) {
          return common::FailedPrecondition(
              "INVITATION_USED", absl::StrCat(next->name(), " was used: revoke ",
                                              next->access_token(), ", which it was redeemed for"));
        }
        next->set_state(v1::INVITATION_STATE_REVOKED);
        *next->mutable_revoke_time() = common::ToTimestamp(tables.store->Now());
        return absl::OkStatus();
      });
}

void AddReads(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetInvitationRequest, v1::Invitation>(
      MethodName("GetInvitation"),
      [tables](const CallContext&, const v1::GetInvitationRequest& request) {
        return tables->invitations.Get(request.name(), request.revision());
      });
  registry.AddUnary<v1::ListInvitationsRequest, v1::ListInvitationsResponse>(
      MethodName("ListInvitations"),
      [tables](const CallContext& call, const v1::ListInvitationsRequest& request) {
        return common::ListResponseOf(tables->invitations.List(call, common::ListQueryOf(request)),
                                      &v1::ListInvitationsResponse::mutable_invitations);
      });
}

}  // namespace

void AddInvitationMethods(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::CreateInvitationRequest, v1::CreateInvitationResponse>(
      MethodName("CreateInvitation"),
      [tables](const CallContext& call, const v1::CreateInvitationRequest& request) {
        return CreateInvitation(*tables, call, request);
      });
  registry.AddUnary<v1::RedeemInvitationRequest, v1::RedeemInvitationResponse>(
      MethodName("RedeemInvitation"),
      [tables](const CallContext& call, const v1::RedeemInvitationRequest& request) {
        return Redeem(*tables, call, request);
      });
  registry.AddUnary<v1::RevokeInvitationRequest, v1::Invitation>(
      MethodName("RevokeInvitation"),
      [tables](const CallContext& call, const v1::RevokeInvitationRequest& request) {
        return Revoke(*tables, call, request);
      });
  AddReads(tables, registry);
}

}  // namespace tandem::access
