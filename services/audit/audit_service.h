// The audit service: follows the change feed of every store into the log, and answers what
// auditors ask of it.
//
//   TANDEM_ASSIGN_OR_RETURN(auto audit, AuditService::Open({store}));
//   TANDEM_RETURN_IF_ERROR(audit->Register(*registry));
//   ... start the server ...
//   audit->Follow({profiles_channel, needs_channel, matching_channel, access_channel});
//
// It outlives the server that it is registered with, but for Stop(), which comes first.
#ifndef SERVICES_AUDIT_AUDIT_SERVICE_H_
#define SERVICES_AUDIT_AUDIT_SERVICE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/audit/audit_log.h"
#include "services/audit/events/events_service.h"
#include "services/common/call_context.h"
#include "services/common/feed_follower.h"
#include "services/common/method_registry.h"
#include "services/common/paging.h"
#include "storage/store.h"
#include "tandem/audit/v1/audit_service.pb.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::audit {

struct AuditDependencies {
  std::shared_ptr<storage::Store> store;
  std::function<absl::Time()> now = absl::Now;  // stamps record_time
};

// Where the followed services are.
struct AuditSources {
  std::shared_ptr<grpc::Channel> profiles;
  std::shared_ptr<grpc::Channel> needs;
  std::shared_ptr<grpc::Channel> matching;
  std::shared_ptr<grpc::Channel> access;
};

class AuditService {
 public:
  // Errors: those of AuditLog::Open.
  static absl::StatusOr<std::unique_ptr<AuditService>> Open(AuditDependencies dependencies);
  ~AuditService();
  AuditService(const AuditService&) = delete;
  AuditService& operator=(const AuditService&) = delete;

  // Adds the methods of tandem.audit.v1.AuditService and tandem.events.v1.EventsService.
  void Register(common::MethodRegistry& registry);

  // Begins to follow, each feed from where the log has it. Once.
  void Follow(const AuditSources& sources);
  // Ends following. Repeating it is fine.
  void Stop();

  const AuditLog& log() const { return *log_; }

 private:
  using Follower =
      common::FeedFollower<common::v1::WatchChangesRequest, common::v1::WatchChangesResponse>;

  AuditService(std::unique_ptr<AuditLog> log, const std::string& token_key,
               std::function<absl::Time()> now);
  void FollowStore(const std::string& store_name, Follower::Open open);

  absl::StatusOr<v1::AuditEntry> GetAuditEntry(const v1::GetAuditEntryRequest& request) const;
  absl::StatusOr<v1::ListAuditEntriesResponse> ListAuditEntries(
      const common::CallContext& call, const v1::ListAuditEntriesRequest& request) const;
  absl::StatusOr<v1::AuditStatus> GetAuditStatus() const;

  const std::unique_ptr<AuditLog> log_;
  const common::PageTokens page_tokens_;
  EventsService events_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<Follower>> followers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::audit

#endif  // SERVICES_AUDIT_AUDIT_SERVICE_H_
