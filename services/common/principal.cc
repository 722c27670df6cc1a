#include "services/common/principal.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxActorBytes = 100;
constexpr size_t kMaxIdBytes = 100;
constexpr char kRoles[] = "programme-system, mentor, nsb, staff, approver, auditor, admin, service";

absl::Status CheckActor(absl::string_view actor) {
  const bool printable = std::all_of(actor.begin(), actor.end(),
                                     [](unsigned char c) { return absl::ascii_isprint(c); });
  if (!actor.empty() && actor.size() <= kMaxActorBytes && printable) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                   absl::StrCat("the metadata ", kActorHeader,
                                " must have 1 to 100 printable ASCII characters"));
}

// "ROLE_PROGRAMME_SYSTEM" -> "programme-system"; "" for a number that is no role.
std::string MakeRoleText(int number) {
  if (number == v1::ROLE_UNSPECIFIED || !v1::Role_IsValid(number)) return "";
  const std::string text = absl::AsciiStrToLower(v1::Role_Name(static_cast<v1::Role>(number)));
  return absl::StrReplaceAll(text.substr(std::string("role_").size()), {{"_", "-"}});
}

// By number, since each call states a role.
const std::array<std::string, v1::Role_ARRAYSIZE>& RoleTexts() {
  static const auto* const texts = [] {
    auto* made = new std::array<std::string, v1::Role_ARRAYSIZE>;
    for (int number = 0; number < v1::Role_ARRAYSIZE; ++number) {
      (*made)[static_cast<size_t>(number)] = MakeRoleText(number);
    }
    return made;
  }();
  return *texts;
}

}  // namespace

absl::StatusOr<std::optional<absl::string_view>> OneValue(const ClientMetadata& metadata,
                                                          const char* key) {
  const auto [first, last] = metadata.equal_range(key);
  if (first == last) return std::optional<absl::string_view>();
  if (std::next(first) != last) {
    return MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                     absl::StrCat("the metadata ", key, " is stated more than once"));
  }
  return std::optional<absl::string_view>(
      absl::string_view(first->second.data(), first->second.size()));
}

std::string RoleToText(v1::Role role) {
  return v1::Role_IsValid(role) ? RoleTexts()[static_cast<size_t>(role)] : "";
}

absl::StatusOr<v1::Role> RoleFromText(absl::string_view text) {
  const auto& texts = RoleTexts();
  const auto found = std::find(texts.begin(), texts.end(), text);
  if (found != texts.end() && !text.empty()) {
    return static_cast<v1::Role>(std::distance(texts.begin(), found));
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                   absl::StrCat("unknown role; known are ", kRoles));
}

absl::StatusOr<Principal> PrincipalFromMetadata(const ClientMetadata& metadata) {
  Principal principal;
  TANDEM_ASSIGN_OR_RETURN(const auto actor, OneValue(metadata, kActorHeader));
  TANDEM_ASSIGN_OR_RETURN(const auto role, OneValue(metadata, kRoleHeader));
  if (actor.has_value()) {
    TANDEM_RETURN_IF_ERROR(CheckActor(*actor));
    principal.actor = absl::StrCat("unauthenticated: ", *actor);
  }
  if (role.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(principal.role, RoleFromText(*role));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto subject, OneValue(metadata, kSubjectHeader));
  if (subject.has_value()) {
    TANDEM_RETURN_IF_ERROR(CheckSubject(principal.role, *subject, kSubjectHeader));
    principal.subject = std::string(*subject);
  }
  return principal;
}

absl::Status CheckSubject(v1::Role role, absl::string_view subject, absl::string_view field) {
  const absl::string_view collection = role == v1::ROLE_MENTOR ? "mentors/"
                                       : role == v1::ROLE_NSB  ? "organisations/"
                                                               : "";
  if (collection.empty()) {
    if (subject.empty()) return absl::OkStatus();
    return InvalidField(field, "is for the roles mentor and nsb only");
  }
  absl::string_view id = subject;
  const bool plain = absl::ConsumePrefix(&id, collection) && !id.empty() &&
                     id.size() <= kMaxIdBytes &&
                     std::all_of(id.begin(), id.end(), [](unsigned char c) {
                       return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
                     });
  if (plain) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("must be of the form \"", collection, "ID\""));
}

absl::Status CheckRole(const Principal& principal, absl::string_view method,
                       const std::vector<v1::Role>& roles) {
  if (principal.role == v1::ROLE_UNSPECIFIED) {
    return PermissionDenied(
        absl::StrCat("no role stated: send the metadata \"", kRoleHeader, ": ROLE\" (", kRoles,
                     ") and \"", kActorHeader, ": NAME\""),
        "ROLE_MISSING");
  }
  if (std::find(roles.begin(), roles.end(), principal.role) != roles.end()) return absl::OkStatus();
  const std::string allowed =
      absl::StrJoin(roles, ", ", [](std::string* out, v1::Role role) { *out += RoleToText(role); });
  return PermissionDenied(absl::StrCat("the role ", RoleToText(principal.role), " may not call ",
                                       method, "; these may: ", allowed));
}

void AddPrincipal(absl::string_view actor, v1::Role role, grpc::ClientContext* context) {
  context->AddMetadata(kActorHeader, std::string(actor));
  context->AddMetadata(kRoleHeader, RoleToText(role));
}

void AddSubject(absl::string_view subject, grpc::ClientContext* context) {
  context->AddMetadata(kSubjectHeader, std::string(subject));
}

}  // namespace tandem::common
