// What a file system holds, twice: as programs see it, and as a power cut would leave it. A cut
// drops what was not synced, as disks do:
//   file contents      up to the last sync for sure; of later appended bytes any part of the
//                      beginning, its last sector perhaps garbage; of later overwritten sectors
//                      each old, new, or half of both
//   names in a folder  changes (create, rename, delete) are kept up to the last sync of a folder
//   for
//                      sure, and of the later ones any number from the first on (a journal)
// Folders themselves are durable at once.
//
// Thread safety: all methods from any thread.
#ifndef STORAGE_TESTING_SIMULATED_DISK_H_
#define STORAGE_TESTING_SIMULATED_DISK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace tandem::storage {

class SimulatedDisk {
 public:
  // A file stays usable through its handle after its name is gone. Guarded by the disk's mutex.
  struct File {
    std::string content;       // as programs see it
    std::string durable;       // as of the last sync
    bool overwritten = false;  // since the last sync, other than by appending
  };
  using Handle = std::shared_ptr<File>;

  enum class Outcome { kDone, kMissing, kPowerOff };

  // The power goes at the `operations`th change from now on (1: at the next one), which and all
  // later ones end with kPowerOff. 0: not at all.
  void CutPowerAfter(int64_t operations);
  bool power_is_off() const;

  // Leaves what `random` lets survive, and switches the power on again.
  void Restart(std::mt19937_64* random);

  Outcome Create(const std::string& path, Handle* file);  // empties an existing one
  Outcome Append(const Handle& file, absl::string_view bytes);
  Outcome Overwrite(const Handle& file, uint64_t offset, absl::string_view bytes);
  Outcome Truncate(const Handle& file, uint64_t size);
  Outcome Sync(const Handle& file);
  Outcome Rename(const std::string& from, const std::string& to);
  Outcome Delete(const std::string& path);
  Outcome SyncFolder(const std::string& path);
  void CreateFolder(const std::string& path);

  Handle Find(const std::string& path) const;
  bool FolderExists(const std::string& path) const;
  std::vector<std::string> Names(const std::string& folder) const;
  uint64_t Size(const Handle& file) const;
  std::string Read(const Handle& file, uint64_t offset, size_t size) const;

  // Two locks of the same path exclude each other until Unlock() or Restart().
  bool Lock(const std::string& path);
  void Unlock(const std::string& path);

 private:
  using NameTable = std::map<std::string, Handle>;
  // One change of names: `file` (null: none) stands at `path` from then on.
  struct NameChange {
    std::vector<std::pair<std::string, Handle>> names;  // happen together
  };

  bool Tick() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);  // false: the power is off
  void Change(NameChange change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void Apply(const NameChange& change, NameTable* names);
  static std::string Survivor(const std::string& path, const File& file, std::mt19937_64* random);

  mutable absl::Mutex mutex_;
  NameTable names_ ABSL_GUARDED_BY(mutex_);
  NameTable durable_names_ ABSL_GUARDED_BY(mutex_);
  std::vector<NameChange> pending_ ABSL_GUARDED_BY(mutex_);  // names_ - durable_names_
  std::set<std::string> folders_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> locks_ ABSL_GUARDED_BY(mutex_);
  int64_t operations_left_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: no cut is planned
  bool power_off_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_SIMULATED_DISK_H_
