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
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/method_registry.h"
#include "storage/store.h"
#include "tandem/access/v1/access_token.pb.h"

namespace tandem::access {

struct AccessTables;

inline constexpr absl::Duration kFirstAdminLifetime = absl::Hours(7 * 24);

struct AccessOptions {
  std::shared_ptr<storage::Store> store;  // the service's own
  std::function<absl::Time()> now = absl::Now;
};

class AccessService {
 public:
  // Errors: those of ResourceStore::Open.
  static absl::StatusOr<std::unique_ptr<AccessService>> Open(AccessOptions options);

  // From now on the subjects of new credentials must exist in that profiles service. Once.
  void CheckSubjectsAt(std::shared_ptr<grpc::Channel> profiles);

  // Adds all methods of tandem.access.v1.AccessService.
  void Register(common::MethodRegistry& registry);

  // Where no token of the role admin is usable (neither revoked nor expired), makes one, good for
  // kFirstAdminLifetime, and writes its secret into a new file `path`, see base/secret_file.h.
  // Returns it; std::nullopt when there was one. ALREADY_EXISTS: the file exists. Errors of the
  // store leave neither token nor file. Call it before anybody is served.
  absl::StatusOr<std::optional<v1::AccessToken>> EnsureAdmin(const std::string& path);

  // Knows who calls with a token of this service; for ServerOptions::authenticators.
  std::shared_ptr<const common::Authenticator> authenticator() const;

 private:
  explicit AccessService(std::shared_ptr<AccessTables> tables) : tables_(std::move(tables)) {}

  const std::shared_ptr<AccessTables> tables_;
};

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_ACCESS_SERVICE_H_
