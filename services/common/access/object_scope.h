// Who an object belongs to, and which objects a call may touch.
//
//   ObjectScope scope(v1::OBJECT_RULE_OWN_ORGANISATION, "organisations/ke");
//   scope.Admits({/*mentors=*/{}, /*organisations=*/{"organisations/ke"}});  // true
//
// A default scope admits everything: calls that the server makes to itself have it. Calls from
// outside get theirs in one place, from the access option of their method (object_access.h).
//
// Thread-safe after construction.
#ifndef SERVICES_COMMON_ACCESS_OBJECT_SCOPE_H_
#define SERVICES_COMMON_ACCESS_OBJECT_SCOPE_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// Whose an object is, by resource names. Nobody's: no limited caller may see it.
struct Owners {
  std::vector<std::string> mentors;
  std::vector<std::string> organisations;
};

class ObjectScope {
 public:
  ObjectScope() = default;
  // `subject` is the mentor or organisation that the caller is or speaks for; may be empty.
  ObjectScope(v1::ObjectRule rule, std::string subject)
      : rule_(rule), subject_(std::move(subject)) {}

  // True when the caller may touch every object.
  bool everything() const { return rule_ == v1::OBJECT_RULE_ANY; }

  // True when an object of these owners may be seen.
  bool Admits(const Owners& owners) const {
    if (everything()) return true;
    if (subject_.empty()) return false;
    const std::vector<std::string>& all =
        rule_ == v1::OBJECT_RULE_OWN_MENTOR ? owners.mentors : owners.organisations;
    return std::find(all.begin(), all.end(), subject_) != all.end();
  }

  // True when an object that is admitted may not be touched because others own it too.
  bool Shared(const Owners& owners) const {
    return rule_ == v1::OBJECT_RULE_SOLE_ORGANISATION && owners.organisations.size() > 1;
  }

 private:
  v1::ObjectRule rule_ = v1::OBJECT_RULE_ANY;
  std::string subject_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_ACCESS_OBJECT_SCOPE_H_
