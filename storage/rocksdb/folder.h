// The folder of a RocksDB store and the three files that stand in it beside RocksDB's own. They
// make sure that a damaged store is never taken for an empty one:
//   TANDEM_LOCK   held while the store is open: one process at a time
//   TANDEM_STORE  written once, after the empty database was created and before its first commit
//   TANDEM_HEAD   the newest durable revision, rewritten after every group of commits, and synced
//                 when opening and closing: what was recorded here must be found again
//
// Thread safety: none; one thread at a time.
#ifndef STORAGE_ROCKSDB_FOLDER_H_
#define STORAGE_ROCKSDB_FOLDER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/file_system.h"
#include "storage/store.h"

namespace tandem::storage {

class Folder {
 public:
  // Creates the folder with its parents when missing, and takes the lock. UNAVAILABLE when it is
  // held, PERMISSION_DENIED, RESOURCE_EXHAUSTED.
  static absl::StatusOr<std::unique_ptr<Folder>> Lock(std::string path,
                                                      std::shared_ptr<rocksdb::FileSystem> files);
  ~Folder();

  const std::string& path() const { return path_; }

  // The identity of the store that is here, or std::nullopt when one may be created here: the
  // folder is empty, or was left so by an interrupted creation. DATA_LOSS when parts of a store are
  // missing; FAILED_PRECONDITION when the folder holds something else.
  absl::StatusOr<std::optional<std::string>> Inspect() const;

  // Writes the head file (revision 0), then the marker, and syncs both and the folder.
  absl::Status MarkCreated(absl::string_view identity);

  // The newest revision recorded for `identity`; 0 when nothing readable is recorded. DATA_LOSS
  // when the file is missing.
  absl::StatusOr<Revision> RecordedHead(absl::string_view identity) const;

  // Opens the head file for RecordHead().
  absl::Status StartRecording(absl::string_view identity);
  // Records `head`, which is durable. `sync`: durably.
  absl::Status RecordHead(Revision head, bool sync);

 private:
  Folder(std::string path, std::shared_ptr<rocksdb::FileSystem> files)
      : path_(std::move(path)), files_(std::move(files)) {}

  std::string File(absl::string_view name) const;
  absl::StatusOr<std::vector<std::string>> List() const;
  absl::StatusOr<std::string> Read(absl::string_view name, size_t limit) const;
  absl::Status Write(absl::string_view name, absl::string_view bytes);
  absl::Status SyncFolder();
  absl::Status InspectUnmarked(const std::vector<std::string>& names) const;

  const std::string path_;
  const std::shared_ptr<rocksdb::FileSystem> files_;
  rocksdb::FileLock* lock_ = nullptr;  // owned; released through files_
  std::string identity_;
  std::unique_ptr<rocksdb::FSRandomRWFile> head_file_;
  size_t next_slot_ = 0;
};

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_FOLDER_H_
