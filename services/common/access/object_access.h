// The one place that decides whether a caller may make a call: before the handler, from the access
// option of the method, for every method alike.
//
//   TANDEM_ASSIGN_OR_RETURN(const ObjectGrant* grant, GrantFor(principal, name, rule));
//   TANDEM_ASSIGN_OR_RETURN(call.scope, CheckObjects(principal, *grant, request, owners));
//   ... the handler; listings ask call.scope() ...
//   HideFields(*grant, &response);
//
// An object that is missing and one that the caller may not touch give the same status, message and
// details, after the same one read of the object's record. Whose an object is, is asked when the
// call is let in; who loses it a moment later still completes that call.
//
// Thread-safe.
#ifndef SERVICES_COMMON_ACCESS_OBJECT_ACCESS_H_
#define SERVICES_COMMON_ACCESS_OBJECT_ACCESS_H_

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/common/access/access_rule.h"
#include "services/common/access/object_scope.h"
#include "services/common/principal.h"

namespace tandem::common {

// Tells whose the object of that name is. NOT_FOUND as a read of it would answer.
using OwnerLookup = std::function<absl::StatusOr<Owners>(absl::string_view name)>;

// How to find the owners of the resources of each collection. Mentors and organisations own
// themselves. Adding is not thread-safe and ends before the server starts.
class OwnerLookups {
 public:
  // `collection` is the first part of the names, for example "assessments".
  void Add(absl::string_view collection, OwnerLookup lookup);
  // INVALID_ARGUMENT, naming `field`, when `name` is of no known collection.
  absl::StatusOr<Owners> Find(absl::string_view name, absl::string_view field) const;

 private:
  std::map<std::string, OwnerLookup, std::less<>> lookups_;
};

// What the caller may do with the method. PERMISSION_DENIED: its role may not call it; the message
// names the roles that may. Never nullptr when OK.
absl::StatusOr<const ObjectGrant*> GrantFor(const Principal& principal, absl::string_view method,
                                            const AccessRule& rule);

// The objects that the call may touch. NOT_FOUND: one that the request names is missing or not the
// caller's; PERMISSION_DENIED: it is shared with others (OBJECT_SHARED), or the request sets a
// field that the role may not set (FIELD_NOT_ALLOWED); INVALID_ARGUMENT: the object is not named.
absl::StatusOr<ObjectScope> CheckObjects(const Principal& principal, const ObjectGrant& grant,
                                         const google::protobuf::Message& request,
                                         const OwnerLookups& owners);

// Clears in `response` what the grant hides.
void HideFields(const ObjectGrant& grant, google::protobuf::Message* response);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_ACCESS_OBJECT_ACCESS_H_
