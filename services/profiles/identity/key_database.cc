#include "services/profiles/identity/key_database.h"

#include <cstdarg>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "services/profiles/identity/master_key.h"

namespace tandem::profiles {

namespace {

namespace fs = std::filesystem;

constexpr size_t kWriteBufferBytes = 4 * 1024 * 1024;
constexpr absl::Duration kPurgePatience = absl::Seconds(30);

absl::Status ErrorOf(const rocksdb::Status& status, absl::string_view folder) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat("key store ", folder, ": ", status.ToString());
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(
        absl::StrCat(text, "; free some space on the disk, then restart the service"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(text, "; restore the key store from its backup"));
  }
  if (absl::StrContains(text, "lock")) {
    return absl::UnavailableError(
        absl::StrCat(text, "; another process uses the folder: stop it, or take another folder"));
  }
  if (absl::StrContains(text, "Permission denied")) {
    return absl::PermissionDeniedError(
        absl::StrCat(text, "; give this user read and write access to the folder"));
  }
  if (absl::StrContains(text, "does not exist") || status.IsNotFound()) {
    return absl::DataLossError(
        absl::StrCat(text, "; files are missing: restore the key store from its backup"));
  }
  return absl::UnknownError(absl::StrCat(text, "; restart the service"));
}

// RocksDB's log for people. On a full disk Debian's build ends the process (an assertion) when it
// writes its second line there; what matters of it, the errors of calls say.
class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::Options DatabaseOptions(bool create) {
  rocksdb::Options options;
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  options.paranoid_checks = true;
  options.write_buffer_size = kWriteBufferBytes;
  options.max_write_buffer_number = 3;
  options.compression = rocksdb::kNoCompression;  // wrapped keys do not compress
  options.max_bgerror_resume_count = 0;           // after an error: close and open again
  options.recycle_log_file_num = 0;               // a recycled log would keep old bytes
  options.max_background_jobs = 2;
  options.max_open_files = 64;
  options.info_log = std::make_shared<SilentLog>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Families(const rocksdb::Options& options) {
  return {{rocksdb::kDefaultColumnFamilyName, options}, {"keys", options}, {"erased", options}};
}

class RocksKeyDatabase : public KeyDatabase {
 public:
  RocksKeyDatabase(std::string folder, rocksdb::DB* db,
                   std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : folder_(std::move(folder)), db_(db), handles_(std::move(handles)) {}

  ~RocksKeyDatabase() override {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  }

  absl::Status Apply(const std::vector<Change>& changes) override {
    rocksdb::WriteBatch batch;
    for (const Change& change : changes) {
      if (change.value.has_value()) {
        batch.Put(HandleOf(change.table), change.key, *change.value);
      } else {
        batch.Delete(HandleOf(change.table), change.key);
      }
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    TANDEM_RETURN_IF_ERROR(Failure());
    const absl::Status written = ErrorOf(db_->Write(options, &batch), folder_);
    if (!written.ok()) Fail(written);
    return written;
  }

  absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                 absl::string_view key) const override {
    std::string value;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), HandleOf(table),
                                            rocksdb::Slice(key.data(), key.size()), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    TANDEM_RETURN_IF_ERROR(ErrorOf(status, folder_));
    return std::optional<std::string>(std::move(value));
  }

  absl::Status Scan(
      Table table,
      absl::FunctionRef<void(absl::string_view, absl::string_view)> visit) const override {
    std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions(), HandleOf(table)));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      visit(absl::string_view(it->key().data(), it->key().size()),
            absl::string_view(it->value().data(), it->value().size()));
    }
    return ErrorOf(it->status(), folder_);
  }

  absl::Status PurgeRemoved() override {
    TANDEM_RETURN_IF_ERROR(Failure());
    absl::MutexLock lock(&purge_mutex_);
    const std::set<std::string> old_files = DataFiles();
    rocksdb::FlushOptions flush;
    flush.wait = true;
    flush.allow_write_stall = true;
    TANDEM_RETURN_IF_ERROR(ErrorOf(db_->Flush(flush, handles_), folder_));
    rocksdb::CompactRangeOptions compact;
    compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      TANDEM_RETURN_IF_ERROR(
          ErrorOf(db_->CompactRange(compact, handle, nullptr, nullptr), folder_));
    }
    return WaitUntilGone(old_files);
  }

 private:
  // Why no more is written: the log may end in a part of what failed.
  absl::Status Failure() const {
    absl::MutexLock lock(&failure_mutex_);
    return failure_;
  }
  void Fail(const absl::Status& cause) {
    absl::MutexLock lock(&failure_mutex_);
    if (failure_.ok()) failure_ = cause;
  }

  rocksdb::ColumnFamilyHandle* HandleOf(Table table) const {
    return handles_[static_cast<size_t>(table)];
  }

  // The write-ahead logs and table files that stand in the folder.
  std::set<std::string> DataFiles() const {
    std::set<std::string> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".log" || extension == ".sst") files.insert(entry.path().string());
    }
    return files;
  }

  // RocksDB deletes files that nobody needs in the background, sometimes after the call that made
  // them superfluous has returned.
  absl::Status WaitUntilGone(const std::set<std::string>& old_files) {
    const absl::Time give_up = absl::Now() + kPurgePatience;
    while (true) {
      std::string left;
      for (const std::string& file : DataFiles()) {
        if (old_files.count(file) > 0) left = file;
      }
      if (left.empty()) return absl::OkStatus();
      if (absl::Now() > give_up) {
        return absl::DeadlineExceededError(
            absl::StrCat("removed keys may still stand in ", left, "; restart the service"));
      }
      // Switching deletion off and on makes RocksDB look for files that nobody needs.
      TANDEM_RETURN_IF_ERROR(ErrorOf(db_->DisableFileDeletions(), folder_));
      TANDEM_RETURN_IF_ERROR(ErrorOf(db_->EnableFileDeletions(/*force=*/true), folder_));
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  const std::string folder_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  absl::Mutex purge_mutex_;  // one purge at a time
  mutable absl::Mutex failure_mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(failure_mutex_);
};

absl::StatusOr<std::unique_ptr<KeyDatabase>> OpenIn(const std::string& folder, bool create) {
  const rocksdb::Options options = DatabaseOptions(create);
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status status =
      rocksdb::DB::Open(options, folder, Families(options), &handles, &db);
  TANDEM_RETURN_IF_ERROR(ErrorOf(status, folder));
  return std::make_unique<RocksKeyDatabase>(folder, db, std::move(handles));
}

}  // namespace

absl::Status KeyDatabase::Create(const std::string& folder, const std::vector<Change>& content) {
  const std::string draft = absl::StrCat(folder, ".new");
  std::error_code error;
  fs::remove_all(draft, error);  // what a start that was cut off left
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot remove ", draft));
  {
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<KeyDatabase> database, OpenIn(draft, true));
    TANDEM_RETURN_IF_ERROR(database->Apply(content));
  }
  fs::rename(draft, folder, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot rename ", draft));
  return SyncFolder(fs::path(folder).parent_path().string());
}

absl::StatusOr<std::unique_ptr<KeyDatabase>> KeyDatabase::Open(const std::string& folder) {
  return OpenIn(folder, false);
}

}  // namespace tandem::profiles
