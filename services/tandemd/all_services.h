// Every service of Tandem in one process, on databases below one folder: profiles, needs,
// matching, access and audit, which talk to each other through the server's in-process channel.
//
//   TANDEM_ASSIGN_OR_RETURN(auto services, AllServices::Open(folder, ""));
//   auto registry = std::make_unique<common::MethodRegistry>();
//   TANDEM_RETURN_IF_ERROR(services->Register(*registry));
//   ... start the server ...
//   services->Follow(server->InProcessChannel());
//   ... serve ...
//   services->Stop();  // before the server ends
//
// It outlives the server. Not thread-safe: one thread starts and stops it.
#ifndef SERVICES_TANDEMD_ALL_SERVICES_H_
#define SERVICES_TANDEMD_ALL_SERVICES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "services/access/access_service.h"
#include "services/audit/audit_service.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/matching/matching_service.h"
#include "services/needs/helped_organisations.h"

namespace tandem::tandemd {

class AllServices {
 public:
  // Opens or makes the databases "profiles", "needs", "matching", "access" and "audit" below
  // `folder`. An empty `reference_folder` takes the one of this checkout. The errors of
  // storage::Open and ReferenceData::Load, which name the file and what to do.
  static absl::StatusOr<std::unique_ptr<AllServices>> Open(const std::string& folder,
                                                           const std::string& reference_folder);
  // Stop()s.
  ~AllServices();

  access::AccessService& access() { return *access_; }
  // Who the people are that call with access tokens; for ServerOptions::authenticators.
  std::shared_ptr<const common::Authenticator> authenticator() const {
    return access_->authenticator();
  }
  absl::Status Register(common::MethodRegistry& registry);
  // Matching and audit begin to follow the others through `channel`, access and needs to ask them.
  // Once.
  void Follow(const std::shared_ptr<grpc::Channel>& channel);
  // OK once decisions are answered; until then UNAVAILABLE, saying what is still being read.
  absl::Status Ready() const;
  void Stop();

 private:
  AllServices() = default;

  std::string folder_;
  std::shared_ptr<const common::ReferenceData> reference_;
  const std::shared_ptr<needs::HelpedOrganisations> helped_ =
      std::make_shared<needs::HelpedOrganisations>();
  std::unique_ptr<access::AccessService> access_;
  std::unique_ptr<matching::MatchingService> matching_;
  std::unique_ptr<audit::AuditService> audit_;
};

}  // namespace tandem::tandemd

#endif  // SERVICES_TANDEMD_ALL_SERVICES_H_
