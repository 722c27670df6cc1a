#include "services/common/running_calls.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/support/alloc.h"

namespace tandem::common {
namespace {

constexpr size_t kSmallBytes = 64 << 10;
constexpr absl::Duration kLongestPause = absl::Seconds(1);
constexpr int kLooksPerSlowReaderTime = 4;

}  // namespace

void RunningCalls::Entry::BeginSending() {
  sending_since_.store(absl::GetCurrentTimeNanos(), std::memory_order_relaxed);
}

RunningCalls::RunningCalls(absl::Duration slow_reader_time, size_t max_held_bytes)
    : slow_reader_time_(slow_reader_time),
      max_held_bytes_(max_held_bytes),
      watch_([this] { WatchReaders(); }) {}

RunningCalls::~RunningCalls() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  watch_.join();
}

RunningCalls::Place RunningCalls::Add(grpc_call* call) {
  std::list<Entry> one;  // made outside of the lock
  one.emplace_back(call);
  absl::MutexLock lock(&mutex_);
  calls_.splice(calls_.end(), one);
  return std::prev(calls_.end());
}

void RunningCalls::Remove(Place place) {
  std::list<Entry> one;
  held_bytes_ -= place->held_bytes_;
  absl::MutexLock lock(&mutex_);
  one.splice(one.end(), calls_, place);
}

bool RunningCalls::Hold(Place place, size_t bytes) {
  if (bytes <= kSmallBytes) return true;
  if (held_bytes_.fetch_add(bytes) + bytes > max_held_bytes_) {
    held_bytes_ -= bytes;
    return false;
  }
  place->held_bytes_ += bytes;
  return true;
}

absl::flat_hash_set<std::string> RunningCalls::Peers() const {
  absl::flat_hash_set<std::string> peers;
  absl::MutexLock lock(&mutex_);
  for (const Entry& entry : calls_) {
    char* peer = grpc_call_get_peer(entry.call_);
    peers.emplace(peer);
    gpr_free(peer);
  }
  return peers;
}

void RunningCalls::WatchReaders() {
  const absl::Duration pause = std::min(kLongestPause, slow_reader_time_ / kLooksPerSlowReaderTime);
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause)) return;
    }
    EndSlowReaders(absl::Now());
  }
}

void RunningCalls::EndSlowReaders(absl::Time now) {
  const int64_t before = absl::ToUnixNanos(now - slow_reader_time_);
  std::vector<grpc_call*> slow;
  {
    absl::MutexLock lock(&mutex_);
    for (Entry& entry : calls_) {
      const int64_t since = entry.sending_since_.load(std::memory_order_relaxed);
      if (since == Entry::kNotSending || since > before) continue;
      grpc_call_ref(entry.call_);
      slow.push_back(entry.call_);
      entry.EndSending();  // it is told once
    }
  }
  // Not under the lock: the call's end may run here and remove it.
  const std::string message =
      absl::StrCat("nothing of the answer was read for ", absl::FormatDuration(slow_reader_time_),
                   ": read as it comes, ask for smaller pages, follow a feed on from its cursor");
  for (grpc_call* call : slow) {
    grpc_call_cancel_with_status(call, GRPC_STATUS_RESOURCE_EXHAUSTED, message.c_str(), nullptr);
    grpc_call_unref(call);
  }
}

}  // namespace tandem::common
