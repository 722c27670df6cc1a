#include "services/profiles/profiles_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/profiles/handlers.h"
#include "services/profiles/identity/keyed_digest.h"
#include "storage/cancellation.h"
#include "storage/open.h"

namespace tandem::profiles {

namespace {

using common::CallContext;
using common::MethodRegistry;
using common::StreamWriter;
namespace changes = tandem::common::v1;

// Names the key store that holds the keys of the records.
constexpr char kKeyStoreKey[] = "profiles/key_store";

// Records of persons whose keys are elsewhere, or nowhere, would read as damaged one by one. So the
// records remember their key store, from the first start on.
absl::Status BindKeyStore(storage::Store& records, const KeyStore& keys) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<storage::Snapshot> snapshot, records.Latest());
  TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> bound, snapshot->Get(kKeyStoreKey));
  if (!bound.has_value()) {
    storage::Commit commit;
    commit.expectations = {{kKeyStoreKey, 0}};
    commit.mutations = {{kKeyStoreKey, keys.id()}};
    return records.Apply(std::move(commit)).status();
  }
  if (bound->value == keys.id()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the records of profiles belong to the key store ", bound->value, ", but the one opened is ",
      keys.id(), "; restore the key store's folder from its own backup"));
}

// What the service does by itself when it starts.
CallContext StartingCall(absl::Time now, storage::Cancellation* cancellation) {
  common::Call call;
  call.principal = {"tandem: start of the profiles service", changes::ROLE_SERVICE};
  call.method = "tandem.profiles.v1.ProfilesService/Start";
  call.received_at = now;
  return CallContext(std::move(call), cancellation);
}

// Adds methods by name; the handlers share ownership of `handlers`.
class Adder {
 public:
  Adder(MethodRegistry& registry, std::shared_ptr<Handlers> handlers)
      : registry_(registry), handlers_(std::move(handlers)) {}

  template <typename Request, typename Response>
  void Unary(const char* name, absl::StatusOr<Response> (Handlers::*method)(const CallContext&,
                                                                            const Request&)) const {
    registry_.AddUnary<Request, Response>(
        FullName(name),
        [handlers = handlers_, method](const CallContext& call, const Request& request) {
          return (handlers.get()->*method)(call, request);
        });
  }

  template <typename Request, typename Response>
  void Stream(const char* name, absl::Status (Handlers::*method)(const CallContext&, const Request&,
                                                                 StreamWriter<Response>&)) const {
    registry_.AddServerStream<Request, Response>(
        FullName(name),
        [handlers = handlers_, method](const CallContext& call, const Request& request,
                                       StreamWriter<Response>& writer) {
          return (handlers.get()->*method)(call, request, writer);
        });
  }

 private:
  static std::string FullName(const char* name) {
    return absl::StrCat("tandem.profiles.v1.ProfilesService/", name);
  }

  MethodRegistry& registry_;
  const std::shared_ptr<Handlers> handlers_;
};

void AddMethods(const Adder& add) {
  add.Unary("CreateMentor", &Handlers::CreateMentor);
  add.Unary("GetMentor", &Handlers::GetMentor);
  add.Unary("BatchGetMentors", &Handlers::BatchGetMentors);
  add.Unary("UpdateMentor", &Handlers::UpdateMentor);
  add.Unary("UpsertMentor", &Handlers::UpsertMentor);
  add.Unary("BatchUpsertMentors", &Handlers::BatchUpsertMentors);
  add.Unary("ListMentors", &Handlers::ListMentors);
  add.Unary("DeactivateMentor", &Handlers::DeactivateMentor);
  add.Unary("ReactivateMentor", &Handlers::ReactivateMentor);
  add.Unary("ListMentorRevisions", &Handlers::ListMentorRevisions);
  add.Unary("ConfirmMentor", &Handlers::ConfirmMentor);
  add.Unary("EraseMentor", &Handlers::EraseMentor);
  add.Unary("ReapplyErasures", &Handlers::ReapplyErasures);
  add.Unary("CreateOrganisation", &Handlers::CreateOrganisation);
  add.Unary("GetOrganisation", &Handlers::GetOrganisation);
  add.Unary("BatchGetOrganisations", &Handlers::BatchGetOrganisations);
  add.Unary("UpdateOrganisation", &Handlers::UpdateOrganisation);
  add.Unary("UpsertOrganisation", &Handlers::UpsertOrganisation);
  add.Unary("BatchUpsertOrganisations", &Handlers::BatchUpsertOrganisations);
  add.Unary("ListOrganisations", &Handlers::ListOrganisations);
  add.Unary("DeactivateOrganisation", &Handlers::DeactivateOrganisation);
  add.Unary("ReactivateOrganisation", &Handlers::ReactivateOrganisation);
  add.Unary("ListOrganisationRevisions", &Handlers::ListOrganisationRevisions);
  add.Unary("EraseContact", &Handlers::EraseContact);
  add.Stream("WatchMentors", &Handlers::WatchMentors);
  add.Stream("WatchOrganisations", &Handlers::WatchOrganisations);
  add.Unary("ListChanges", &Handlers::ListChanges);
  add.Stream("WatchChanges", &Handlers::WatchChanges);
}

}  // namespace

absl::StatusOr<ProfilesDependencies> OpenProfiles(
    const std::string& folder, std::shared_ptr<const common::ReferenceData> reference) {
  ProfilesDependencies dependencies;
  TANDEM_ASSIGN_OR_RETURN(dependencies.records,
                          storage::Open(absl::StrCat("rocksdb:", folder, "/records")));
  TANDEM_ASSIGN_OR_RETURN(dependencies.keys, KeyStore::Open(absl::StrCat(folder, "/keys")));
  dependencies.reference = std::move(reference);
  return dependencies;
}

absl::Status RegisterProfilesService(MethodRegistry& registry, ProfilesDependencies dependencies) {
  TANDEM_RETURN_IF_ERROR(BindKeyStore(*dependencies.records, *dependencies.keys));
  common::ResourceStoreOptions options;
  options.name = "profiles";
  options.digest_key = KeyedDigest(dependencies.keys->digest_secret()).Digest("requests", "");
  options.now = dependencies.now;
  TANDEM_ASSIGN_OR_RETURN(
      std::unique_ptr<common::ResourceStore> resources,
      common::ResourceStore::Open(std::move(dependencies.records), std::move(options)));
  TANDEM_RETURN_IF_ERROR(resources->ForgetOldAnswers().status());
  auto handlers = std::make_shared<Handlers>(std::move(resources), std::move(dependencies.keys),
                                             std::move(dependencies.reference));
  storage::Cancellation cancellation;
  const CallContext call = StartingCall(dependencies.now(), &cancellation);
  TANDEM_RETURN_IF_ERROR(handlers->ReapplyErasures(call, {}).status());
  AddMethods(Adder(registry, std::move(handlers)));
  return absl::OkStatus();
}

}  // namespace tandem::profiles
