// The access service: access tokens of people, and invitations to get one, in a store of its own.
// See protos/tandem/access/v1/access_service.proto for what each method does.
//
//   TANDEM_ASSIGN_OR_RETURN(auto access, AccessService::Open({store}));
//   access->Register(*registry);
//
// Thread-safe once registered.
#ifndef SERVICES_ACCESS_ACCESS_SERVICE_H_
#define SERVICES_ACCESS_ACCESS_SERVICE_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/method_registry.h"
#include "storage/store.h"

namespace tandem::access {

struct AccessTables;

struct AccessOptions {
  std::shared_ptr<storage::Store> store;  // the service's own
  std::function<absl::Time()> now = absl::Now;
};

class AccessService {
 public:
  // Errors: those of ResourceStore::Open.
  static absl::StatusOr<std::unique_ptr<AccessService>> Open(AccessOptions options);

  // Adds all methods of tandem.access.v1.AccessService.
  void Register(common::MethodRegistry& registry);

  // Knows who calls with a token of this service; for ServerOptions::authenticators.
  std::shared_ptr<const common::Authenticator> authenticator() const;

 private:
  explicit AccessService(std::shared_ptr<AccessTables> tables) : tables_(std::move(tables)) {}

  const std::shared_ptr<AccessTables> tables_;
};

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_ACCESS_SERVICE_H_
