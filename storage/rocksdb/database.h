// An open, checked RocksDB database of a store: opens, creates, and proves at opening that nothing
// is missing that was acknowledged.
//
// Thread safety: all methods from any thread, save Close().
#ifndef STORAGE_ROCKSDB_DATABASE_H_
#define STORAGE_ROCKSDB_DATABASE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/rocksdb/folder.h"
#include "storage/rocksdb/options.h"
#include "storage/store.h"

namespace tandem::storage {

class Database {
 public:
  // Opens the store in `path`, or creates it where nothing was. `on_background_error` is called,
  // from RocksDB's threads, when a flush or compaction fails. Errors as in rocksdb_store.h.
  static absl::StatusOr<std::unique_ptr<Database>> Open(
      std::string path, const RocksDbOptions& options,
      std::function<void(absl::Status)> on_background_error);
  ~Database();

  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* meta() const { return families_[0]; }
  rocksdb::ColumnFamilyHandle* versions() const { return families_[1]; }
  rocksdb::ColumnFamilyHandle* feed() const { return families_[2]; }
  rocksdb::ColumnFamilyHandle* answers() const { return families_[3]; }
  const std::string& path() const { return folder_->path(); }

  // Which revisions the database held when it was opened.
  const RevisionRange& range_at_open() const { return range_; }

  // Writes `batch` durably (unless the options say unsafe_no_sync).
  absl::Status Write(rocksdb::WriteBatch* batch);

  // As Folder::RecordHead().
  absl::Status RecordHead(Revision head, bool sync) { return folder_->RecordHead(head, sync); }

 private:
  Database(std::unique_ptr<Folder> folder, const RocksDbOptions& options);

  absl::Status Start(std::function<void(absl::Status)> on_background_error);
  absl::Status CheckFirst(absl::string_view identity);
  absl::Status OpenForWriting(bool may_create,
                              std::function<void(absl::Status)> on_background_error);
  absl::Status Initialise();
  // Reads and cross-checks the meta records; `identity` is the marker's.
  absl::Status LoadAndCheck(absl::string_view identity);
  absl::StatusOr<std::optional<std::string>> Meta(absl::string_view key) const;
  absl::StatusOr<std::optional<uint64_t>> MetaNumber(absl::string_view key) const;
  absl::StatusOr<Revision> NewestInFeed() const;
  absl::Status CheckFormat() const;
  void CloseDatabase();

  const std::unique_ptr<Folder> folder_;  // first: released last
  const RocksDbOptions options_;
  const std::unique_ptr<rocksdb::Env> env_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // owned by db_
  std::unique_ptr<rocksdb::DB> db_;
  RevisionRange range_;
};

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_DATABASE_H_
