#include "services/common/access/access_rule.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tandem::common {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Empty when `path` is not in `message`.
FieldPath Resolve(const Descriptor& message, const std::string& path) {
  FieldPath found;
  const Descriptor* at = &message;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    if (at == nullptr) return {};
    const FieldDescriptor* field = at->FindFieldByName(std::string(name));
    if (field == nullptr) return {};
    found.push_back(field);
    at = field->message_type();
  }
  return found;
}

// Whether callers of that role have the relation that the rule asks for.
bool Fits(v1::Role role, v1::ObjectRule rule) {
  switch (rule) {
    case v1::OBJECT_RULE_ANY:
      return true;
    case v1::OBJECT_RULE_OWN_MENTOR:
      return role == v1::ROLE_MENTOR;
    case v1::OBJECT_RULE_OWN_ORGANISATION:
    case v1::OBJECT_RULE_SOLE_ORGANISATION:
      return role == v1::ROLE_NSB;
    default:
      return false;
  }
}

}  // namespace

AccessRule::AccessRule(absl::string_view method, const v1::Access& option,
                       const Descriptor& request, const Descriptor& response,
                       std::vector<std::string>* mistakes)
    : AccessRule() {
  without_credentials_ = option.without_credentials();
  if (option.grants().empty() && !without_credentials_) {
    mistakes->push_back(absl::StrCat(method, " declares no access rule"));
  }
  for (const v1::Grant& grant : option.grants()) {
    AddGrant(method, grant, request, response, mistakes);
  }
}

void AccessRule::AddGrant(absl::string_view method, const v1::Grant& grant,
                          const Descriptor& request, const Descriptor& response,
                          std::vector<std::string>* mistakes) {
  if (grant.roles().empty()) {
    mistakes->push_back(absl::StrCat(method, " has a grant without a role"));
  }
  ObjectGrant added;
  added.objects = grant.objects();
  added.object_field = grant.object_field();
  if (!added.object_field.empty()) {
    added.object_path = Resolve(request, added.object_field);
    if (added.object_path.empty() ||
        added.object_path.back()->type() != FieldDescriptor::TYPE_STRING) {
      mistakes->push_back(absl::StrCat(method, " names the object in ", added.object_field,
                                       ", which is no string of its request"));
    }
  }
  const auto resolve = [&](const std::string& path, const Descriptor& message, size_t least,
                           std::vector<FieldPath>* paths) {
    paths->push_back(Resolve(message, path));
    if (paths->back().size() >= least) return;
    mistakes->push_back(
        absl::StrCat(method, " names the field ", path, ", which is not in ", message.full_name()));
  };
  for (const std::string& path : grant.protected_fields()) {
    resolve(path, request, 2, &added.protected_paths);
  }
  for (const std::string& path : grant.hidden_fields()) {
    resolve(path, response, 1, &added.hidden_paths);
  }
  for (const int number : grant.roles()) {
    const v1::Role role = static_cast<v1::Role>(number);
    if (!v1::Role_IsValid(number) || role == v1::ROLE_UNSPECIFIED || !Fits(role, added.objects)) {
      mistakes->push_back(
          absl::StrCat(method, " declares no object rule that fits ", v1::Role_Name(role)));
      continue;
    }
    int& index = grant_of_role_[static_cast<size_t>(number)];
    if (index >= 0) {
      mistakes->push_back(absl::StrCat(method, " grants twice to ", v1::Role_Name(role)));
    }
    index = static_cast<int>(grants_.size());
  }
  grants_.push_back(std::move(added));
}

std::vector<v1::Role> AccessRule::roles() const {
  std::vector<v1::Role> roles;
  for (size_t i = 0; i < grant_of_role_.size(); ++i) {
    if (grant_of_role_[i] >= 0) roles.push_back(static_cast<v1::Role>(i));
  }
  return roles;
}

}  // namespace tandem::common
