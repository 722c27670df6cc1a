#include "services/tandemd/all_services.h"

#include <utility>

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/needs/needs_service.h"
#include "services/profiles/profiles_service.h"
#include "storage/open.h"
#include "storage/store.h"

namespace tandem::tandemd {

absl::StatusOr<std::unique_ptr<AllServices>> AllServices::Open(
    const std::string& folder, const std::string& reference_folder) {
  std::unique_ptr<AllServices> services(new AllServices);
  services->folder_ = folder;
  TANDEM_ASSIGN_OR_RETURN(services->reference_, common::ReferenceData::Load(reference_folder));

  access::AccessOptions access;
  TANDEM_ASSIGN_OR_RETURN(access.store, storage::Open("rocksdb:" + folder + "/access"));
  TANDEM_ASSIGN_OR_RETURN(services->access_, access::AccessService::Open(std::move(access)));

  matching::MatchingOptions matching;
  matching.reference_folder = reference_folder;
  matching.reference = services->reference_;
  TANDEM_ASSIGN_OR_RETURN(matching.store, storage::Open("rocksdb:" + folder + "/matching"));
  TANDEM_ASSIGN_OR_RETURN(services->matching_,
                          matching::MatchingService::Open(std::move(matching)));

  audit::AuditDependencies audit;
  TANDEM_ASSIGN_OR_RETURN(audit.store, storage::Open("rocksdb:" + folder + "/audit"));
  TANDEM_ASSIGN_OR_RETURN(services->audit_, audit::AuditService::Open(std::move(audit)));
  return services;
}

AllServices::~AllServices() { Stop(); }

absl::Status AllServices::Register(common::MethodRegistry& registry) {
  TANDEM_ASSIGN_OR_RETURN(auto profiles, profiles::OpenProfiles(folder_ + "/profiles", reference_));
  TANDEM_RETURN_IF_ERROR(profiles::RegisterProfilesService(registry, std::move(profiles)));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<storage::Store> needs,
                          storage::Open("rocksdb:" + folder_ + "/needs"));
  TANDEM_RETURN_IF_ERROR(
      needs::RegisterNeedsService(registry, std::move(needs), reference_, helped_));
  access_->Register(registry);
  matching_->Register(registry);
  audit_->Register(registry);
  return absl::OkStatus();
}

void AllServices::Follow(const std::shared_ptr<grpc::Channel>& channel) {
  access_->CheckSubjectsAt(channel);
  helped_->AskAt(channel);
  matching_->Follow(channel, channel);
  audit_->Follow({channel, channel, channel, channel});
}

absl::Status AllServices::Ready() const { return matching_->Ready(); }

void AllServices::Stop() {
  // Open() may have failed half-way.
  if (matching_ != nullptr) matching_->Stop();
  if (audit_ != nullptr) audit_->Stop();
}

}  // namespace tandem::tandemd
