// How many server streams each caller may have open at once, so that one caller that follows again
// and again without ending what it followed leaves the others their share of the threads.
//
//   CallerStreams streams(16);
//   const std::optional<CallerStreams::Place> place = streams.Take("Ada");
//   if (!place.has_value()) return QuotaExceeded(...);
//   ...  // the stream; its place is free when `place` goes
//
// Thread-safe.
#ifndef SERVICES_COMMON_CALLER_STREAMS_H_
#define SERVICES_COMMON_CALLER_STREAMS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace tandem::common {

class CallerStreams {
 public:
  // One stream of one caller; its destructor gives it back. The CallerStreams must outlive it.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class CallerStreams;
    Place(CallerStreams* streams, std::string caller);

    CallerStreams* streams_;  // null when it was moved away
    std::string caller_;
  };

  // `max_streams` of one caller at once; 0: no limit.
  explicit CallerStreams(int max_streams);
  CallerStreams(const CallerStreams&) = delete;
  CallerStreams& operator=(const CallerStreams&) = delete;

  // std::nullopt when `caller` has all it may.
  std::optional<Place> Take(absl::string_view caller);

  // Callers with a stream.
  size_t remembered() const;

 private:
  void GiveBack(const std::string& caller);

  const int max_streams_;
  mutable absl::Mutex mutex_;
  std::map<std::string, int, std::less<>> open_ ABSL_GUARDED_BY(mutex_);  // by caller, none is 0
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALLER_STREAMS_H_
