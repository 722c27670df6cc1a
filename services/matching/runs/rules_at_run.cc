#include "services/matching/runs/rules_at_run.h"

#include <map>
#include <string>

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/service_call.h"
#include "services/common/timestamps.h"
#include "services/matching/decisions/pair_rules.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/index/mentor_facts.h"
#include "services/matching/index/need_facts.h"
#include "services/matching/ledger/ledger.h"
#include "services/matching/policies/policy_facts.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::matching {
namespace {

constexpr absl::Duration kReadTimeout = absl::Seconds(10);
constexpr char kActor[] = "matching";

// Reads resources of other services as of one revision.
class PastReader {
 public:
  PastReader(const PastSources& sources, const v1::SeenRevisions& seen)
      : profiles_(profiles::v1::ProfilesService::NewStub(sources.profiles)),
        needs_(needs::v1::NeedsService::NewStub(sources.needs)),
        seen_(seen) {}

  absl::StatusOr<profiles::v1::Mentor> Mentor(absl::string_view name) const {
    profiles::v1::GetMentorRequest request;
    request.set_name(std::string(name));
    request.set_revision(seen_.profiles());
    return common::CallService(*profiles_, &profiles::v1::ProfilesService::Stub::GetMentor, request,
                               kActor, kReadTimeout);
  }

  absl::StatusOr<profiles::v1::Organisation> Organisation(const std::string& name) const {
    profiles::v1::GetOrganisationRequest request;
    request.set_name(name);
    request.set_revision(seen_.organisations());
    return common::CallService(*profiles_, &profiles::v1::ProfilesService::Stub::GetOrganisation,
                               request, kActor, kReadTimeout);
  }

  absl::StatusOr<needs::v1::EngagementRequest> Request(absl::string_view name) const {
    needs::v1::GetEngagementRequestRequest request;
    request.set_name(std::string(name));
    request.set_revision(seen_.needs());
    return common::CallService(*needs_, &needs::v1::NeedsService::Stub::GetEngagementRequest,
                               request, kActor, kReadTimeout);
  }

 private:
  const std::unique_ptr<profiles::v1::ProfilesService::Stub> profiles_;
  const std::unique_ptr<needs::v1::NeedsService::Stub> needs_;
  const v1::SeenRevisions seen_;
};

absl::StatusOr<engine::NeedFacts> NeedThen(const PastReader& reader, const Regions& regions,
                                           absl::string_view need) {
  TANDEM_ASSIGN_OR_RETURN(const needs::v1::EngagementRequest request,
                          reader.Request(RequestOfNeed(need)));
  std::map<std::string, profiles::v1::Organisation, std::less<>> organisations;
  for (const std::string& name : request.organisations()) {
    absl::StatusOr<profiles::v1::Organisation> organisation = reader.Organisation(name);
    if (absl::IsNotFound(organisation.status())) continue;  // not known then either
    TANDEM_RETURN_IF_ERROR(organisation.status());
    organisations[name] = *std::move(organisation);
  }
  const auto find = [&](absl::string_view name) -> const profiles::v1::Organisation* {
    const auto found = organisations.find(std::string(name));
    return found == organisations.end() ? nullptr : &found->second;
  };
  const auto around = [&](absl::string_view country) { return regions.CountriesAround(country); };
  for (const needs::v1::RequestRole& role : request.roles()) {
    if (NeedName(request.name(), role.role_id()) == need) {
      return ToNeedFacts(request, role, find, around);
    }
  }
  return common::NotFound(need);
}

}  // namespace

absl::StatusOr<std::vector<engine::Verdict>> BrokenRulesAtRun(const PastSources& sources,
                                                              const common::CallContext& call,
                                                              const v1::CohortRun& run,
                                                              absl::string_view need,
                                                              absl::string_view mentor) {
  TANDEM_RETURN_IF_ERROR(call.CheckAlive());
  const PastReader reader(sources, run.inputs().seen());
  TANDEM_ASSIGN_OR_RETURN(const profiles::v1::Mentor profile, reader.Mentor(mentor));
  TANDEM_ASSIGN_OR_RETURN(engine::NeedFacts facts, NeedThen(reader, *sources.regions, need));
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot,
                          sources.resources->SnapshotAt(run.inputs().seen().matching()));
  TANDEM_ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedger(*snapshot));
  const absl::Time decision_time = common::FromTimestamp(run.inputs().decision_time());
  TANDEM_ASSIGN_OR_RETURN(const v1::Policy policy,
                          sources.policies->Find(*snapshot, run.inputs().policy(), decision_time));

  engine::Roster roster;
  TANDEM_RETURN_IF_ERROR(roster.Upsert(ToMentorFacts(profile)).status());
  facts.refusals = ledger.RefusalsOf(facts.id);
  const engine::PolicyFacts policy_facts = ToPolicyFacts(policy);
  const engine::LoadFacts load = ledger.Load();
  engine::DecisionInputs inputs;
  inputs.roster = roster.Snapshot();
  inputs.policy = &policy_facts;
  inputs.load = &load;
  inputs.zones = sources.zones;
  inputs.decision_time = decision_time;
  inputs.seed = run.inputs().seed();
  return BrokenRulesOf(facts, mentor, inputs);
}

}  // namespace tandem::matching
