#include "storage/record_cache.h"

#include <utility>

namespace tandem::storage {
namespace {

// A record that takes more than this part of a generation would push out too many others.
constexpr size_t kLargestPart = 64;

size_t BytesOf(const Record& record) { return record.key.size() + record.value.size(); }

}  // namespace

std::shared_ptr<const Record> RecordCache::Find(absl::string_view key, Revision revision) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<const Record> record;
  if (auto found = young_.find(key); found != young_.end()) {
    record = found->second;
  } else if (found = old_.find(key); found != old_.end()) {
    record = found->second;
    Put(record);
  }
  return record != nullptr && record->revision <= revision ? record : nullptr;
}

void RecordCache::Learn(Revision revision, const Record& record) {
  if (BytesOf(record) > generation_bytes_ / kLargestPart) return;
  auto learned = std::make_shared<const Record>(record);
  absl::MutexLock lock(&mutex_);
  if (revision == committed_) Put(std::move(learned));
}

void RecordCache::Committed(const std::vector<NumberedCommit>& group) {
  absl::MutexLock lock(&mutex_);
  committed_ = group.back().revision;
  for (const NumberedCommit& numbered : group) {
    for (const Mutation& mutation : numbered.commit.mutations) {
      if (!Holds(mutation.key)) continue;
      if (mutation.value.has_value()) {
        Put(std::make_shared<const Record>(
            Record{mutation.key, *mutation.value, numbered.revision}));
      } else {
        young_.erase(mutation.key);
        old_.erase(mutation.key);
      }
    }
  }
}

bool RecordCache::Holds(absl::string_view key) const {
  return young_.contains(key) || old_.contains(key);
}

void RecordCache::Put(std::shared_ptr<const Record> record) {
  if (young_bytes_ >= generation_bytes_) {
    old_ = std::move(young_);
    young_ = Generation();
    young_bytes_ = 0;
  }
  // Versions of one key count each: a generation that is written over and over ends early, which
  // costs a read.
  young_bytes_ += BytesOf(*record);
  std::shared_ptr<const Record>& held = young_[record->key];
  held = std::move(record);
}

}  // namespace tandem::storage
