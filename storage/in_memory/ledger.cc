#include "storage/in_memory/ledger.h"

#include <algorithm>

#include "storage/errors.h"
#include "storage/retention.h"

namespace tandem::storage {

const Version* InMemoryLedger::Find(const Versions& versions, Revision revision) {
  auto after = std::upper_bound(
      versions.begin(), versions.end(), revision,
      [](Revision wanted, const Version& version) { return wanted < version.revision; });
  return after == versions.begin() ? nullptr : &*std::prev(after);
}

absl::StatusOr<Revision> InMemoryLedger::RevisionOf(absl::string_view key) {
  absl::ReaderMutexLock lock(&mutex_);
  auto found = records_.find(std::string(key));
  if (found == records_.end() || !found->second.back().value.has_value()) return 0;
  return found->second.back().revision;
}

absl::StatusOr<std::optional<KeptAnswer>> InMemoryLedger::FindAnswer(absl::string_view request_id) {
  absl::ReaderMutexLock lock(&mutex_);
  auto found = answers_.find(std::string(request_id));
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

absl::Status InMemoryLedger::Write(const std::vector<NumberedCommit>& group) {
  absl::MutexLock lock(&mutex_);
  for (const NumberedCommit& numbered : group) {
    for (const Mutation& mutation : numbered.commit.mutations) {
      records_[mutation.key].push_back({numbered.revision, mutation.value});
    }
    feed_.push_back({numbered.revision, numbered.commit.feed_entries});
    if (numbered.commit.answer.has_value()) {
      answers_[numbered.commit.answer->request_id] = *numbered.commit.answer;
    }
    range_.head = numbered.revision;
  }
  return absl::OkStatus();
}

bool InMemoryLedger::Readable(Revision revision) const {
  if (revision >= range_.oldest) return revision <= range_.head;
  auto pin = pins_.lower_bound({revision, std::string()});
  return pin != pins_.end() && pin->first == revision;
}

absl::StatusOr<Revision> InMemoryLedger::OpenReader(std::optional<Revision> revision) {
  absl::MutexLock lock(&mutex_);
  const Revision opened = revision.value_or(range_.head);
  if (!Readable(opened)) return RevisionOutOfRangeError(opened, range_);
  readers_.insert(opened);
  return opened;
}

void InMemoryLedger::CloseReader(Revision revision) {
  absl::MutexLock lock(&mutex_);
  readers_.erase(readers_.find(revision));
}

std::optional<Record> InMemoryLedger::Get(absl::string_view key, Revision revision) const {
  absl::ReaderMutexLock lock(&mutex_);
  auto found = records_.find(std::string(key));
  if (found == records_.end()) return std::nullopt;
  const Version* version = Find(found->second, revision);
  if (version == nullptr || !version->value.has_value()) return std::nullopt;
  return Record{found->first, *version->value, version->revision};
}

std::vector<Record> InMemoryLedger::Range(absl::string_view start, absl::string_view end,
                                          Revision revision, size_t limit) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<Record> records;
  for (auto it = records_.lower_bound(std::string(start));
       it != records_.end() && records.size() < limit && (end.empty() || it->first < end); ++it) {
    const Version* version = Find(it->second, revision);
    if (version == nullptr || !version->value.has_value()) continue;
    records.push_back({it->first, *version->value, version->revision});
  }
  return records;
}

std::vector<Version> InMemoryLedger::History(absl::string_view key, Revision newest,
                                             int limit) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<Version> history;
  auto found = records_.find(std::string(key));
  if (found == records_.end()) return history;
  const Versions& versions = found->second;
  for (auto it = versions.rbegin();
       it != versions.rend() && static_cast<int>(history.size()) < limit; ++it) {
    if (it->revision <= newest) history.push_back(*it);
  }
  return history;
}

int64_t InMemoryLedger::ForgetAnswers(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  int64_t forgotten = 0;
  for (auto it = answers_.begin(); it != answers_.end();) {
    if (it->second.expires_at <= now) {
      it = answers_.erase(it);
      ++forgotten;
    } else {
      ++it;
    }
  }
  return forgotten;
}

absl::StatusOr<FeedBatch> InMemoryLedger::ReadFeed(Revision after, int max_commits,
                                                   int64_t max_bytes) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (after < range_.oldest || after > range_.head) return FeedOutOfRangeError(after, range_);
  FeedBatch batch;
  batch.head = range_.head;
  int64_t bytes = 0;
  for (size_t i = static_cast<size_t>(after - range_.oldest);
       i < feed_.size() && static_cast<int>(batch.commits.size()) < max_commits; ++i) {
    for (const std::string& entry : feed_[i].entries) bytes += static_cast<int64_t>(entry.size());
    if (bytes > max_bytes && !batch.commits.empty()) break;
    batch.commits.push_back(feed_[i]);
  }
  return batch;
}

RevisionRange InMemoryLedger::Revisions() const {
  absl::ReaderMutexLock lock(&mutex_);
  return range_;
}

absl::Status InMemoryLedger::Pin(Revision revision, absl::string_view owner) {
  absl::MutexLock lock(&mutex_);
  if (!Readable(revision)) return RevisionOutOfRangeError(revision, range_);
  pins_.insert({revision, std::string(owner)});
  return absl::OkStatus();
}

void InMemoryLedger::Unpin(Revision revision, absl::string_view owner) {
  absl::MutexLock lock(&mutex_);
  pins_.erase({revision, std::string(owner)});
}

std::vector<PinnedRevision> InMemoryLedger::Pins() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<PinnedRevision> pins;
  for (const auto& [revision, owner] : pins_) pins.push_back({revision, owner});
  return pins;
}

std::set<Revision> InMemoryLedger::KeptRevisions() const {
  std::set<Revision> kept(readers_.begin(), readers_.end());
  for (const auto& [revision, owner] : pins_) kept.insert(revision);
  return kept;
}

absl::Status InMemoryLedger::Trim(Revision oldest) {
  absl::MutexLock lock(&mutex_);
  if (oldest > range_.head) return RevisionOutOfRangeError(oldest, range_);
  if (oldest < range_.oldest) return absl::OkStatus();
  feed_.erase(feed_.begin(), feed_.begin() + (oldest - range_.oldest));
  range_.oldest = oldest;
  const Retention retention(oldest, KeptRevisions());
  for (auto it = records_.begin(); it != records_.end();) {
    Versions& versions = it->second;
    std::vector<VersionMark> marks;
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
      marks.push_back({version->revision, !version->value.has_value()});
    }
    for (Revision dropped : retention.Dropped(marks)) {
      versions.erase(std::find_if(versions.begin(), versions.end(), [&](const Version& version) {
        return version.revision == dropped;
      }));
    }
    it = versions.empty() ? records_.erase(it) : std::next(it);
  }
  return absl::OkStatus();
}

}  // namespace tandem::storage
