#include "services/matching/handlers.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "services/common/change_feed.h"
#include "services/common/errors.h"
#include "services/common/responses.h"
#include "services/common/validation.h"
#include "services/matching/cohorts/compare_policies.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/rules/words.h"
#include "services/matching/index/await_seen.h"
#include "services/matching/index/need_facts.h"
#include "services/matching/ranking/rank_mentors.h"
#include "services/matching/runs/fairness_answer.h"
#include "services/matching/runs/recorded_problem.h"
#include "services/matching/runs/replay.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::matching {
namespace {

using ::tandem::common::MethodRegistry;

std::string MethodName(absl::string_view method) {
  return absl::StrCat("tandem.matching.v1.MatchingService/", method);
}

// The need of the run that is meant: the role may be left out where a request has one only.
absl::StatusOr<std::string> FullNeedName(const RecordedRun& recorded, const std::string& need) {
  std::vector<std::string> roles;
  for (const engine::AssignmentNeed& candidate : recorded.problem.needs) {
    if (candidate.id == need) return need;
    if (RequestOfNeed(candidate.id) == need) roles.push_back(candidate.id);
  }
  if (roles.size() == 1) return roles.front();
  if (roles.empty()) return common::NotFound(need);
  return common::InvalidField("need", absl::StrCat("names a request of several roles: name one of ",
                                                   absl::StrJoin(roles, ", ")));
}

}  // namespace

void MatchingHandlers::SetChannels(std::shared_ptr<grpc::Channel> profiles,
                                   std::shared_ptr<grpc::Channel> needs) {
  absl::MutexLock lock(&mutex_);
  profiles_ = std::move(profiles);
  needs_ = std::move(needs);
}

absl::StatusOr<v1::Policy> MatchingHandlers::GetPolicy(const v1::GetPolicyRequest& request) const {
  if (request.name().empty()) {
    return common::InvalidField("name", "is required: \"policies/POLICY/versions/N\"");
  }
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, deps_.sources.resources->SnapshotAt(0));
  absl::StatusOr<v1::Policy> policy =
      deps_.policies->Find(*snapshot, request.name(), deps_.sources.resources->Now());
  if (absl::IsFailedPrecondition(policy.status())) return common::NotFound(request.name());
  return policy;
}

absl::StatusOr<v1::ListCohortsResponse> MatchingHandlers::ListCohorts(
    const CallContext& call, const v1::ListCohortsRequest& request) const {
  return common::HistoryResponseOf(deps_.cohorts->List(call, common::ListQueryOf(request)),
                                   &v1::ListCohortsResponse::mutable_cohorts);
}

absl::StatusOr<v1::ListMatchesResponse> MatchingHandlers::ListMatches(
    const CallContext& call, const v1::ListMatchesRequest& request) const {
  return common::HistoryResponseOf(deps_.matches->List(call, common::ListQueryOf(request)),
                                   &v1::ListMatchesResponse::mutable_matches);
}

absl::StatusOr<google::longrunning::Operation> MatchingHandlers::SolveCohort(
    const CallContext& call, const v1::SolveCohortRequest& request) const {
  common::FieldViolations violations;
  common::CheckResourceName(request.name(), "cohorts", common::Presence::kRequired, "name",
                            &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const v1::StoredOperation operation, deps_.solver->Start(call, request));
  return deps_.operations->Get(operation.name());
}

absl::StatusOr<v1::CohortRun> MatchingHandlers::GetCohortRun(
    const v1::GetCohortRunRequest& request) const {
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, deps_.sources.resources->SnapshotAt(0));
  return deps_.runs->Get(*snapshot, request.name());
}

absl::Status MatchingHandlers::ExportCohortRun(
    const v1::ExportCohortRunRequest& request,
    common::StreamWriter<v1::ExportCohortRunResponse>& writer) const {
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, deps_.sources.resources->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, deps_.runs->Get(*snapshot, request.name()));
  TANDEM_ASSIGN_OR_RETURN(const RecordedRun recorded, ReadRecordedRun(*deps_.runs, *snapshot, run));
  const FilePieceSink sink = [&writer](absl::string_view file_name, absl::string_view data) {
    v1::ExportCohortRunResponse piece;
    piece.set_file_name(std::string(file_name));
    piece.set_data(std::string(data));
    return writer.Write(piece);
  };
  TANDEM_RETURN_IF_ERROR(WritePlainFiles(recorded.problem, sink));
  return WriteInPieces(kResultPart, recorded.result_json, sink);
}

absl::StatusOr<v1::ExplainWhyNotResponse> MatchingHandlers::ExplainWhyNot(
    const CallContext& call, const v1::ExplainWhyNotRequest& request) const {
  common::FieldViolations violations;
  common::CheckResourceName(request.mentor(), "mentors", common::Presence::kRequired, "mentor",
                            &violations);
  if (request.need().empty()) violations.Add("need", "is required");
  if (request.run().empty()) violations.Add("run", "is required: \"cohorts/ID/runs/N\"");
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, deps_.sources.resources->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, deps_.runs->Get(*snapshot, request.run()));
  TANDEM_ASSIGN_OR_RETURN(const auto open, open_runs_.Open(*deps_.runs, *snapshot, run));
  TANDEM_ASSIGN_OR_RETURN(const std::string need, FullNeedName(open->recorded, request.need()));

  TANDEM_ASSIGN_OR_RETURN(
      v1::ExplainWhyNotResponse response,
      ExplainRecorded(open->recorded, open->plan.get(), need, request.mentor()));

  response.set_run(run.name());
  if (response.kind() == v1::WHY_NOT_KIND_INELIGIBLE) {
    TANDEM_RETURN_IF_ERROR(AddFailedRules(call, run, &response));
  }
  return response;
}

absl::Status MatchingHandlers::AddFailedRules(const CallContext& call, const v1::CohortRun& run,
                                              v1::ExplainWhyNotResponse* response) const {
  PastSources past{deps_.sources.resources, deps_.policies, deps_.sources.zones.get(),
                   deps_.regions,           nullptr,        nullptr};
  {
    absl::MutexLock lock(&mutex_);
    past.profiles = profiles_;
    past.needs = needs_;
  }
  if (past.profiles == nullptr) {
    return common::Unavailable("NOT_FOLLOWING", "matching does not follow profiles yet: retry",
                               absl::Seconds(1));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<engine::Verdict> broken,
                          BrokenRulesAtRun(past, call, run, response->need(), response->mentor()));
  std::vector<std::string> sentences;
  for (const engine::Verdict& verdict : broken) sentences.push_back(engine::SentenceOf(verdict));
  response->set_sentence(
      absl::StrCat("The mentor was not eligible: ", absl::StrJoin(sentences, "; "), "."));
  for (std::string& sentence : sentences) response->add_failed_rules(std::move(sentence));
  return absl::OkStatus();
}

absl::StatusOr<v1::ReportFairnessResponse> MatchingHandlers::ReportFairness(
    const CallContext& call, const v1::ReportFairnessRequest& request) const {
  constexpr int32_t kMaxBlockingPairs = 10'000;
  constexpr int32_t kDefaultBlockingPairs = 100;
  common::FieldViolations violations;
  if (request.run().empty()) violations.Add("run", "is required: \"cohorts/ID/runs/N\"");
  common::CheckRange(request.max_blocking_pairs(), 0, kMaxBlockingPairs, "max_blocking_pairs",
                     &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, deps_.sources.resources->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, deps_.runs->Get(*snapshot, request.run()));
  TANDEM_ASSIGN_OR_RETURN(const RecordedRun recorded, ReadRecordedRun(*deps_.runs, *snapshot, run));

  const int32_t wanted =
      request.max_blocking_pairs() == 0 ? kDefaultBlockingPairs : request.max_blocking_pairs();
  engine::SolveOptions options;
  options.cancelled = [&call] { return !call.CheckAlive().ok(); };
  absl::StatusOr<v1::ReportFairnessResponse> response =
      ReportRecordedFairness(recorded, wanted, options);

  if (absl::IsCancelled(response.status())) return call.CheckAlive();
  if (response.ok()) response->set_run(run.name());
  return response;
}

template <typename Request, typename Response>
absl::StatusOr<Response> MatchingHandlers::OnceSeen(
    const CallContext& call, const Request& request,
    absl::StatusOr<Response> (*answer)(const DecisionSources&, const Request&)) const {
  if (request.has_at_least()) {
    TANDEM_RETURN_IF_ERROR(AwaitSeen(*deps_.sources.index, request.at_least(), call));
  }
  return answer(deps_.sources, request);
}

void MatchingHandlers::Register(MethodRegistry& registry) {
  registry.AddUnary<v1::RankMentorsRequest, v1::RankMentorsResponse>(
      MethodName("RankMentors"),
      [this](const CallContext& call, const v1::RankMentorsRequest& request) {
        return OnceSeen(call, request, &RankMentors);
      });
  registry.AddUnary<v1::ExplainPairRequest, v1::ExplainPairResponse>(
      MethodName("ExplainPair"),
      [this](const CallContext& call, const v1::ExplainPairRequest& request) {
        return OnceSeen(call, request, &ExplainPair);
      });
  RegisterPolicies(registry);
  RegisterCohorts(registry);
  RegisterMatches(registry);
  RegisterFeed(registry);
}

void MatchingHandlers::RegisterPolicies(MethodRegistry& registry) {
  registry.AddUnary<v1::CreatePolicyRequest, v1::Policy>(
      MethodName("CreatePolicy"),
      [this](const CallContext& call, const v1::CreatePolicyRequest& request) {
        return deps_.policies->Create(call, request);
      });
  registry.AddUnary<v1::GetPolicyRequest, v1::Policy>(
      MethodName("GetPolicy"), [this](const CallContext&, const v1::GetPolicyRequest& request) {
        return GetPolicy(request);
      });
  registry.AddUnary<v1::ListPoliciesRequest, v1::ListPoliciesResponse>(
      MethodName("ListPolicies"),
      [this](const CallContext& call, const v1::ListPoliciesRequest& request) {
        return deps_.policies->List(call, request);
      });
  registry.AddUnary<v1::PublishPolicyRequest, v1::Policy>(
      MethodName("PublishPolicy"),
      [this](const CallContext& call, const v1::PublishPolicyRequest& request) {
        return deps_.policies->Publish(call, request);
      });
  registry.AddUnary<v1::ComparePoliciesRequest, v1::ComparePoliciesResponse>(
      MethodName("ComparePolicies"),
      [this](const CallContext& call, const v1::ComparePoliciesRequest& request) {
        return ComparePolicies(deps_.sources, call, request);
      });
}

void MatchingHandlers::RegisterCohorts(MethodRegistry& registry) {
  registry.AddUnary<v1::CreateCohortRequest, v1::Cohort>(
      MethodName("CreateCohort"),
      [this](const CallContext& call, const v1::CreateCohortRequest& request) {
        return deps_.cohorts->Create(call, request.cohort(), request.validate_only());
      });
  registry.AddUnary<v1::UpdateCohortRequest, v1::Cohort>(
      MethodName("UpdateCohort"),
      [this](const CallContext& call, const v1::UpdateCohortRequest& request) {
        return deps_.cohorts->Update(call, request.cohort(), request.update_mask(),
                                     request.validate_only());
      });
  registry.AddUnary<v1::UpsertCohortRequest, v1::UpsertCohortResponse>(
      MethodName("UpsertCohort"),
      [this](const CallContext& call, const v1::UpsertCohortRequest& request) {
        return common::UpsertResponseOf(
            deps_.cohorts->Upsert(call, request.cohort(), request.validate_only()),
            &v1::UpsertCohortResponse::mutable_cohort);
      });
  registry.AddUnary<v1::GetCohortRequest, v1::Cohort>(
      MethodName("GetCohort"), [this](const CallContext&, const v1::GetCohortRequest& request) {
        return deps_.cohorts->Get(request.name(), 0);
      });
  registry.AddUnary<v1::ListCohortsRequest, v1::ListCohortsResponse>(
      MethodName("ListCohorts"),
      [this](const CallContext& call, const v1::ListCohortsRequest& request) {
        return ListCohorts(call, request);
      });
  registry.AddUnary<v1::SolveCohortRequest, google::longrunning::Operation>(
      MethodName("SolveCohort"),
      [this](const CallContext& call, const v1::SolveCohortRequest& request) {
        return SolveCohort(call, request);
      });
  registry.AddUnary<v1::GetCohortRunRequest, v1::CohortRun>(
      MethodName("GetCohortRun"),
      [this](const CallContext&, const v1::GetCohortRunRequest& request) {
        return GetCohortRun(request);
      });
  registry.AddServerStream<v1::ExportCohortRunRequest, v1::ExportCohortRunResponse>(
      MethodName("ExportCohortRun"),
      [this](const CallContext&, const v1::ExportCohortRunRequest& request,
             common::StreamWriter<v1::ExportCohortRunResponse>& writer) {
        return ExportCohortRun(request, writer);
      });
  registry.AddUnary<v1::ExplainWhyNotRequest, v1::ExplainWhyNotResponse>(
      MethodName("ExplainWhyNot"),
      [this](const CallContext& call, const v1::ExplainWhyNotRequest& request) {
        return ExplainWhyNot(call, request);
      });
  registry.AddUnary<v1::ReportFairnessRequest, v1::ReportFairnessResponse>(
      MethodName("ReportFairness"),
      [this](const CallContext& call, const v1::ReportFairnessRequest& request) {
        return ReportFairness(call, request);
      });
}

void MatchingHandlers::RegisterMatches(MethodRegistry& registry) {
  registry.AddOwners("matches",
                     [this](absl::string_view name) { return deps_.matches->OwnersOf(name); });
  registry.AddUnary<v1::GetMatchRequest, v1::Match>(
      MethodName("GetMatch"), [this](const CallContext&, const v1::GetMatchRequest& request) {
        return deps_.matches->Get(request.name(), 0);
      });
  registry.AddUnary<v1::BatchGetMatchesRequest, v1::BatchGetMatchesResponse>(
      MethodName("BatchGetMatches"),
      [this](const CallContext&, const v1::BatchGetMatchesRequest& request) {
        return common::BatchGetResponseOf(
            deps_.matches->BatchGet(request.names(), request.revision()),
            &v1::BatchGetMatchesResponse::mutable_matches);
      });
  registry.AddUnary<v1::ListMatchesRequest, v1::ListMatchesResponse>(
      MethodName("ListMatches"),
      [this](const CallContext& call, const v1::ListMatchesRequest& request) {
        return ListMatches(call, request);
      });
  registry.AddUnary<v1::ApproveMatchRequest, v1::Match>(
      MethodName("ApproveMatch"),
      [this](const CallContext& call, const v1::ApproveMatchRequest& request) {
        return deps_.decider->Approve(call, request);
      });
  registry.AddUnary<v1::RejectMatchRequest, v1::Match>(
      MethodName("RejectMatch"),
      [this](const CallContext& call, const v1::RejectMatchRequest& request) {
        return deps_.decider->Reject(call, request);
      });
}

void MatchingHandlers::RegisterFeed(MethodRegistry& registry) {
  registry.AddUnary<common::v1::ListChangesRequest, common::v1::ListChangesResponse>(
      MethodName("ListChanges"),
      [this](const CallContext&, const common::v1::ListChangesRequest& request) {
        return common::ServeListChanges(*deps_.sources.resources, request);
      });
  registry.AddServerStream<common::v1::WatchChangesRequest, common::v1::WatchChangesResponse>(
      MethodName("WatchChanges"),
      [this](const CallContext& call, const common::v1::WatchChangesRequest& request,
             common::StreamWriter<common::v1::WatchChangesResponse>& writer) {
        return common::ServeWatchChanges(*deps_.sources.resources, call, request, writer);
      });
}

}  // namespace tandem::matching
