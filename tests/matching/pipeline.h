// Profiles, needs and matching in one process on real RocksDB, called over real gRPC, with a small
// programme to match: what the tests of matching as a whole stand on.
#ifndef TANDEM_TESTS_MATCHING_PIPELINE_H_
#define TANDEM_TESTS_MATCHING_PIPELINE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/temp_dir.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "services/common/reference_data.h"
#include "services/common/server.h"
#include "services/matching/matching_service.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::tests {

// Longer than anything takes: only a hang reaches it.
constexpr absl::Duration kHangGuard = absl::Minutes(3);

// A mentor as the tests want one; everything else fits every need.
struct MentorSketch {
  std::string id;  // external id
  int level = 4;   // in the topic that the needs ask for
  int hours_per_month = 20;
  int max_engagements = 3;
  std::string spoken = "C1";  // in French, which the needs ask for at B2
};

// A request of one role ("lead").
struct RequestSketch {
  std::string id;  // external id
  int hours_per_month = 8;
  int min_level = 2;
  int min_mentors = 0;
  int organisation = 0;           // whose: the first standards body, or the second
  std::string min_spoken = "B2";  // in French
  int last_month = 3;             // of 2027, from January on
};

// Not thread-safe, but for the stubs.
class Pipeline {
 public:
  Pipeline();
  ~Pipeline();

  // Starts the services on the folder; the time is 2026-12-01 09:00 UTC until it is set.
  void Start();
  void SetNow(absl::CivilSecond utc);
  // Stops them as a kill would leave them: runs under way are not recorded.
  void Stop();

  profiles::v1::ProfilesService::Stub& profiles() { return *profiles_; }
  needs::v1::NeedsService::Stub& needs() { return *needs_; }
  matching::v1::MatchingService::Stub& matching() { return *matching_; }
  google::longrunning::Operations::Stub& operations() { return *operations_; }

  // Who calls.
  std::string actor = "tester";

  // Held by the run's thread at each step; set it before a run starts.
  std::function<void(absl::string_view run, absl::string_view step)> run_observer;

  // Calls a method of a stub as `actor` in a role; a time limit guards against hangs.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
      const Request& request, common::v1::Role role = common::v1::ROLE_ADMIN) {
    grpc::ClientContext context;
    Prepare(role, &context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return ToAbsl(status);
    return response;
  }

  // Writes what every test needs: programme, two standards bodies, and the policy in force.
  void AddBasics();
  // Return the resource's name.
  std::string AddMentor(const MentorSketch& sketch);
  std::string AddRequest(const RequestSketch& sketch);
  std::string AddCohort(const std::string& policy = "");
  // `more` is merged into the policy, as protobuf text.
  std::string AddPolicy(int expertise_weight, int interpreter_cost, bool publish,
                        const std::string& more = "");

  // Waits until matching has taken in everything that was written so far.
  void WaitUntilSeen();
  // Lets `request` ask for coaching, of which the policy says nothing, and waits until matching has
  // taken that in.
  void AskForCoaching(const std::string& request);

  absl::StatusOr<matching::v1::RankMentorsResponse> Rank(const std::string& need);
  absl::StatusOr<google::longrunning::Operation> StartSolving(const std::string& cohort,
                                                              const std::string& request_id = "");
  google::longrunning::Operation WaitFor(const std::string& operation);
  // Solves to the end and returns the run; fails the test when there is none.
  matching::v1::CohortRun Solve(const std::string& cohort);
  // Likewise, near the plan of an earlier run. Errors are those of the call.
  absl::StatusOr<matching::v1::CohortRun> SolveNear(const std::string& cohort,
                                                    const std::string& previous_run,
                                                    int64_t change_penalty_micropoints);
  absl::StatusOr<matching::v1::Match> Approve(const std::string& match);
  absl::StatusOr<matching::v1::Match> Reject(const std::string& match);
  matching::v1::Match GetMatch(const std::string& name);
  // The run's match of a need, or an empty one.
  matching::v1::Match MatchOf(const matching::v1::CohortRun& run, const std::string& need);

  const std::string& programme() const { return programme_; }

 private:
  void Prepare(common::v1::Role role, grpc::ClientContext* context) const;
  static absl::Status ToAbsl(const grpc::Status& status);
  std::string AddOrganisation(const std::string& external_id, const std::string& country,
                              const std::string& zone);

  base::TempDir folder_;
  std::atomic<int64_t> now_seconds_;
  std::shared_ptr<const common::ReferenceData> reference_;
  std::unique_ptr<matching::MatchingService> service_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<profiles::v1::ProfilesService::Stub> profiles_;
  std::unique_ptr<needs::v1::NeedsService::Stub> needs_;
  std::unique_ptr<matching::v1::MatchingService::Stub> matching_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
  std::string programme_;
  std::vector<std::string> organisations_;
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_MATCHING_PIPELINE_H_
