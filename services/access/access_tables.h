// The tables of the access service over one store, and where the digests of secrets stand beside
// them. Thread-safe.
#ifndef SERVICES_ACCESS_ACCESS_TABLES_H_
#define SERVICES_ACCESS_ACCESS_TABLES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "services/access/subjects.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "storage/store.h"
#include "tandem/access/v1/access_token.pb.h"
#include "tandem/access/v1/invitation.pb.h"

namespace tandem::access {

struct AccessTables {
  explicit AccessTables(std::unique_ptr<common::ResourceStore> resources);
  AccessTables(const AccessTables&) = delete;
  AccessTables& operator=(const AccessTables&) = delete;

  const std::unique_ptr<common::ResourceStore> store;
  common::ResourceTable<v1::AccessToken> tokens;
  common::ResourceTable<v1::Invitation> invitations;
  Subjects subjects;
};

// Key of the StoredSecrets of a token, "accessTokens/ID".
std::string SecretsKey(absl::string_view token);
// The names of all tokens, in order.
absl::StatusOr<std::vector<std::string>> AllTokens(const storage::Snapshot& snapshot);
// Key of the StoredCode of a code with this digest.
std::string CodeKey(absl::string_view digest);

// The value is a valid one, as stored or checked.
absl::Duration DurationOf(const google::protobuf::Duration& duration);

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_ACCESS_TABLES_H_
