#include "services/matching/matches/decide_match.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/common/validation.h"
#include "services/matching/capacity/months.h"
#include "services/matching/decisions/pair_rules.h"
#include "services/matching/matches/reserve.h"
#include "services/matching/policies/policy_facts.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"

namespace tandem::matching {
namespace {

using ::tandem::common::CallContext;
using ::tandem::common::ChangeSet;

constexpr int kMaxRationale = 2000;

absl::Status CheckEtag(absl::string_view etag, const v1::Match& match) {
  if (etag.empty() || etag == match.etag()) return absl::OkStatus();
  return common::EtagMismatch(match.name(), match.etag());
}

// "approved" for MATCH_STATE_APPROVED.
std::string StateWord(v1::MatchState state) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::MatchState_Name(state), "MATCH_STATE_"));
}

absl::Status NotWaiting(const v1::Match& match, absl::string_view what) {
  return common::FailedPrecondition(
      "MATCH_NOT_WAITING",
      absl::StrCat(match.name(), " is ", StateWord(match.state()), " and cannot be ", what,
                   ": look at the cohort's last run"),
      {{"state", v1::MatchState_Name(match.state())}});
}

constexpr int kReasonFromRank = 2;  // where the policy does not say

// A match that the plan wants although it is not the need's first choice asks for a written reason,
// from the rank on that the policy says.
absl::Status CheckRationale(const v1::Policy& policy, const v1::Match& match,
                            absl::string_view rationale) {
  const int asked = policy.approval_rules().reason_from_rank();
  if (match.rank() < (asked == 0 ? kReasonFromRank : asked) ||
      !absl::StripAsciiWhitespace(rationale).empty()) {
    return absl::OkStatus();
  }
  return common::InvalidField(
      "rationale", absl::StrCat("is required: the mentor is rank ", match.rank(),
                                " for this need, so write down why this match is right"));
}

// Who had the cohort solved does not decide alone, where the policy asks for two people.
absl::Status CheckFourEyes(const CallContext& call, const v1::Policy& policy,
                           const v1::CohortRun& run) {
  if (!policy.approval_rules().four_eyes() || run.solved_by() != call.principal().actor) {
    return absl::OkStatus();
  }
  return FourEyes(absl::StrCat(call.principal().actor, " had ", run.name(), " solved: by the ",
                               "approval rules of ", policy.name(),
                               " another person approves its matches"));
}

// Trying a draft out is fine; for a match to become active an approver must stand behind its rules.
absl::Status CheckPublished(const v1::Policy& policy) {
  if (policy.state() == v1::POLICY_STATE_PUBLISHED) return absl::OkStatus();
  return common::FailedPrecondition(
      "POLICY_NOT_PUBLISHED",
      absl::StrCat("the match was decided by ", policy.name(),
                   ", which is a draft: have an approver publish it, then approve the match"),
      {{"policy", policy.name()}});
}

// What is reserved is what the need asks for today, from this month on.
void SetWork(const IndexView& view, const NeedRef& need, absl::Time now, v1::Match* match) {
  const engine::NeedFacts facts = view.Facts(need);
  const MonthRange months = RestFrom(
      MonthsOf(engine::CivilDayOf(facts.period.first), engine::CivilDayOf(facts.period.last)),
      absl::CivilMonth(absl::ToCivilDay(now, absl::UTCTimeZone())));
  match->set_hours_per_month(facts.hours_per_month);
  match->set_first_month(FormatMonth(months.first));
  match->set_last_month(FormatMonth(months.last));
}

OfferedCapacity Offered(const IndexView& view, const std::string& mentor) {
  const std::optional<int32_t> row = view.roster().RowOf(mentor);
  if (!row.has_value()) return {};
  const engine::MentorRow& facts = view.roster().mentor(*row).facts();
  return {facts.hours_per_month, facts.max_engagements};
}

void SetDecision(const CallContext& call, v1::MatchState state, absl::string_view rationale,
                 absl::Time now, v1::Match* match) {
  match->set_state(state);
  match->set_decided_by(call.principal().actor);
  *match->mutable_decide_time() = common::ToTimestamp(now);
  match->set_rationale(std::string(rationale));
}

// The run that proposed the match.
absl::StatusOr<v1::CohortRun> ReadRun(const storage::Snapshot& snapshot, const v1::Match& match) {
  const std::optional<RunNumber> number = ParseRunName(match.run());
  if (!number.has_value()) return absl::DataLossError("the match names no run");
  TANDEM_ASSIGN_OR_RETURN(const Stored<v1::CohortRun> stored,
                          ReadRecord<v1::CohortRun>(snapshot, RunKey(*number)));
  return stored.value;
}

absl::Status CheckNotBegun(const v1::Match& match, absl::Time now) {
  TANDEM_ASSIGN_OR_RETURN(const absl::CivilMonth first, ParseMonth(match.first_month()));
  if (absl::ToCivilDay(now, absl::UTCTimeZone()) < absl::CivilDay(first)) return absl::OkStatus();
  return common::FailedPrecondition(
      "MATCH_HAS_BEGUN", absl::StrCat(match.name(), " is approved and began in ",
                                      match.first_month(), ": it cannot be rejected any more"));
}

}  // namespace

absl::StatusOr<v1::Match> MatchDecider::Approve(const CallContext& call,
                                                const v1::ApproveMatchRequest& request) {
  common::FieldViolations violations;
  common::CheckResourceName(request.name(), "matches", common::Presence::kRequired, "name",
                            &violations);
  common::CheckFreeText(request.rationale(), kMaxRationale, "rationale", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(
      const common::WriteOutcome outcome,
      deps_.resources->Write(call, common::WriteMode::kCommit,
                             [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
                               return StageApproval(call, request, snapshot, changes);
                             }));
  return deps_.matches->Get(request.name(), outcome.revision);
}

absl::Status MatchDecider::StageApproval(const CallContext& call,
                                         const v1::ApproveMatchRequest& request,
                                         const storage::Snapshot& snapshot,
                                         ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(const v1::Match match, deps_.matches->Read(snapshot, request.name()));
  TANDEM_RETURN_IF_ERROR(CheckEtag(request.etag(), match));
  if (match.state() != v1::MATCH_STATE_PROPOSED) return NotWaiting(match, "approved");
  TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, ReadRun(snapshot, match));
  TANDEM_ASSIGN_OR_RETURN(
      const v1::Policy policy,
      deps_.policies->Find(snapshot, run.inputs().policy(), deps_.resources->Now()));
  TANDEM_RETURN_IF_ERROR(CheckRationale(policy, match, request.rationale()));
  TANDEM_RETURN_IF_ERROR(CheckFourEyes(call, policy, run));

  TANDEM_ASSIGN_OR_RETURN(const IndexView view, deps_.index->View());
  TANDEM_ASSIGN_OR_RETURN(const NeedRef need, view.FindNeed(match.need()));
  TANDEM_RETURN_IF_ERROR(CheckRules(run, policy, view, need, match));

  v1::Match next = match;
  const absl::Time now = deps_.resources->Now();
  SetWork(view, need, now, &next);
  SetDecision(call, v1::MATCH_STATE_APPROVED, request.rationale(), now, &next);
  TANDEM_RETURN_IF_ERROR(StageBooking(snapshot, next, need.request->roles(need.role), changes));
  TANDEM_RETURN_IF_ERROR(StageReservation(snapshot, next, Offered(view, match.mentor()), changes));
  changes->answer().names = {match.name()};
  return deps_.matches
      ->StageUpdate(snapshot, match, common::v1::CHANGE_KIND_DECIDED, "", &next, changes)
      .status();
}

absl::Status MatchDecider::CheckRules(const v1::CohortRun& run, const v1::Policy& policy,
                                      const IndexView& view, const NeedRef& need,
                                      const v1::Match& match) const {
  if (need.request->state() != needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN) {
    return common::FailedPrecondition(
        "REQUEST_NOT_OPEN", absl::StrCat(need.request->name(), " is no longer open: reject the ",
                                         "match, or open the request again"));
  }
  TANDEM_RETURN_IF_ERROR(CheckPublished(policy));
  TANDEM_RETURN_IF_ERROR(CheckCovered(policy, *need.request));
  TANDEM_ASSIGN_OR_RETURN(const auto ledger, deps_.ledger->Current());
  const engine::PolicyFacts policy_facts = ToPolicyFacts(policy);
  const engine::LoadFacts load = ledger->Load();
  engine::NeedFacts facts = view.Facts(need);
  facts.refusals = ledger->RefusalsOf(facts.id);
  engine::DecisionInputs inputs;
  inputs.roster = view.roster();
  inputs.policy = &policy_facts;
  inputs.load = &load;
  inputs.zones = deps_.zones;
  inputs.decision_time = deps_.resources->Now();
  inputs.seed = run.inputs().seed();
  TANDEM_ASSIGN_OR_RETURN(const std::vector<engine::Verdict> broken,
                          BrokenRulesOf(facts, match.mentor(), inputs));
  return RulesError(match.mentor(), broken);
}

absl::StatusOr<v1::Match> MatchDecider::Reject(const CallContext& call,
                                               const v1::RejectMatchRequest& request) {
  common::FieldViolations violations;
  common::CheckResourceName(request.name(), "matches", common::Presence::kRequired, "name",
                            &violations);
  common::CheckReasonCode(request.reason_code(), common::Presence::kRequired, "reason_code",
                          &violations);
  common::CheckFreeText(request.rationale(), kMaxRationale, "rationale", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(
      const common::WriteOutcome outcome,
      deps_.resources->Write(call, common::WriteMode::kCommit,
                             [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
                               return StageRejection(call, request, snapshot, changes);
                             }));
  return deps_.matches->Get(request.name(), outcome.revision);
}

absl::Status MatchDecider::StageRejection(const CallContext& call,
                                          const v1::RejectMatchRequest& request,
                                          const storage::Snapshot& snapshot,
                                          ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(const v1::Match match, deps_.matches->Read(snapshot, request.name()));
  TANDEM_RETURN_IF_ERROR(CheckEtag(request.etag(), match));
  const absl::Time now = deps_.resources->Now();
  if (match.state() == v1::MATCH_STATE_APPROVED) {
    TANDEM_RETURN_IF_ERROR(CheckNotBegun(match, now));
    TANDEM_RETURN_IF_ERROR(StageRelease(snapshot, match, changes));
    TANDEM_RETURN_IF_ERROR(StageBookingRelease(snapshot, match, changes));
  } else if (match.state() != v1::MATCH_STATE_PROPOSED) {
    return NotWaiting(match, "rejected");
  }
  v1::Match next = match;
  SetDecision(call, v1::MATCH_STATE_REJECTED, request.rationale(), now, &next);
  next.set_reason_code(request.reason_code());
  changes->answer().names = {match.name()};
  return deps_.matches
      ->StageUpdate(snapshot, match, common::v1::CHANGE_KIND_DECIDED, request.reason_code(), &next,
                    changes)
      .status();
}

}  // namespace tandem::matching
