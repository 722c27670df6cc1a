// What makes an access token and an invitation valid. Thread-safe.
#ifndef SERVICES_ACCESS_ACCESS_RULES_H_
#define SERVICES_ACCESS_ACCESS_RULES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "services/common/errors.h"
#include "services/common/resource_hooks.h"
#include "tandem/access/v1/access_token.pb.h"
#include "tandem/access/v1/invitation.pb.h"

namespace tandem::access {

inline constexpr absl::Duration kMaxOverlap = absl::Hours(24 * 7);

// Adds a violation unless `duration` is between the two.
void CheckDuration(const google::protobuf::Duration& duration, absl::Duration minimum,
                   absl::Duration maximum, absl::string_view path,
                   common::FieldViolations* violations);

// Both set their default of expire_time (and token_lifetime) in Prepare.
class TokenHooks : public common::ResourceHooks<v1::AccessToken> {
 public:
  void Prepare(const common::CallContext& call, const v1::AccessToken* previous,
               v1::AccessToken* next) const override;
  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::AccessToken* previous, const v1::AccessToken& next,
                        common::FieldViolations* violations) const override;
};

class InvitationHooks : public common::ResourceHooks<v1::Invitation> {
 public:
  void Prepare(const common::CallContext& call, const v1::Invitation* previous,
               v1::Invitation* next) const override;
  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::Invitation* previous, const v1::Invitation& next,
                        common::FieldViolations* violations) const override;
};

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_ACCESS_RULES_H_
