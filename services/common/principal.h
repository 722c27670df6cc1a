// Who calls, and in which role: the one place where that is established.
//
// Without credentials (for development on loopback) a caller states it in metadata, and is recorded
// as "unauthenticated: NAME":
//   tandem-actor: NAME     1 to 100 printable ASCII characters; default "anonymous"
//   tandem-role: ROLE      programme-system, mentor, nsb, staff, approver, auditor, admin, service
//   tandem-subject: NAME   "mentors/ID" or "organisations/ID": the mentor that the caller is, or
//   the
//                          organisation that it speaks for; only for the roles mentor and nsb
//
// Thread-safe.
#ifndef SERVICES_COMMON_PRINCIPAL_H_
#define SERVICES_COMMON_PRINCIPAL_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/string_ref.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

inline constexpr char kActorHeader[] = "tandem-actor";
inline constexpr char kRoleHeader[] = "tandem-role";
inline constexpr char kSubjectHeader[] = "tandem-subject";

struct Principal {
  std::string actor = "unauthenticated: anonymous";  // as recorded in changes
  v1::Role role = v1::ROLE_UNSPECIFIED;              // none stated: no call is allowed
  // "mentors/ID" or "organisations/ID": whose objects are the caller's own.
  std::string subject = "";
  // What proved it: "accessTokens/ID", "certificates/FINGERPRINT", "oidc"; empty: nothing did.
  std::string credential = "";
};

using ClientMetadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// The only value of `key`, valid as long as `metadata`; std::nullopt when it is missing.
// INVALID_ARGUMENT (METADATA_INVALID): it is stated more than once.
absl::StatusOr<std::optional<absl::string_view>> OneValue(const ClientMetadata& metadata,
                                                          const char* key);

// INVALID_ARGUMENT: the name or role is not understood, or stated twice.
absl::StatusOr<Principal> PrincipalFromMetadata(const ClientMetadata& metadata);

// OK when `principal` has one of `roles`; else PERMISSION_DENIED, naming the roles that may call
// and, without a role, the metadata to send.
absl::Status CheckRole(const Principal& principal, absl::string_view method,
                       const std::vector<v1::Role>& roles);

// OK when `subject` is what a principal in `role` may be: "mentors/ID" for mentors,
// "organisations/ID" for NSB counterparts, empty for others. Else INVALID_ARGUMENT, naming `field`.
absl::Status CheckSubject(v1::Role role, absl::string_view subject, absl::string_view field);

// "programme-system" for ROLE_PROGRAMME_SYSTEM, and so on; "" for ROLE_UNSPECIFIED.
std::string RoleToText(v1::Role role);
// INVALID_ARGUMENT, naming the known roles.
absl::StatusOr<v1::Role> RoleFromText(absl::string_view text);

// For clients: states `actor` (without "unauthenticated: ") and `role` in the metadata of a call.
void AddPrincipal(absl::string_view actor, v1::Role role, grpc::ClientContext* context);
// For clients: states `subject` beside it.
void AddSubject(absl::string_view subject, grpc::ClientContext* context);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_PRINCIPAL_H_
