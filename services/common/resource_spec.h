// How one kind of resource is stored and shown: what the shared library needs to know about a
// message type beyond its proto.
//
// The message has `name`, `etag` and `revision`; where it has them, `external_id`, `state`,
// `create_time` and `update_time` are looked after too. All of these but `external_id` are output
// only: callers cannot set them.
#ifndef SERVICES_COMMON_RESOURCE_SPEC_H_
#define SERVICES_COMMON_RESOURCE_SPEC_H_

#include <string>
#include <vector>

namespace tandem::common {

struct ResourceSpec {
  std::string collection;  // names are "collection/ID", for example "engagementRequests"
  std::string field;       // of one resource in requests, for example "engagement_request"
  std::string plural;      // of many in batch requests, for example "engagement_requests"
  int active_state = 0;    // number of the state of a new resource; 0: the service sets it
  int inactive_state = 0;  // number of the state that Deactivate sets
  std::vector<std::string> output_only;    // further top-level fields that callers cannot set
  std::vector<std::string> filter_fields;  // that a list's filter may name
  // Whose a resource is: the fields (string, or repeated string) that name its mentor or mentors,
  // and its organisations; empty: nobody's. Only in `owned_states` (empty: in all) it belongs to
  // them.
  std::string mentor_field;
  std::string organisation_field;
  std::vector<int> owned_states;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_SPEC_H_
