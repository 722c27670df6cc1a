// The methods of tandem.matching.v1.MatchingService: each handler validates, fetches, decides and
// answers through the unit that the table in README.md names.
#ifndef TANDEM_SERVICES_MATCHING_HANDLERS_H_
#define TANDEM_SERVICES_MATCHING_HANDLERS_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "google/longrunning/operations.pb.h"
#include "grpcpp/channel.h"
#include "services/common/call_context.h"
#include "services/common/method_registry.h"
#include "services/common/stream_writer.h"
#include "services/matching/cohorts/cohort_question.h"
#include "services/matching/index/regions.h"
#include "services/matching/matches/decide_match.h"
#include "services/matching/operations/operations_service.h"
#include "services/matching/runs/cohort_solver.h"
#include "services/matching/runs/open_runs.h"
#include "services/matching/runs/rules_at_run.h"
#include "services/matching/runs/run_store.h"
#include "tandem/matching/v1/fairness.pb.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {

// What the handlers use; nothing is owned.
struct HandlerDependencies {
  DecisionSources sources;
  CohortTable* cohorts = nullptr;
  MatchTable* matches = nullptr;
  PolicyStore* policies = nullptr;
  RunStore* runs = nullptr;
  CohortSolver* solver = nullptr;
  MatchDecider* decider = nullptr;
  OperationsService* operations = nullptr;
  const Regions* regions = nullptr;
};

// Thread-safe.
class MatchingHandlers {
 public:
  explicit MatchingHandlers(const HandlerDependencies& dependencies) : deps_(dependencies) {}

  void Register(common::MethodRegistry& registry);

  // Where profiles and needs are read at past revisions.
  void SetChannels(std::shared_ptr<grpc::Channel> profiles, std::shared_ptr<grpc::Channel> needs);

 private:
  using CallContext = common::CallContext;

  void RegisterPolicies(common::MethodRegistry& registry);
  void RegisterCohorts(common::MethodRegistry& registry);
  void RegisterMatches(common::MethodRegistry& registry);
  void RegisterFeed(common::MethodRegistry& registry);

  // Answers a question once the index has seen what it asks to be seen.
  template <typename Request, typename Response>
  absl::StatusOr<Response> OnceSeen(const CallContext& call, const Request& request,
                                    absl::StatusOr<Response> (*answer)(const DecisionSources&,
                                                                       const Request&)) const;

  absl::StatusOr<v1::Policy> GetPolicy(const v1::GetPolicyRequest& request) const;
  absl::StatusOr<v1::ListCohortsResponse> ListCohorts(const CallContext& call,
                                                      const v1::ListCohortsRequest& request) const;
  absl::StatusOr<v1::ListMatchesResponse> ListMatches(const CallContext& call,
                                                      const v1::ListMatchesRequest& request) const;
  absl::StatusOr<google::longrunning::Operation> SolveCohort(
      const CallContext& call, const v1::SolveCohortRequest& request) const;
  absl::StatusOr<v1::CohortRun> GetCohortRun(const v1::GetCohortRunRequest& request) const;
  absl::Status ExportCohortRun(const v1::ExportCohortRunRequest& request,
                               common::StreamWriter<v1::ExportCohortRunResponse>& writer) const;
  absl::StatusOr<v1::ExplainWhyNotResponse> ExplainWhyNot(
      const CallContext& call, const v1::ExplainWhyNotRequest& request) const;
  absl::Status AddFailedRules(const CallContext& call, const v1::CohortRun& run,
                              v1::ExplainWhyNotResponse* response) const;

  absl::StatusOr<v1::ReportFairnessResponse> ReportFairness(
      const CallContext& call, const v1::ReportFairnessRequest& request) const;

  // Two runs are asked about side by side when they are compared.
  static constexpr int kOpenRuns = 2;
  static constexpr int64_t kOpenPairs = 2'000'000;

  const HandlerDependencies deps_;
  mutable OpenRuns open_runs_{kOpenRuns, kOpenPairs};
  mutable absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> profiles_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::Channel> needs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_HANDLERS_H_
