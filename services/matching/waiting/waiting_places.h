// How many calls may wait at once for something that comes by itself: the end of a run, a commit
// that the index has not taken in yet. Each of them occupies one of the threads that serve calls,
// so those that only wait must leave threads to the others.
//
//   WaitingPlaces places({/*all=*/16, /*one_caller=*/8});
//   const std::optional<WaitingPlaces::Place> place = places.Take("Ada");
//   if (!place.has_value()) ...  // answer at once
//   ...  // wait; the place is free when `place` goes
//
// Thread-safe.
#ifndef TANDEM_SERVICES_MATCHING_WAITING_WAITING_PLACES_H_
#define TANDEM_SERVICES_MATCHING_WAITING_WAITING_PLACES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "services/common/caller_places.h"

namespace tandem::matching {

class WaitingPlaces {
 public:
  struct Limits {
    int all = 0;         // of all callers together
    int one_caller = 0;  // of one caller, so that none takes the places of the others
  };
  // The WaitingPlaces must outlive it.
  struct Place {
    common::CallerPlaces::Place of_caller;
    common::CallerPlaces::Place of_all;
  };

  explicit WaitingPlaces(Limits limits) : callers_(limits.one_caller), all_(limits.all) {}

  // std::nullopt when `caller` has all it may, or all places are taken.
  std::optional<Place> Take(absl::string_view caller);

 private:
  common::CallerPlaces callers_;
  common::CallerPlaces all_;  // of one caller, called ""
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_WAITING_WAITING_PLACES_H_
