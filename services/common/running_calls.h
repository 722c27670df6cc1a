// The calls of a server that run now: who their peers are, how much they hold in memory, and which
// of them wait for a client that does not read.
//
// An answer, or a message of a stream, that the client does not take stays in gRPC's memory, and a
// stream keeps its thread. HTTP/2 lets a client do that for ever. So each call notes when it began
// to send, and one that the client has taken nothing of for `slow_reader_time` is ended with
// RESOURCE_EXHAUSTED. The status has no details: gRPC sends none before what was not read.
//
// Large requests and answers (over 64 KiB) count; beyond `max_held_bytes` of them Hold() refuses.
//
// Thread-safe.
#ifndef SERVICES_COMMON_RUNNING_CALLS_H_
#define SERVICES_COMMON_RUNNING_CALLS_H_

#include <atomic>
#include <list>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpc/grpc.h"

namespace tandem::common {

class RunningCalls {
 public:
  class Entry {
   public:
    explicit Entry(grpc_call* call) : call_(call) {}

    // Around the time that the client may take to read.
    void BeginSending();
    void EndSending() { sending_since_.store(kNotSending, std::memory_order_relaxed); }

   private:
    friend class RunningCalls;
    static constexpr int64_t kNotSending = -1;

    grpc_call* const call_;
    std::atomic<int64_t> sending_since_ = kNotSending;  // nanoseconds since 1970
    size_t held_bytes_ = 0;                             // used by one thread at a time
  };
  using Place = std::list<Entry>::iterator;

  RunningCalls(absl::Duration slow_reader_time, size_t max_held_bytes);
  // No call may be left.
  ~RunningCalls();
  RunningCalls(const RunningCalls&) = delete;
  RunningCalls& operator=(const RunningCalls&) = delete;

  // `call` must live until Remove, which gives back what it holds.
  Place Add(grpc_call* call);
  void Remove(Place place);

  // Counts `bytes` that the call holds until its end; false, and nothing is counted, when all calls
  // together would hold too much.
  bool Hold(Place place, size_t bytes);

  // Who has a call running, as gRPC names peers: "ipv4:127.0.0.1:41234".
  absl::flat_hash_set<std::string> Peers() const;

 private:
  void WatchReaders();
  void EndSlowReaders(absl::Time now);

  const absl::Duration slow_reader_time_;
  const size_t max_held_bytes_;
  std::atomic<size_t> held_bytes_ = 0;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::list<Entry> calls_ ABSL_GUARDED_BY(mutex_);
  std::thread watch_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RUNNING_CALLS_H_
