#include "services/matching/matches/reserve.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/capacity/places.h"
#include "services/matching/index/need_facts.h"
#include "services/matching/ledger/ledger.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {
namespace {

using ::tandem::common::ChangeSet;

absl::Status CheckCapacity(const v1::Match& match, const v1::MentorReservations& reserved,
                           const OfferedCapacity& offered) {
  Capacity capacity{offered.hours_per_month, offered.max_engagements, {}};
  for (const v1::Reservation& reservation : reserved.reservations()) {
    v1::Match held;
    held.set_name(reservation.match());
    held.set_hours_per_month(reservation.hours_per_month());
    held.set_first_month(reservation.first_month());
    held.set_last_month(reservation.last_month());
    TANDEM_ASSIGN_OR_RETURN(const MonthlyWork work, WorkOf(held));
    capacity.promised.push_back(work);
  }
  TANDEM_ASSIGN_OR_RETURN(const MonthlyWork work, WorkOf(match));
  const int64_t free_hours = LeastFreeHours(capacity, work.months);
  if (free_hours >= work.hours_per_month && EngagementsLeft(capacity, work.months) >= 1) {
    return absl::OkStatus();
  }
  return common::FailedPrecondition(
      "NO_CAPACITY_LEFT",
      absl::StrCat(match.mentor(), " has ", std::max<int64_t>(0, free_hours),
                   " free hours in the least free month and ",
                   std::max<int64_t>(0, EngagementsLeft(capacity, work.months)),
                   " engagements left from ", match.first_month(), " to ", match.last_month(), "; ",
                   work.hours_per_month,
                   " hours are asked for. Reject the match and solve the cohort again"),
      {{"rules", "NO_CAPACITY"}, {"mentor", match.mentor()}});
}

template <typename Entries>
bool RemoveEntry(const std::string& match, Entries* entries) {
  const auto found = std::find_if(entries->begin(), entries->end(),
                                  [&](const auto& entry) { return entry.match() == match; });
  if (found == entries->end()) return false;
  entries->erase(found);
  return true;
}

template <typename Entries>
void SortByMatch(Entries* entries) {
  std::sort(entries->begin(), entries->end(),
            [](const auto& a, const auto& b) { return a.match() < b.match(); });
}

}  // namespace

absl::Status StageReservation(const storage::Snapshot& snapshot, const v1::Match& match,
                              const OfferedCapacity& offered, ChangeSet* changes) {
  const std::string key = ReservationsKey(match.mentor());
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::MentorReservations> stored,
                          ReadRecord<v1::MentorReservations>(snapshot, key));
  TANDEM_RETURN_IF_ERROR(CheckCapacity(match, stored.value, offered));
  stored.value.set_mentor(match.mentor());
  v1::Reservation* reservation = stored.value.add_reservations();
  reservation->set_match(match.name());
  reservation->set_need(match.need());
  reservation->set_hours_per_month(match.hours_per_month());
  reservation->set_first_month(match.first_month());
  reservation->set_last_month(match.last_month());
  SortByMatch(stored.value.mutable_reservations());
  PutRecord(key, stored.revision, stored.value, changes);
  return absl::OkStatus();
}

absl::Status StageRelease(const storage::Snapshot& snapshot, const v1::Match& match,
                          ChangeSet* changes) {
  const std::string key = ReservationsKey(match.mentor());
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::MentorReservations> stored,
                          ReadRecord<v1::MentorReservations>(snapshot, key));
  if (!RemoveEntry(match.name(), stored.value.mutable_reservations())) return absl::OkStatus();
  PutRecord(key, stored.revision, stored.value, changes);
  return absl::OkStatus();
}

absl::Status StageBooking(const storage::Snapshot& snapshot, const v1::Match& match,
                          const needs::v1::RequestRole& role, ChangeSet* changes) {
  const std::string request(RequestOfNeed(match.need()));
  const std::string key = BookingsKey(request);
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::RequestBookings> stored,
                          ReadRecord<v1::RequestBookings>(snapshot, key));
  int filled = 0;
  for (const v1::Booking& booking : stored.value.bookings()) {
    filled += booking.need() == match.need();
    if (booking.mentor() == match.mentor()) {
      return common::FailedPrecondition(
          "MENTOR_HAS_OTHER_ROLE",
          absl::StrCat(match.mentor(), " is approved for ", booking.need(),
                       " already: a mentor fills one role of a request"),
          {{"match", booking.match()}});
    }
  }
  if (filled >= role.max_mentors()) {
    return common::FailedPrecondition(
        "NEED_FILLED", absl::StrCat(match.need(), " has ", filled,
                                    " approved mentors, as many as it wants: reject one first"));
  }
  stored.value.set_engagement_request(request);
  v1::Booking* booking = stored.value.add_bookings();
  booking->set_match(match.name());
  booking->set_need(match.need());
  booking->set_mentor(match.mentor());
  SortByMatch(stored.value.mutable_bookings());
  PutRecord(key, stored.revision, stored.value, changes);
  return absl::OkStatus();
}

absl::Status StageBookingRelease(const storage::Snapshot& snapshot, const v1::Match& match,
                                 ChangeSet* changes) {
  const std::string key = BookingsKey(RequestOfNeed(match.need()));
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::RequestBookings> stored,
                          ReadRecord<v1::RequestBookings>(snapshot, key));
  if (!RemoveEntry(match.name(), stored.value.mutable_bookings())) return absl::OkStatus();
  PutRecord(key, stored.revision, stored.value, changes);
  return absl::OkStatus();
}

}  // namespace tandem::matching
