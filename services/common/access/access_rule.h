// The access option of one RPC, checked against its messages and made quick to ask.
//
// Thread-safe after construction.
#ifndef SERVICES_COMMON_ACCESS_ACCESS_RULE_H_
#define SERVICES_COMMON_ACCESS_ACCESS_RULE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// A path of fields from a message inwards.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// A Grant of the option, with its paths resolved.
struct ObjectGrant {
  v1::ObjectRule objects = v1::OBJECT_RULE_UNSPECIFIED;
  std::string object_field;                // as written; empty: the RPC lists
  FieldPath object_path;                   // of `object_field`, in the request
  std::vector<FieldPath> protected_paths;  // in the request
  std::vector<FieldPath> hidden_paths;     // in the answer
};

class AccessRule {
 public:
  AccessRule() { grant_of_role_.fill(-1); }
  // Adds to `mistakes` what is wrong with the option, each beginning with `method`: no rule at all,
  // a grant without role or object rule, a role in two grants, a rule that does not fit its role, a
  // path that is not in the messages.
  AccessRule(absl::string_view method, const v1::Access& option,
             const google::protobuf::Descriptor& request,
             const google::protobuf::Descriptor& response, std::vector<std::string>* mistakes);

  // What `role` may do; nullptr when it may not call at all.
  const ObjectGrant* GrantOf(v1::Role role) const {
    const size_t index = static_cast<size_t>(role);
    if (index >= grant_of_role_.size() || grant_of_role_[index] < 0) return nullptr;
    return &grants_[static_cast<size_t>(grant_of_role_[index])];
  }
  // The roles that may call, in the order of their numbers.
  std::vector<v1::Role> roles() const;
  bool without_credentials() const { return without_credentials_; }

 private:
  void AddGrant(absl::string_view method, const v1::Grant& grant,
                const google::protobuf::Descriptor& request,
                const google::protobuf::Descriptor& response, std::vector<std::string>* mistakes);

  std::vector<ObjectGrant> grants_;
  std::array<int, v1::Role_ARRAYSIZE> grant_of_role_;  // index into grants_, or -1
  bool without_credentials_ = false;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_ACCESS_ACCESS_RULE_H_
