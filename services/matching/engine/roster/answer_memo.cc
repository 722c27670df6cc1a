#include "services/matching/engine/roster/answer_memo.h"

#include <algorithm>
#include <utility>

namespace tandem::engine {
namespace {

size_t BytesOf(const std::string& key, const Answers& answers) {
  return key.capacity() + answers.capacity() * sizeof(ChunkAnswer);
}

}  // namespace

std::shared_ptr<const Answers> AnswerMemo::Find(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  found->second.last_use = ++uses_;
  return found->second.answers;
}

void AnswerMemo::Keep(const std::string& key, std::shared_ptr<const Answers> answers) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[key];
  if (entry.answers != nullptr) bytes_ -= BytesOf(key, *entry.answers);
  bytes_ += BytesOf(key, *answers);
  entry.answers = std::move(answers);
  entry.last_use = ++uses_;
  while (bytes_ > max_bytes_ && entries_.size() > 1) DropUnused();
}

void AnswerMemo::DropUnused() {
  const auto oldest = std::min_element(
      entries_.begin(), entries_.end(),
      [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; });
  bytes_ -= BytesOf(oldest->first, *oldest->second.answers);
  entries_.erase(oldest);
}

size_t AnswerMemo::MemoryBytes() const {
  absl::MutexLock lock(&mutex_);
  return bytes_;
}

}  // namespace tandem::engine
