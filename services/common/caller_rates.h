// How many calls per second each caller may send, so that one caller's loop cannot keep the others
// from being served.
//
// The generic cell rate algorithm (ITU-T I.371, annex A; the same as a leaky bucket): per caller
// one time, at which the calls let through so far would have come at the agreed rate. A call is let
// through while that time is at most the burst ahead of now. So an idle caller may send a burst at
// once, and a busy one gets exactly its rate.
//
//   CallerRates rates(CallerRate{100, 200});
//   if (const auto wait = rates.Take("Ada", absl::Now())) return QuotaExceeded(..., *wait);
//
// Thread-safe.
#ifndef SERVICES_COMMON_CALLER_RATES_H_
#define SERVICES_COMMON_CALLER_RATES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tandem::common {

struct CallerRate {
  int calls_per_second = 0;  // 0: no limit
  int burst_calls = 1;       // that may come at once after a silence; at least 1
};

class CallerRates {
 public:
  explicit CallerRates(CallerRate rate);
  CallerRates(const CallerRates&) = delete;
  CallerRates& operator=(const CallerRates&) = delete;

  // Counts a call of `caller`. std::nullopt when it may go on; else it counts for nothing, and this
  // is how long the caller has to wait until its next call may.
  std::optional<absl::Duration> Take(absl::string_view caller, absl::Time now);

  // Callers that are remembered: those whose last burst is not over.
  size_t remembered() const;

 private:
  void ForgetQuiet(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration interval_;  // between two calls at the agreed rate; zero: no limit
  const absl::Duration tolerance_;
  mutable absl::Mutex mutex_;
  std::unordered_map<std::string, absl::Time> due_ ABSL_GUARDED_BY(mutex_);
  size_t forget_at_ ABSL_GUARDED_BY(mutex_);  // when so many callers are remembered
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALLER_RATES_H_
