#include "services/common/caller_rates.h"

#include <algorithm>

namespace tandem::common {
namespace {

constexpr size_t kMinRemembered = 1024;

absl::Duration IntervalOf(const CallerRate& rate) {
  return rate.calls_per_second > 0 ? absl::Seconds(1) / rate.calls_per_second
                                   : absl::ZeroDuration();
}

}  // namespace

CallerRates::CallerRates(CallerRate rate)
    : interval_(IntervalOf(rate)),
      tolerance_(interval_ * (std::max(1, rate.burst_calls) - 1)),
      forget_at_(kMinRemembered) {}

std::optional<absl::Duration> CallerRates::Take(absl::string_view caller, absl::Time now) {
  if (interval_ == absl::ZeroDuration()) return std::nullopt;
  absl::MutexLock lock(&mutex_);
  if (due_.size() >= forget_at_) ForgetQuiet(now);
  absl::Time& due = due_.try_emplace(std::string(caller), now).first->second;
  due = std::max(due, now);
  if (due - now > tolerance_) return due - now - tolerance_;
  due += interval_;
  return std::nullopt;
}

size_t CallerRates::remembered() const {
  absl::MutexLock lock(&mutex_);
  return due_.size();
}

// Forgetting one whose time has come changes nothing: it would start from now again.
void CallerRates::ForgetQuiet(absl::Time now) {
  for (auto caller = due_.begin(); caller != due_.end();) {
    caller = caller->second <= now ? due_.erase(caller) : std::next(caller);
  }
  forget_at_ = std::max(kMinRemembered, 2 * due_.size());
}

}  // namespace tandem::common
