#include "services/gateway/connection_table.h"

#include <utility>

namespace tandem::gateway {

std::optional<ConnectionTable::Place> ConnectionTable::Add(std::function<void()> close,
                                                           absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (entries_.size() - closing_ >= max_connections_ && !CloseOneLocked(now)) return std::nullopt;
  entries_.push_back({State::kReceiving, now, std::move(close)});
  return std::prev(entries_.end());
}

void ConnectionTable::SetState(Place place, State state, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (place->state == State::kClosing) return;
  place->state = state;
  place->since = now;
  entries_.splice(entries_.end(), entries_, place);
}

void ConnectionTable::Remove(Place place) {
  absl::MutexLock lock(&mutex_);
  if (place->state == State::kClosing) --closing_;
  entries_.erase(place);
}

bool ConnectionTable::CloseOne(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  return CloseOneLocked(now);
}

bool ConnectionTable::CloseOneLocked(absl::Time now) {
  Entry* victim = nullptr;
  for (Entry& entry : entries_) {
    if (entry.state == State::kReceiving) {
      victim = &entry;
      break;
    }
    if (victim == nullptr && entry.state == State::kSending &&
        entry.since + slow_reader_age_ <= now) {
      victim = &entry;
    }
  }
  if (victim == nullptr) return false;
  CloseLocked(victim);
  return true;
}

void ConnectionTable::CloseLocked(Entry* entry) {
  entry->state = State::kClosing;
  ++closing_;
  entry->close();
}

void ConnectionTable::CloseSlowReaders(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  for (Entry& entry : entries_) {
    if (entry.state == State::kSending && entry.since + slow_reader_age_ <= now) {
      CloseLocked(&entry);
    }
  }
}

void ConnectionTable::CloseIdle() {
  absl::MutexLock lock(&mutex_);
  for (Entry& entry : entries_) {
    if (entry.state == State::kReceiving) CloseLocked(&entry);
  }
}

void ConnectionTable::CloseAll() {
  absl::MutexLock lock(&mutex_);
  for (Entry& entry : entries_) {
    if (entry.state != State::kClosing) ++closing_;
    entry.state = State::kClosing;
    entry.close();
  }
}

bool ConnectionTable::WaitUntilEmpty(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(this, &ConnectionTable::Empty), timeout);
}

}  // namespace tandem::gateway
