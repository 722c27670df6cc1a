#include "storage/rocksdb/database.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/env.h"
#include "rocksdb/listener.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {
namespace {

class ErrorListener : public rocksdb::EventListener {
 public:
  ErrorListener(std::string path, std::function<void(absl::Status)> report)
      : path_(std::move(path)), report_(std::move(report)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* error) override {
    report_(WriteError(path_, *error));
  }

  // RocksDB 7.8 would go on by itself once there is space again.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*error*/,
                            bool* go_on) override {
    *go_on = false;
  }

 private:
  const std::string path_;
  const std::function<void(absl::Status)> report_;
};

// 128 random bits in hexadecimal: names a store, so that files of two stores are not mixed up.
std::string NewIdentity() {
  std::random_device random;
  std::string identity;
  for (int i = 0; i < 4; ++i) absl::StrAppend(&identity, absl::Hex(random(), absl::kZeroPad8));
  return identity;
}

std::shared_ptr<rocksdb::FileSystem> FilesOf(const RocksDbOptions& options) {
  return options.file_system != nullptr ? options.file_system : rocksdb::FileSystem::Default();
}

}  // namespace

Database::Database(std::unique_ptr<Folder> folder, const RocksDbOptions& options)
    : folder_(std::move(folder)),
      options_(options),
      env_(rocksdb::NewCompositeEnv(FilesOf(options))) {}

Database::~Database() { CloseDatabase(); }

void Database::CloseDatabase() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  families_.clear();
  // Everything acknowledged is synced already: an error here can lose nothing.
  db_->Close().PermitUncheckedError();
  db_.reset();
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    std::string path, const RocksDbOptions& options,
    std::function<void(absl::Status)> on_background_error) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Folder> folder,
                          Folder::Lock(std::move(path), FilesOf(options)));
  std::unique_ptr<Database> database(new Database(std::move(folder), options));
  TANDEM_RETURN_IF_ERROR(database->Start(std::move(on_background_error)));
  return database;
}

absl::Status Database::Start(std::function<void(absl::Status)> on_background_error) {
  TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> identity, folder_->Inspect());
  const bool created = identity.has_value();
  if (created) TANDEM_RETURN_IF_ERROR(CheckFirst(*identity));
  TANDEM_RETURN_IF_ERROR(OpenForWriting(!created, std::move(on_background_error)));
  if (!created) TANDEM_RETURN_IF_ERROR(Initialise());
  TANDEM_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Meta(format::kIdentityKey));
  const std::string owner = identity.value_or(stored.value_or(""));
  if (!created) TANDEM_RETURN_IF_ERROR(folder_->MarkCreated(owner));
  TANDEM_RETURN_IF_ERROR(LoadAndCheck(owner));
  TANDEM_RETURN_IF_ERROR(folder_->StartRecording(owner));
  return folder_->RecordHead(range_.head, /*sync=*/true);
}

absl::Status Database::CheckFirst(absl::string_view identity) {
  // Read-only, because opening for writing would put what is left of a damaged log into tables and
  // delete the log, and with it the chance of saving more.
  rocksdb::DBOptions options = DatabaseOptions(env_.get());
  rocksdb::DB* db = nullptr;
  TANDEM_RETURN_IF_ERROR(ReadError(
      path(),
      rocksdb::DB::OpenForReadOnly(options, path(), ColumnFamilies(options_), &families_, &db)));
  db_.reset(db);
  absl::Status status = LoadAndCheck(identity);
  CloseDatabase();
  return status;
}

absl::Status Database::OpenForWriting(bool may_create,
                                      std::function<void(absl::Status)> on_background_error) {
  rocksdb::DBOptions options = DatabaseOptions(env_.get());
  options.create_if_missing = may_create;
  options.create_missing_column_families = may_create;
  options.listeners.push_back(
      std::make_shared<ErrorListener>(path(), std::move(on_background_error)));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options, path(), ColumnFamilies(options_), &families_, &db);
  db_.reset(db);
  return may_create ? CreateError(path(), opened) : ReadError(path(), opened);
}

absl::Status Database::Initialise() {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<uint64_t> head, MetaNumber(format::kHeadKey));
  if (head.value_or(0) > 0) {
    return DamagedError(path(), absl::StrCat("file ", path(), "/", format::kMarkerFile,
                                             " is missing, but there are ", *head, " commits"));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::optional<uint64_t> version, MetaNumber(format::kFormatKey));
  if (version.has_value()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  batch.Put(meta(), format::kFormatKey, format::EncodeNumber(format::kFormatVersion));
  batch.Put(meta(), format::kIdentityKey, NewIdentity());
  batch.Put(meta(), format::kHeadKey, format::EncodeNumber(0));
  batch.Put(meta(), format::kOldestKey, format::EncodeNumber(0));
  return Write(&batch);
}

absl::Status Database::CheckFormat() const {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<uint64_t> version, MetaNumber(format::kFormatKey));
  if (!version.has_value()) return DamagedError(path(), "its format record is missing");
  if (*version == format::kFormatVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the store in ", path(), " has format ", *version, ", this program knows ",
                   format::kFormatVersion, ": use the version of Tandem that wrote it, or newer"));
}

absl::Status Database::LoadAndCheck(absl::string_view identity) {
  TANDEM_RETURN_IF_ERROR(CheckFormat());
  TANDEM_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Meta(format::kIdentityKey));
  if (!stored.has_value() || *stored != identity) {
    return DamagedError(path(), absl::StrCat("file ", path(), "/", format::kMarkerFile,
                                             " belongs to another store than the database"));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::optional<uint64_t> head, MetaNumber(format::kHeadKey));
  TANDEM_ASSIGN_OR_RETURN(const std::optional<uint64_t> oldest, MetaNumber(format::kOldestKey));
  if (!head.has_value() || !oldest.has_value() || *oldest > *head) {
    return DamagedError(path(), "its records of the newest and the oldest revision do not agree");
  }
  range_ = {static_cast<Revision>(*oldest), static_cast<Revision>(*head)};
  TANDEM_ASSIGN_OR_RETURN(const Revision newest, NewestInFeed());
  if (newest != range_.head && !(newest == 0 && range_.oldest == range_.head)) {
    return DamagedError(path(), absl::StrCat("its feed ends at revision ", newest,
                                             ", its newest revision is ", range_.head));
  }
  TANDEM_ASSIGN_OR_RETURN(const Revision recorded, folder_->RecordedHead(identity));
  if (recorded <= range_.head) return absl::OkStatus();
  return DamagedError(
      path(), absl::StrCat("revision ", recorded, " was committed (", path(), "/",
                           format::kHeadFile, "), but the database ends at revision ", range_.head,
                           ": the end of its log (*.log) is gone"));
}

absl::StatusOr<std::optional<std::string>> Database::Meta(absl::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), meta(), rocksdb::Slice(key.data(), key.size()), &value);
  if (status.IsNotFound()) return std::nullopt;
  TANDEM_RETURN_IF_ERROR(ReadError(path(), status));
  return value;
}

absl::StatusOr<std::optional<uint64_t>> Database::MetaNumber(absl::string_view key) const {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<std::string> value, Meta(key));
  if (!value.has_value()) return std::nullopt;
  const std::optional<uint64_t> number = format::DecodeNumber(*value);
  if (!number.has_value()) {
    return DamagedError(path(), absl::StrCat("its record \"", key, "\" is not a number"));
  }
  return number;
}

absl::StatusOr<Revision> Database::NewestInFeed() const {
  std::unique_ptr<rocksdb::Iterator> last(db_->NewIterator(rocksdb::ReadOptions(), feed()));
  last->SeekToLast();
  TANDEM_RETURN_IF_ERROR(ReadError(path(), last->status()));
  if (!last->Valid()) return 0;
  const std::optional<uint64_t> revision =
      format::DecodeNumber(absl::string_view(last->key().data(), last->key().size()));
  if (!revision.has_value()) return DamagedError(path(), "a key of its feed is not a revision");
  return static_cast<Revision>(*revision);
}

absl::Status Database::Write(rocksdb::WriteBatch* batch) {
  rocksdb::WriteOptions options;
  options.sync = !options_.unsafe_no_sync;
  return WriteError(path(), db_->Write(options, batch));
}

}  // namespace tandem::storage
