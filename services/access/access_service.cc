#include "services/access/access_service.h"

#include <utility>

#include "base/status_macros.h"
#include "services/access/access_tables.h"
#include "services/access/first_admin.h"
#include "services/access/methods.h"
#include "services/access/token_authenticator.h"
#include "services/common/change_feed.h"
#include "services/common/resource_store.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::access {

using common::CallContext;
using common::v1::ListChangesRequest;
using common::v1::ListChangesResponse;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

absl::StatusOr<std::unique_ptr<AccessService>> AccessService::Open(AccessOptions options) {
  common::ResourceStoreOptions of_store;
  of_store.name = "access";
  of_store.now = std::move(options.now);
  TANDEM_ASSIGN_OR_RETURN(
      auto resources, common::ResourceStore::Open(std::move(options.store), std::move(of_store)));
  return std::unique_ptr<AccessService>(
      new AccessService(std::make_shared<AccessTables>(std::move(resources))));
}

std::shared_ptr<const common::Authenticator> AccessService::authenticator() const {
  return std::make_shared<TokenAuthenticator>(tables_);
}

absl::StatusOr<std::optional<v1::AccessToken>> AccessService::EnsureAdmin(const std::string& path) {
  return MakeFirstAdmin(*tables_, path);
}

void AccessService::CheckSubjectsAt(std::shared_ptr<grpc::Channel> profiles) {
  tables_->subjects.AskAt(std::move(profiles));
}

void AccessService::Register(common::MethodRegistry& registry) {
  AddTokenMethods(tables_, registry);
  AddInvitationMethods(tables_, registry);
  registry.AddUnary<ListChangesRequest, ListChangesResponse>(
      MethodName("ListChanges"),
      [tables = tables_](const CallContext&, const ListChangesRequest& request) {
        return common::ServeListChanges(*tables->store, request);
      });
  registry.AddServerStream<WatchChangesRequest, WatchChangesResponse>(
      MethodName("WatchChanges"),
      [tables = tables_](const CallContext& call, const WatchChangesRequest& request,
                         common::StreamWriter<WatchChangesResponse>& writer) {
        return common::ServeWatchChanges(*tables->store, call, request, writer);
      });
}

}  // namespace tandem::access
