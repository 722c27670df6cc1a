#include "services/audit/audit_service.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/audit/entry_listing.h"
#include "services/common/errors.h"
#include "services/common/token_sealer.h"
#include "tandem/access/v1/access_service.grpc.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::audit {
namespace {

using common::CallContext;

constexpr absl::string_view kEntryNamePrefix = "auditEntries/";
// Of the key that page tokens and event cursors are sealed with.
constexpr char kTokenKeyKey[] = "meta/token-key";

// How a follower opens the feed of a service, by the stub that it holds.
template <typename Stub>
auto WatchThrough(std::unique_ptr<Stub> stub) {
  return [stub = std::shared_ptr<Stub>(std::move(stub))](
             grpc::ClientContext* context, const common::v1::WatchChangesRequest* request,
             grpc::ClientReadReactor<common::v1::WatchChangesResponse>* reader) {
    stub->async()->WatchChanges(context, request, reader);
  };
}

}  // namespace

AuditService::AuditService(std::unique_ptr<AuditLog> log, const std::string& token_key,
                           std::function<absl::Time()> now)
    : log_(std::move(log)),
      page_tokens_(common::HmacSha256(token_key, "page tokens"), std::move(now)),
      events_(&log_->store(), common::TokenSealer(common::HmacSha256(token_key, "event cursors")),
              MayLearnOf) {}

AuditService::~AuditService() { Stop(); }

absl::StatusOr<std::unique_ptr<AuditService>> AuditService::Open(AuditDependencies dependencies) {
  TANDEM_ASSIGN_OR_RETURN(const std::string token_key,
                          common::LoadOrMakeKey(*dependencies.store, kTokenKeyKey));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<AuditLog> log,
                          AuditLog::Open(std::move(dependencies.store), dependencies.now));
  return std::unique_ptr<AuditService>(
      new AuditService(std::move(log), token_key, std::move(dependencies.now)));
}

void AuditService::Register(common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetAuditEntryRequest, v1::AuditEntry>(
      "tandem.audit.v1.AuditService/GetAuditEntry",
      [this](const CallContext&, const v1::GetAuditEntryRequest& request) {
        return GetAuditEntry(request);
      });
  registry.AddUnary<v1::ListAuditEntriesRequest, v1::ListAuditEntriesResponse>(
      "tandem.audit.v1.AuditService/ListAuditEntries",
      [this](const CallContext& call, const v1::ListAuditEntriesRequest& request) {
        return ListAuditEntries(call, request);
      });
  registry.AddUnary<v1::GetAuditStatusRequest, v1::AuditStatus>(
      "tandem.audit.v1.AuditService/GetAuditStatus",
      [this](const CallContext&, const v1::GetAuditStatusRequest&) { return GetAuditStatus(); });
  events_.Register(registry);
}

void AuditService::Follow(const AuditSources& sources) {
  FollowStore("profiles", WatchThrough(profiles::v1::ProfilesService::NewStub(sources.profiles)));
  FollowStore("needs", WatchThrough(needs::v1::NeedsService::NewStub(sources.needs)));
  FollowStore("matching", WatchThrough(matching::v1::MatchingService::NewStub(sources.matching)));
  FollowStore("access", WatchThrough(access::v1::AccessService::NewStub(sources.access)));
}

void AuditService::FollowStore(const std::string& store_name, Follower::Open open) {
  common::FeedFollowerOptions options;
  options.actor = "tandem audit";
  options.start_after = log_->DurableRevision(store_name);
  auto follower = std::make_unique<Follower>(
      options, std::move(open), [this, store_name](const common::v1::WatchChangesResponse& step) {
        return log_->Enqueue(store_name, step.changes(), step.revision());
      });
  follower->Start();
  absl::MutexLock lock(&mutex_);
  followers_[store_name] = std::move(follower);
}

void AuditService::Stop() {
  std::map<std::string, std::unique_ptr<Follower>> followers;
  {
    absl::MutexLock lock(&mutex_);
    std::swap(followers, followers_);
  }
  for (const auto& [store_name, follower] : followers) follower->Stop();
}

absl::StatusOr<v1::AuditEntry> AuditService::GetAuditEntry(
    const v1::GetAuditEntryRequest& request) const {
  int64_t sequence = 0;
  absl::string_view number = request.name();
  if (!absl::ConsumePrefix(&number, kEntryNamePrefix) || !absl::SimpleAtoi(number, &sequence) ||
      sequence < 1 || number != absl::StrCat(sequence)) {
    return common::InvalidField("name", "is \"auditEntries/N\" with N from 1");
  }
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, log_->store().Latest());
  TANDEM_ASSIGN_OR_RETURN(const std::optional<storage::Record> record,
                          snapshot->Get(EntryKey(sequence)));
  if (!record.has_value()) return common::NotFound(request.name());
  return ParseEntry(*record);
}

absl::StatusOr<v1::ListAuditEntriesResponse> AuditService::ListAuditEntries(
    const CallContext& call, const v1::ListAuditEntriesRequest& request) const {
  return ListEntries(log_->store(), page_tokens_, call, request);
}

absl::StatusOr<v1::AuditStatus> AuditService::GetAuditStatus() const {
  v1::AuditStatus status;
  status.set_last_sequence(log_->last_sequence());
  const absl::Status health = log_->Health();
  absl::MutexLock lock(&mutex_);
  for (const auto& [store_name, follower] : followers_) {
    v1::FollowedStore* store = status.add_stores();
    store->set_store(store_name);
    store->set_revision(log_->DurableRevision(store_name));
    store->set_connected(follower->connected() && health.ok());
    const absl::Status error = health.ok() ? follower->last_error() : health;
    if (!store->connected()) store->set_last_error(std::string(error.message()));
  }
  return status;
}

}  // namespace tandem::audit
