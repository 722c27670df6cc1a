// How many places each caller may occupy at once, so that one caller who takes again and again
// leaves the others their share: server streams that it follows, calls that only wait.
//
//   CallerPlaces streams(16);
//   const std::optional<CallerPlaces::Place> place = streams.Take("Ada");
//   if (!place.has_value()) return QuotaExceeded(...);
//   ...  // the stream; its place is free when `place` goes
//
// Thread-safe.
#ifndef SERVICES_COMMON_CALLER_PLACES_H_
#define SERVICES_COMMON_CALLER_PLACES_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace tandem::common {

class CallerPlaces {
 public:
  // One place of one caller; its destructor gives it back. The CallerPlaces must outlive it.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class CallerPlaces;
    Place(CallerPlaces* places, std::string caller);

    CallerPlaces* places_;  // null when it was moved away
    std::string caller_;
  };

  // `max_places` of one caller at once; 0: no limit.
  explicit CallerPlaces(int max_places);
  CallerPlaces(const CallerPlaces&) = delete;
  CallerPlaces& operator=(const CallerPlaces&) = delete;

  // std::nullopt when `caller` has all it may.
  std::optional<Place> Take(absl::string_view caller);

  // Callers with a place.
  size_t remembered() const;

 private:
  void GiveBack(const std::string& caller);

  const int max_places_;
  mutable absl::Mutex mutex_;
  std::map<std::string, int, std::less<>> taken_ ABSL_GUARDED_BY(mutex_);  // by caller, none is 0
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALLER_PLACES_H_
