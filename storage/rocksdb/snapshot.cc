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

// The versions of one key from `newest` on, newest first, while `visit` returns true.
absl::Status VisitVersions(
    const Database& database, const rocksdb::Snapshot* state, absl::string_view key,
    Revision newest,
    absl::FunctionRef<bool(Revision, const std::optional<absl::string_view>&)> visit) {
  rocksdb::ReadOptions options;
  options.snapshot = state;
  options.prefix_same_as_start = true;
  std::unique_ptr<rocksdb::Iterator> it = Versions(database, options);
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

}  // namespace

absl::StatusOr<std::optional<Record>> RocksDbSnapshot::Get(absl::string_view key) const {
  std::optional<Record> record;
  TANDEM_RETURN_IF_ERROR(
      VisitVersions(*database_, state_.snapshot(), key, revision_,
                    [&](Revision revision, const std::optional<absl::string_view>& value) {
                      if (value.has_value())
                        record = Record{std::string(key), std::string(*value), revision};
                      return false;
                    }));
  return record;
}

absl::StatusOr<std::vector<Version>> RocksDbSnapshot::History(absl::string_view key,
                                                              Revision newest, int limit) const {
  TANDEM_RETURN_IF_ERROR(CheckHistoryArguments(limit));
  std::vector<Version> history;
  if (newest < 1) return history;
  TANDEM_RETURN_IF_ERROR(
      VisitVersions(*database_, state_.snapshot(), key, std::min(newest, revision_),
                    [&](Revision revision, const std::optional<absl::string_view>& value) {
                      history.push_back({revision, std::nullopt});
                      if (value.has_value()) history.back().value = std::string(*value);
                      return static_cast<int>(history.size()) < limit;
                    }));
  return history;
}

absl::Status RocksDbSnapshot::Scan(absl::string_view start, absl::string_view end,
                                   absl::FunctionRef<bool(const Record&)> visit) const {
  const std::string upper = end.empty() ? std::string() : format::EscapeKey(end);
  const rocksdb::Slice upper_slice(upper);
  rocksdb::ReadOptions options;
  options.snapshot = state_.snapshot();
  options.total_order_seek = true;
  if (!end.empty()) options.iterate_upper_bound = &upper_slice;
  std::unique_ptr<rocksdb::Iterator> it = Versions(*database_, options);
  Record record;
  std::string done;  // the escaped key whose version at this revision was found
  format::DecodedVersionKey decoded;
  for (it->Seek(format::EscapeKey(start)); it->Valid(); it->Next()) {
    const absl::string_view bytes = View(it->key());
    if (bytes.size() > format::kRevisionBytes &&
        bytes.substr(0, bytes.size() - format::kRevisionBytes) == done) {
      continue;
    }
    std::optional<absl::string_view> value;
    if (!format::DecodeVersionKey(bytes, &decoded) ||
        !format::DecodeVersion(View(it->value()), &value)) {
      return DamagedError(database_->path(), "a record is not what was written");
    }
    if (decoded.revision > revision_) continue;
    done.assign(bytes.data(), bytes.size() - format::kRevisionBytes);
    if (!value.has_value()) continue;
    record.key.swap(decoded.key);
    record.value.assign(value->data(), value->size());
    record.revision = decoded.revision;
    if (!visit(record)) return absl::OkStatus();
  }
  return ReadError(database_->path(), it->status());
}

absl::StatusOr<Revision> NewestRevisionOf(const Database& database, absl::string_view key) {
  Revision newest = 0;
  TANDEM_RETURN_IF_ERROR(
      VisitVersions(database, nullptr, key, std::numeric_limits<Revision>::max(),
                    [&](Revision revision, const std::optional<absl::string_view>& value) {
                      if (value.has_value()) newest = revision;
                      return false;
                    }));
  return newest;
}

}  // namespace tandem::storage
