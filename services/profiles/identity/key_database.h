// A small durable table store whose removed values are gone from the disk, not only from view.
//
// A log-structured database keeps a deleted value in its files until chance compacts it away. Where
// forgetting is the purpose that is not good enough: PurgeRemoved() returns when no file of the
// folder holds a byte of a value that was removed before. (What a file system or a disk keeps of
// deleted files is outside its reach; an encrypted volume covers that.)
//
// Thread-safe. After a failed write the database refuses further ones until it is opened again.
#ifndef SERVICES_PROFILES_IDENTITY_KEY_DATABASE_H_
#define SERVICES_PROFILES_IDENTITY_KEY_DATABASE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::profiles {

class KeyDatabase {
 public:
  enum class Table { kMeta = 0, kKeys = 1, kErased = 2 };

  // A write, or a removal where there is no value.
  struct Change {
    Table table = Table::kMeta;
    std::string key;
    std::optional<std::string> value;
  };

  // Makes a database in `folder`, which must not exist, with `content`. As a whole: a process that
  // ends half-way leaves no `folder`.
  static absl::Status Create(const std::string& folder, const std::vector<Change>& content);

  // Opens the database in `folder`; never makes one. Errors name the folder and what to do:
  // UNAVAILABLE (in use by another process), DATA_LOSS (damaged or missing files),
  // PERMISSION_DENIED, RESOURCE_EXHAUSTED (disk full).
  static absl::StatusOr<std::unique_ptr<KeyDatabase>> Open(const std::string& folder);

  virtual ~KeyDatabase() = default;

  // Makes all changes durable together, or none.
  virtual absl::Status Apply(const std::vector<Change>& changes) = 0;

  virtual absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                         absl::string_view key) const = 0;

  // Calls `visit(key, value)` for each entry in the order of the keys.
  virtual absl::Status Scan(
      Table table, absl::FunctionRef<void(absl::string_view, absl::string_view)> visit) const = 0;

  // Takes time in proportion to the whole database (about 0.1 s per 100,000 keys).
  // DEADLINE_EXCEEDED when old files are still there after half a minute: the values are removed
  // but may be readable in the files that the message names.
  virtual absl::Status PurgeRemoved() = 0;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_KEY_DATABASE_H_
