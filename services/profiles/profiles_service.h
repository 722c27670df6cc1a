// The roster: mentors and organisations, behind tandem.profiles.v1.ProfilesService.
//
//   absl::StatusOr<ProfilesDependencies> dependencies =
//       OpenProfiles("/var/lib/tandem/profiles", reference);
//   TANDEM_RETURN_IF_ERROR(RegisterProfilesService(registry, *std::move(dependencies)));
#ifndef SERVICES_PROFILES_PROFILES_SERVICE_H_
#define SERVICES_PROFILES_PROFILES_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/profiles/identity/key_store.h"
#include "storage/store.h"

namespace tandem::profiles {

struct ProfilesDependencies {
  std::shared_ptr<storage::Store> records;  // the pseudonymous records, the sealed ones, the feed
  std::shared_ptr<KeyStore> keys;           // the keys of persons
  std::shared_ptr<const common::ReferenceData> reference;
  std::function<absl::Time()> now = absl::Now;
};

// Opens the databases in `folder` ("records" and "keys" within), or makes them. The errors of
// storage::Open and KeyStore::Open, which name the file and what to do.
absl::StatusOr<ProfilesDependencies> OpenProfiles(
    const std::string& folder, std::shared_ptr<const common::ReferenceData> reference);

// Adds the methods to `registry`, which keeps what they need. First brings the records in line with
// the key store's list of erasures. FAILED_PRECONDITION when the records belong to another key
// store: restore the pair.
absl::Status RegisterProfilesService(common::MethodRegistry& registry,
                                     ProfilesDependencies dependencies);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_PROFILES_SERVICE_H_
