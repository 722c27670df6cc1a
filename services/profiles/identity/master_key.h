// The file with the key that wraps every person's key (AES-256-GCM): 64 hexadecimal digits,
// readable by its owner only. A copy of the key database without this file gives nobody away; keep
// the two in separate backups. Somebody who can read both as the service does is not stopped by it.
#ifndef SERVICES_PROFILES_IDENTITY_MASTER_KEY_H_
#define SERVICES_PROFILES_IDENTITY_MASTER_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {

// Reads the key in `path`. Errors, each naming the file and what to do:
//   NOT_FOUND            there is no such file.
//   FAILED_PRECONDITION  others than the owner may read it.
//   PERMISSION_DENIED    this process may not read it.
//   DATA_LOSS            it does not hold a key.
absl::StatusOr<Secret> ReadMasterKey(const std::string& path);

// Makes the file with a new key, durably and as a whole. ALREADY_EXISTS when it is there; the
// errors of the file system else (RESOURCE_EXHAUSTED: disk full, PERMISSION_DENIED).
absl::StatusOr<Secret> CreateMasterKey(const std::string& path);

// Makes what was last created, renamed or removed in `folder` durable.
absl::Status SyncFolder(const std::string& folder);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_MASTER_KEY_H_
