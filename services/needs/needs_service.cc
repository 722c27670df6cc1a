#include "services/needs/needs_service.h"

#include <utility>

#include "base/status_macros.h"
#include "services/common/change_feed.h"
#include "services/common/resource_store.h"
#include "services/needs/methods.h"
#include "services/needs/needs_tables.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::needs {

using common::CallContext;

void AddFeedMethods(const std::shared_ptr<NeedsTables>& tables, common::MethodRegistry& registry) {
  using tandem::common::v1::ListChangesRequest;
  using tandem::common::v1::ListChangesResponse;
  using tandem::common::v1::WatchChangesRequest;
  using tandem::common::v1::WatchChangesResponse;
  registry.AddUnary<ListChangesRequest, ListChangesResponse>(
      MethodName("ListChanges"), [tables](const CallContext&, const ListChangesRequest& request) {
        return common::ServeListChanges(*tables->store, request);
      });
  registry.AddServerStream<WatchChangesRequest, WatchChangesResponse>(
      MethodName("WatchChanges"),
      [tables](const CallContext& call, const WatchChangesRequest& request,
               common::StreamWriter<WatchChangesResponse>& writer) {
        return common::ServeWatchChanges(*tables->store, call, request, writer);
      });
}

absl::Status RegisterNeedsService(common::MethodRegistry& registry,
                                  std::shared_ptr<storage::Store> store,
                                  std::shared_ptr<const common::ReferenceData> reference,
                                  std::shared_ptr<HelpedOrganisations> helped) {
  common::ResourceStoreOptions options;
  options.name = "needs";
  TANDEM_ASSIGN_OR_RETURN(auto resources,
                          common::ResourceStore::Open(std::move(store), std::move(options)));
  if (helped == nullptr) helped = std::make_shared<HelpedOrganisations>();
  const auto tables = std::make_shared<NeedsTables>(std::move(resources), reference, helped);
  AddProgrammeMethods(tables, registry);
  AddAssessmentMethods(tables, registry);
  AddEngagementRequestMethods(tables, registry);
  AddFeedMethods(tables, registry);
  registry.AddOwners("assessments", [tables](absl::string_view name) {
    return tables->assessments.OwnersOf(name);
  });
  registry.AddOwners("engagementRequests",
                     [tables](absl::string_view name) { return tables->requests.OwnersOf(name); });
  return absl::OkStatus();
}

}  // namespace tandem::needs
