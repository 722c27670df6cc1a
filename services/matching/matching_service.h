// The matching service: registers its methods, follows profiles and needs, and owns everything that
// its handlers use.
//
//   TANDEM_ASSIGN_OR_RETURN(auto service, MatchingService::Open({store, "", absl::Now}));
//   service->Register(*registry);
//   ... start the server ...
//   service->Follow(profiles_channel, needs_channel);  // may be the server's in-process channel
//   ... serve ...
//   service->Stop();    // before the server and the channels end
//
// The clock is only read where a call gives no time of decision, and to date what is recorded.
// Thread-safe.
#ifndef TANDEM_SERVICES_MATCHING_MATCHING_SERVICE_H_
#define TANDEM_SERVICES_MATCHING_MATCHING_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "storage/store.h"

namespace tandem::matching {

struct MatchingOptions {
  std::shared_ptr<storage::Store> store;
  // Folder of the reference data; empty: common::DefaultReferenceFolder().
  std::string reference_folder;
  // The reference data that policies are checked against; null: read from the folder.
  std::shared_ptr<const common::ReferenceData> reference;
  std::function<absl::Time()> now = absl::Now;
  // Cohorts that are solved at once.
  int max_runs = 2;
  // Told when the run of that name reaches a step ("reading", "solving", ...), on the run's thread,
  // which waits for its return. May be empty.
  std::function<void(absl::string_view run, absl::string_view step)> run_observer;
};

class MatchingService {
 public:
  // Ends the runs that a former process left under way. Errors: those of the store; of the
  // reference data, naming the file; NOT_FOUND without the system's time zones.
  static absl::StatusOr<std::unique_ptr<MatchingService>> Open(MatchingOptions options);

  virtual ~MatchingService() = default;

  // Adds every method of MatchingService and of google.longrunning.Operations. The service must
  // outlive the registry's server.
  virtual void Register(common::MethodRegistry& registry) = 0;

  // Begins to follow; call it once. Until the snapshots are in, decisions answer UNAVAILABLE.
  virtual void Follow(std::shared_ptr<grpc::Channel> profiles,
                      std::shared_ptr<grpc::Channel> needs) = 0;

  // Blocks until decisions are answered; false when `deadline` came first.
  virtual bool WaitUntilReady(absl::Time deadline) const = 0;

  // OK once decisions are answered; before, the error that they answer with.
  virtual absl::Status Ready() const = 0;

  // Stops following and ends the runs under way. Repeating it does nothing.
  virtual void Stop() = 0;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_MATCHING_SERVICE_H_
