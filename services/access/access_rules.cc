#include "services/access/access_rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/access/access_tables.h"
#include "services/common/principal.h"
#include "services/common/timestamps.h"
#include "services/common/validation.h"

namespace tandem::access {
namespace {

using common::FieldViolations;

constexpr int kHoursOfDay = 24;
constexpr absl::Duration kTokenLifetime = absl::Hours(90 * kHoursOfDay);
constexpr absl::Duration kMaxTokenLifetime = absl::Hours(366 * kHoursOfDay);
constexpr absl::Duration kInvitationLifetime = absl::Hours(7 * kHoursOfDay);
constexpr absl::Duration kMaxInvitationLifetime = absl::Hours(31 * kHoursOfDay);
constexpr int32_t kNanos = 1'000'000'000;

// Whom the credential is for; T is a resource with actor, role and subject.
template <typename T>
void CheckWho(const T& next, FieldViolations* violations) {
  common::CheckLocalId(next.actor(), "actor", violations);
  common::CheckEnum(next.role(), common::v1::Role_IsValid, common::Presence::kRequired, "role",
                    violations);
  if (next.role() == common::v1::ROLE_SERVICE) {
    violations->Add("role", "must be one of a person: services do not call with tokens");
  }
  const absl::Status subject = common::CheckSubject(next.role(), next.subject(), "subject");
  for (const common::FieldViolation& violation : common::FieldViolationsOf(subject)) {
    violations->Add(violation.field, violation.description);
  }
}

template <typename T>
void CheckExpiry(const T& next, absl::Duration maximum, FieldViolations* violations) {
  const absl::Time created = common::FromTimestamp(next.create_time());
  const absl::Time expires = common::FromTimestamp(next.expire_time());
  const int32_t nanos = next.expire_time().nanos();
  const bool plain = nanos >= 0 && nanos < kNanos;
  if (plain && expires > created && expires <= created + maximum) return;
  violations->Add("expire_time",
                  absl::StrCat("must be in the future, at most ",
                               absl::ToInt64Hours(maximum) / kHoursOfDay, " days from now"));
}

}  // namespace

void CheckDuration(const google::protobuf::Duration& duration, absl::Duration minimum,
                   absl::Duration maximum, absl::string_view path, FieldViolations* violations) {
  const bool plain = duration.seconds() >= 0 && duration.nanos() >= 0 && duration.nanos() < kNanos;
  if (plain && DurationOf(duration) >= minimum && DurationOf(duration) <= maximum) return;
  violations->Add(path, absl::StrCat("must be from ", absl::ToInt64Seconds(minimum), "s to ",
                                     absl::ToInt64Seconds(maximum), "s"));
}

void TokenHooks::Prepare(const common::CallContext&, const v1::AccessToken*,
                         v1::AccessToken* next) const {
  if (next->has_expire_time()) return;
  *next->mutable_expire_time() =
      common::ToTimestamp(common::FromTimestamp(next->create_time()) + kTokenLifetime);
}

absl::Status TokenHooks::Validate(const common::CallContext&, const storage::Snapshot&,
                                  const v1::AccessToken*, const v1::AccessToken& next,
                                  FieldViolations* violations) const {
  CheckWho(next, violations);
  CheckExpiry(next, kMaxTokenLifetime, violations);
  return absl::OkStatus();
}

void InvitationHooks::Prepare(const common::CallContext&, const v1::Invitation*,
                              v1::Invitation* next) const {
  if (!next->has_expire_time()) {
    *next->mutable_expire_time() =
        common::ToTimestamp(common::FromTimestamp(next->create_time()) + kInvitationLifetime);
  }
  if (!next->has_token_lifetime()) {
    next->mutable_token_lifetime()->set_seconds(absl::ToInt64Seconds(kTokenLifetime));
  }
}

absl::Status InvitationHooks::Validate(const common::CallContext&, const storage::Snapshot&,
                                       const v1::Invitation*, const v1::Invitation& next,
                                       FieldViolations* violations) const {
  CheckWho(next, violations);
  CheckExpiry(next, kMaxInvitationLifetime, violations);
  CheckDuration(next.token_lifetime(), absl::Seconds(1), kMaxTokenLifetime, "token_lifetime",
                violations);
  return absl::OkStatus();
}

}  // namespace tandem::access
