// Which connections there are, what each is doing, and which one has to go when there are too many.
//
// A peer that opens connections and says nothing, says it slowly, or does not read its answers must
// not keep others out. So a full table makes room for a newcomer: it closes the connection that has
// waited longest for (the rest of) a request; when there is none, the one that has read nothing of
// its answer for longest, if that is `slow_reader_age` or more. Calls under way are never closed.
//
// Thread-safe.
#ifndef SERVICES_GATEWAY_CONNECTION_TABLE_H_
#define SERVICES_GATEWAY_CONNECTION_TABLE_H_

#include <functional>
#include <list>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tandem::gateway {

class ConnectionTable {
 public:
  enum class State {
    kReceiving,  // between requests, or within one
    kServing,    // the call runs
    kSending,    // since its last progress
    kClosing,    // told to close
  };
  struct Entry {
    State state = State::kReceiving;
    absl::Time since;
    std::function<void()> close;  // may be called under the table's lock: it must only post
  };
  using Place = std::list<Entry>::iterator;

  ConnectionTable(int max_connections, absl::Duration slow_reader_age)
      : max_connections_(static_cast<size_t>(max_connections)), slow_reader_age_(slow_reader_age) {}

  // A place for a new connection, for which another one may have been told to close; std::nullopt
  // when the table is full and every connection is at work.
  std::optional<Place> Add(std::function<void()> close, absl::Time now);
  // Notes a change of state, or progress in the same state.
  void SetState(Place place, State state, absl::Time now);
  void Remove(Place place);

  // Tells the connection that is best missed to close; false when there is none.
  bool CloseOne(absl::Time now);
  // Tells those that have read nothing of their answer for `slow_reader_age` to close.
  void CloseSlowReaders(absl::Time now);
  // Tells those in kReceiving, or all, to close.
  void CloseIdle();
  void CloseAll();
  // Waits until none is left; false when `timeout` passed first.
  bool WaitUntilEmpty(absl::Duration timeout);

 private:
  void CloseLocked(Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CloseOneLocked(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Empty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return entries_.empty(); }

  const size_t max_connections_;
  const absl::Duration slow_reader_age_;
  absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // in order of `since`
  size_t closing_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CONNECTION_TABLE_H_
