// The two records that keep promises within bounds: what a mentor has reserved, and which matches a
// request has. A decision stages both in its commit and expects what it read, so of two approvals
// that would exceed a bound together only one passes.
#ifndef TANDEM_SERVICES_MATCHING_MATCHES_RESERVE_H_
#define TANDEM_SERVICES_MATCHING_MATCHES_RESERVE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "services/common/change_set.h"
#include "storage/store.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::matching {

// What the mentor offers on today's data.
struct OfferedCapacity {
  int64_t hours_per_month = 0;
  int64_t max_engagements = 0;
};

// Stages the reservation that `match` states. FAILED_PRECONDITION, reason NO_CAPACITY_LEFT, when
// the mentor would be promised more than is offered in some month.
absl::Status StageReservation(const storage::Snapshot& snapshot, const v1::Match& match,
                              const OfferedCapacity& offered, common::ChangeSet* changes);

// Stages the release of what `match` reserved; nothing if it reserved nothing.
absl::Status StageRelease(const storage::Snapshot& snapshot, const v1::Match& match,
                          common::ChangeSet* changes);

// Stages `match` as one of the request's. FAILED_PRECONDITION: NEED_FILLED when the role has as
// many mentors as it wants, MENTOR_HAS_OTHER_ROLE when the mentor fills a role of the request.
absl::Status StageBooking(const storage::Snapshot& snapshot, const v1::Match& match,
                          const needs::v1::RequestRole& role, common::ChangeSet* changes);

// Stages that `match` is no longer one of the request's; nothing if it was not.
absl::Status StageBookingRelease(const storage::Snapshot& snapshot, const v1::Match& match,
                                 common::ChangeSet* changes);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_MATCHES_RESERVE_H_
