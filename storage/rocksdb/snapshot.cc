#include "storage/rocksdb/snapshot.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/arguments.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {
namespace {

absl::string_view View(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

std::unique_ptr<rocksdb::Iterator> Versions(const Database& database,
                                            const rocksdb::ReadOptions& options) {
  return std::unique_ptr<rocksdb::Iterator>(
      database.db()->NewIterator(options, database.versions()));
}

// An iterator that stays within the versions of the key that it seeks.
std::unique_ptr<rocksdb::Iterator> VersionsOfOneKey(const Database& database,
                                                    const rocksdb::Snapshot* state) {
  rocksdb::ReadOptions options;
  options.snapshot = state;
  options.prefix_same_as_start = true;
  return Versions(database, options);
}

// The versions of one key from `newest` on, newest first, while `visit` returns true.
absl::Status VisitVersions(
    const Database& database, rocksdb::Iterator* it, absl::string_view key, Revision newest,
    absl::FunctionRef<bool(Revision, const std::optional<absl::string_view>&)> visit) {
  for (it->Seek(format::VersionKey(key, newest)); it->Valid(); it->Next()) {
    format::DecodedVersionKey decoded;
    std::optional<absl::string_view> value;
    if (!format::DecodeVersionKey(View(it->key()), &decoded) ||
        !format::DecodeVersion(View(it->value()), &value)) {
      return DamagedError(database.path(),
                          absl::StrCat("the record of key \"", absl::CHexEscape(key),
                                       "\" is not what was written"));
    }
    if (!visit(decoded.revision, value)) break;
  }
  return ReadError(database.path(), it->status());
}

// Moves an iterator over versions from one key's version at a revision to the next key's. Steps
// over the few versions in between, and seeks past many.
class VersionSkipper {
 public:
  VersionSkipper(Revision wanted, rocksdb::Iterator* it) : wanted_(wanted), it_(it) {}

  // Reads the key that the iterator stands on; false when it is damaged.
  bool DecodeKey() {
    const absl::string_view bytes = View(it_->key());
    if (bytes.size() <= format::kRevisionBytes) return false;
    const absl::string_view escaped = bytes.substr(0, bytes.size() - format::kRevisionBytes);
    if (escaped != escaped_) {
      escaped_.assign(escaped.data(), escaped.size());
      found_ = false;
      stepped_ = 0;
    }
    const bool found_before = found_;
    if (!format::DecodeVersionKey(bytes, &decoded_)) return false;
    found_ = found_ || decoded_.revision <= wanted_;
    at_wanted_ = found_ && !found_before;
    return true;
  }

  // True on the newest version of the key that is not newer than the wanted revision.
  bool AtWanted() const { return at_wanted_; }
  const std::string& key() const { return decoded_.key; }
  Revision revision() const { return decoded_.revision; }

  void Advance() {
    if (++stepped_ < kStepsBeforeSeek) return it_->Next();
    stepped_ = 0;
    // No key has revision 0: what follows it is the next key.
    it_->Seek(format::VersionKeyOf(escaped_, found_ ? 0 : wanted_));
  }

 private:
  static constexpr int kStepsBeforeSeek = 8;

  const Revision wanted_;
  rocksdb::Iterator* const it_;
  std::string escaped_;  // the key that the iterator stands on
  format::DecodedVersionKey decoded_;
  bool found_ = false;  // the wanted version of that key was met
  bool at_wanted_ = false;
  int stepped_ = 0;
};

}  // namespace

absl::Status SnapshotState::WithKeyIterator(
    absl::FunctionRef<absl::Status(rocksdb::Iterator*)> read) const {
  if (!mutex_.TryLock()) return read(VersionsOfOneKey(database_, snapshot()).get());
  if (iterator_ == nullptr) iterator_ = VersionsOfOneKey(database_, snapshot());
  absl::Status status = read(iterator_.get());
  mutex_.Unlock();
  return status;
}

absl::StatusOr<std::optional<Record>> RocksDbSnapshot::Get(absl::string_view key) const {
  if (const auto cached = state_->cache().Find(key, revision()); cached != nullptr) return *cached;
  std::optional<Record> record;
  const auto take = [&](Revision revision, const std::optional<absl::string_view>& value) {
    if (value.has_value()) record = Record{std::string(key), std::string(*value), revision};
    return false;
  };
  TANDEM_RETURN_IF_ERROR(state_->WithKeyIterator([&](rocksdb::Iterator* it) {
    return VisitVersions(state_->database(), it, key, revision(), take);
  }));
  if (record.has_value()) state_->cache().Learn(revision(), *record);
  return record;
}

absl::StatusOr<std::vector<Version>> RocksDbSnapshot::History(absl::string_view key,
                                                              Revision newest, int limit) const {
  TANDEM_RETURN_IF_ERROR(CheckHistoryArguments(limit));
  std::vector<Version> history;
  if (newest < 1) return history;
  const auto take = [&](Revision revision, const std::optional<absl::string_view>& value) {
    history.push_back({revision, std::nullopt});
    if (value.has_value()) history.back().value = std::string(*value);
    return static_cast<int>(history.size()) < limit;
  };
  TANDEM_RETURN_IF_ERROR(state_->WithKeyIterator([&](rocksdb::Iterator* it) {
    return VisitVersions(state_->database(), it, key, std::min(newest, revision()), take);
  }));
  return history;
}

absl::Status RocksDbSnapshot::Scan(absl::string_view start, absl::string_view end,
                                   absl::FunctionRef<bool(const Record&)> visit) const {
  const Database& database = state_->database();
  const std::string upper = end.empty() ? std::string() : format::EscapeKey(end);
  const rocksdb::Slice upper_slice(upper);
  rocksdb::ReadOptions options;
  options.snapshot = state_->snapshot();
  options.total_order_seek = true;
  if (!end.empty()) options.iterate_upper_bound = &upper_slice;
  std::unique_ptr<rocksdb::Iterator> it = Versions(database, options);
  it->Seek(format::EscapeKey(start));
  Record record;
  VersionSkipper skipper(revision(), it.get());
  while (it->Valid()) {
    std::optional<absl::string_view> value;
    if (!skipper.DecodeKey() || !format::DecodeVersion(View(it->value()), &value)) {
      return DamagedError(database.path(), "a record is not what was written");
    }
    if (skipper.AtWanted() && value.has_value()) {
      record.key = skipper.key();
      record.value.assign(value->data(), value->size());
      record.revision = skipper.revision();
      if (!visit(record)) return absl::OkStatus();
    }
    skipper.Advance();
  }
  return ReadError(database.path(), it->status());
}

absl::StatusOr<Revision> NewestRevisionOf(const Database& database, absl::string_view key) {
  Revision newest = 0;
  TANDEM_RETURN_IF_ERROR(
      VisitVersions(database, VersionsOfOneKey(database, nullptr).get(), key,
                    std::numeric_limits<Revision>::max(),
                    [&](Revision revision, const std::optional<absl::string_view>& value) {
                      if (value.has_value()) newest = revision;
                      return false;
                    }));
  return newest;
}

}  // namespace tandem::storage
