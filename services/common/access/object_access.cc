#include "services/common/access/object_access.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "google/protobuf/field_mask.pb.h"
#include "services/common/errors.h"
#include "services/common/mask_paths.h"

namespace tandem::common {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMaxNameBytes = 200;

// The values at `path`, from its part `depth` on; unset strings of a set message count as "".
void CollectStrings(const Message& message, const FieldPath& path, size_t depth,
                    std::vector<std::string>* values) {
  const FieldDescriptor* field = path[depth];
  const Reflection* reflection = message.GetReflection();
  const bool last = depth + 1 == path.size();
  if (!field->is_repeated()) {
    if (last) {
      values->push_back(reflection->GetString(message, field));
    } else if (reflection->HasField(message, field)) {
      CollectStrings(reflection->GetMessage(message, field), path, depth + 1, values);
    }
    return;
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    if (last) {
      values->push_back(reflection->GetRepeatedString(message, field, i));
    } else {
      CollectStrings(reflection->GetRepeatedMessage(message, field, i), path, depth + 1, values);
    }
  }
}

// Whether anything stands at `path`.
bool IsSet(const Message& message, const FieldPath& path) {
  const Message* at = &message;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (!at->GetReflection()->HasField(*at, path[i])) return false;
    at = &at->GetReflection()->GetMessage(*at, path[i]);
  }
  return path.back()->is_repeated() ? at->GetReflection()->FieldSize(*at, path.back()) > 0
                                    : at->GetReflection()->HasField(*at, path.back());
}

const FieldMask* MaskOf(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("update_mask");
  if (field == nullptr || field->message_type() != FieldMask::descriptor()) return nullptr;
  return &static_cast<const FieldMask&>(request.GetReflection()->GetMessage(request, field));
}

// "tier" of "engagement_request.tier": as a mask names it.
std::string WithinResource(const FieldPath& path) {
  return absl::StrJoin(
      path.begin() + 1, path.end(), ".",
      [](std::string* out, const FieldDescriptor* field) { *out += field->name(); });
}

// Whether a mask of `entry` would write `path` or a part of it. One with empty parts, such as
// ".tier", might be understood as any other path.
bool Covers(absl::string_view entry, absl::string_view path) {
  return entry == "*" || entry == path || HasEmptyPart(entry) ||
         absl::StartsWith(entry, absl::StrCat(path, ".")) ||
         absl::StartsWith(path, absl::StrCat(entry, "."));
}

absl::Status FieldNotAllowed(absl::string_view field, bool masked) {
  return MakeError(
      absl::StatusCode::kPermissionDenied, "FIELD_NOT_ALLOWED",
      absl::StrCat("your role may not set ", field,
                   masked ? ": name in update_mask only the fields that you change, without it"
                          : ": leave it out"),
      {{"field", std::string(field)}});
}

absl::Status CheckProtected(const ObjectGrant& grant, const Message& request) {
  if (grant.protected_paths.empty()) return absl::OkStatus();
  const FieldMask* mask = MaskOf(request);
  for (const FieldPath& path : grant.protected_paths) {
    if (mask == nullptr) {
      if (IsSet(request, path)) return FieldNotAllowed(WithinResource(path), false);
      continue;
    }
    for (const std::string& entry : mask->paths()) {
      if (Covers(entry, WithinResource(path))) return FieldNotAllowed(WithinResource(path), true);
    }
  }
  return absl::OkStatus();
}

// What a name may consist of: it comes back in messages.
bool IsPlain(absl::string_view name) {
  return name.size() <= kMaxNameBytes && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
         });
}

void Hide(const FieldPath& path, size_t depth, Message* message) {
  const FieldDescriptor* field = path[depth];
  const Reflection* reflection = message->GetReflection();
  if (depth + 1 == path.size()) {
    reflection->ClearField(message, field);
  } else if (field->is_repeated()) {
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      Hide(path, depth + 1, reflection->MutableRepeatedMessage(message, field, i));
    }
  } else if (reflection->HasField(*message, field)) {
    Hide(path, depth + 1, reflection->MutableMessage(message, field));
  }
}

// Of methods that anybody may call: the handler decides by what the request proves.
const ObjectGrant& OpenGrant() {
  static const ObjectGrant* const grant = [] {
    auto* open = new ObjectGrant;
    open->objects = v1::OBJECT_RULE_ANY;
    return open;
  }();
  return *grant;
}

}  // namespace

void OwnerLookups::Add(absl::string_view collection, OwnerLookup lookup) {
  lookups_[std::string(collection)] = std::move(lookup);
}

absl::StatusOr<Owners> OwnerLookups::Find(absl::string_view name, absl::string_view field) const {
  const absl::string_view collection = name.substr(0, name.find('/'));
  if (collection.size() + 1 < name.size() && IsPlain(name)) {
    if (collection == "mentors") return Owners{{std::string(name)}, {}};
    if (collection == "organisations") return Owners{{}, {std::string(name)}};
    const auto found = lookups_.find(collection);
    if (found != lookups_.end()) return found->second(name);
  }
  return InvalidField(field, "must be the name of an existing resource, as the server gave it");
}

absl::StatusOr<const ObjectGrant*> GrantFor(const Principal& principal, absl::string_view method,
                                            const AccessRule& rule) {
  const ObjectGrant* grant = rule.GrantOf(principal.role);
  if (grant != nullptr) return grant;
  if (rule.without_credentials()) return &OpenGrant();
  return CheckRole(principal, method, rule.roles());
}

absl::StatusOr<ObjectScope> CheckObjects(const Principal& principal, const ObjectGrant& grant,
                                         const Message& request, const OwnerLookups& owners) {
  ObjectScope scope(grant.objects, principal.subject);
  if (!scope.everything() && !grant.object_path.empty()) {
    std::vector<std::string> names;
    CollectStrings(request, grant.object_path, 0, &names);
    if (names.empty()) return InvalidField(grant.object_field, "is required");
    for (const std::string& name : names) {
      if (name.empty()) return InvalidField(grant.object_field, "is required");
      TANDEM_ASSIGN_OR_RETURN(const Owners found, owners.Find(name, grant.object_field));
      if (!scope.Admits(found)) return NotFound(name);
      if (!scope.Shared(found)) continue;
      return MakeError(
          absl::StatusCode::kPermissionDenied, "OBJECT_SHARED",
          absl::StrCat(name, " is shared with other organisations: ask staff to change it"),
          {{"resource", name}});
    }
  }
  TANDEM_RETURN_IF_ERROR(CheckProtected(grant, request));
  return scope;
}

void HideFields(const ObjectGrant& grant, Message* response) {
  for (const FieldPath& path : grant.hidden_paths) Hide(path, 0, response);
}

}  // namespace tandem::common
