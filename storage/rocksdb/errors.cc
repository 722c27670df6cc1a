#include "storage/rocksdb/errors.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tandem::storage {
namespace {

bool DiskFull(const rocksdb::Status& status) {
  return status.IsNoSpace() || absl::StrContains(status.ToString(), "No space left on device") ||
         absl::StrContains(status.ToString(), "File too large");
}

bool Forbidden(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return absl::StrContains(text, "Permission denied") ||
         absl::StrContains(text, "Read-only file system");
}

bool Missing(const rocksdb::Status& status) {
  return status.IsPathNotFound() || status.IsNotFound() ||
         absl::StrContains(status.ToString(), "No such file or directory");
}

// RocksDB's own lock, held by one of its tools, say.
bool Locked(const rocksdb::Status& status) {
  return status.IsIOError() && absl::StrContains(status.ToString(), "lock file") &&
         !Forbidden(status);
}

absl::Status FullError(absl::string_view path, const rocksdb::Status& status,
                       absl::string_view outcome) {
  return absl::ResourceExhaustedError(absl::StrCat("the disk that holds the store in ", path,
                                                   " is full (", status.ToString(),
                                                   "): free space on it, ", outcome));
}

absl::Status ForbiddenError(absl::string_view path, const rocksdb::Status& status) {
  return absl::PermissionDeniedError(
      absl::StrCat("the store in ", path, " cannot be used (", status.ToString(),
                   "): give this process's user the right to read and write that folder"));
}

}  // namespace

absl::Status DamagedError(absl::string_view path, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the store in ", path, " is damaged: ", what,
                   "; keep a copy of the folder, then restore the latest backup into it"));
}

absl::Status InUseError(absl::string_view path) {
  return absl::UnavailableError(
      absl::StrCat("the store in ", path,
                   " is in use by another process: stop that one first, or use another folder"));
}

absl::Status ReadError(absl::string_view path, const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (DiskFull(status)) return FullError(path, status, "then start again");
  if (Forbidden(status)) return ForbiddenError(path, status);
  if (Locked(status)) return InUseError(path);
  if (status.IsCorruption() || status.IsInvalidArgument() || Missing(status)) {
    // When a table is missing, RocksDB names it by the ending that tables had in its early days.
    return DamagedError(path, absl::StrReplaceAll(status.ToString(), {{".ldb:", ".sst:"}}));
  }
  return absl::UnavailableError(absl::StrCat("the store in ", path,
                                             " cannot be read: ", status.ToString(),
                                             "; check the disk, then start again"));
}

absl::Status WriteError(absl::string_view path, const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (DiskFull(status)) {
    return FullError(
        path, status,
        "then restart the process and ask for the request_id whether this was written");
  }
  if (status.IsCorruption()) return DamagedError(path, status.ToString());
  return absl::UnknownError(
      absl::StrCat("writing to the store in ", path, " failed: ", status.ToString(),
                   "; check the disk, restart the process and ask for the request_id whether this "
                   "was written"));
}

absl::Status CreateError(absl::string_view path, const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (DiskFull(status)) return FullError(path, status, "then start again");
  if (Forbidden(status)) return ForbiddenError(path, status);
  if (Locked(status)) return InUseError(path);
  return absl::UnavailableError(absl::StrCat("the store in ", path,
                                             " cannot be created: ", status.ToString(),
                                             "; check the path and the disk, then start again"));
}

}  // namespace tandem::storage
