#include "services/matching/cohorts/cohort_question.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/matching/policies/policy_facts.h"

namespace tandem::matching {
namespace {

bool IsOpen(const needs::v1::EngagementRequest& request) {
  return request.state() == needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN;
}

// The requests that the cohort names, or all of its programme: only open ones take part.
absl::StatusOr<std::vector<std::shared_ptr<const needs::v1::EngagementRequest>>> OpenRequests(
    const v1::Cohort& cohort, const RequestMap& requests) {
  std::vector<std::shared_ptr<const needs::v1::EngagementRequest>> open;
  for (const std::string& name : cohort.engagement_requests()) {
    const auto found = requests.find(name);
    if (found == requests.end()) {
      return common::FailedPrecondition(
          "REQUEST_UNKNOWN", absl::StrCat("the cohort names ", name, ", which matching does not ",
                                          "know: create the request, or the cohort without it"));
    }
    if (IsOpen(*found->second)) open.push_back(found->second);
  }
  if (cohort.engagement_requests().empty()) {
    for (const auto& [name, request] : requests) {
      if (request->programme() == cohort.programme() && IsOpen(*request)) open.push_back(request);
    }
  }
  if (open.empty()) {
    return common::FailedPrecondition(
        "NO_OPEN_REQUEST", absl::StrCat(cohort.name(), " has no open request: open one first"));
  }
  return open;
}

absl::Status NotApplicable(const v1::Policy& policy, absl::string_view what,
                           absl::string_view instead) {
  return common::FailedPrecondition(
      "OBJECTIVE_NOT_APPLICABLE",
      absl::StrCat(policy.name(), " asks for OBJECTIVE_STABLE, which takes no ", what, ": ",
                   instead, ", or solve by a policy with another objective"));
}

// Stability has no notion of minimums, of roles that share a request, or of a plan to stay near.
absl::Status CheckObjective(const CohortQuestion& question) {
  if (question.policy.objective() != v1::OBJECTIVE_STABLE) return absl::OkStatus();
  if (question.previous.has_value()) {
    return NotApplicable(question.policy, "previous run", "leave previous_run empty");
  }
  for (const NeedRef& need : question.needs) {
    const needs::v1::RequestRole& role = need.request->roles(need.role);
    if (need.request->roles_size() > 1) {
      return NotApplicable(
          question.policy,
          absl::StrCat("requests of several roles, as ", need.request->name(), " is"),
          "split the request");
    }
    if (role.min_mentors() > 0) {
      return NotApplicable(question.policy,
                           absl::StrCat("minimums, as role ", role.role_id(), " of ",
                                        need.request->name(), " has one (min_mentors)"),
                           "set it to 0");
    }
  }
  return absl::OkStatus();
}

absl::Time DecisionTime(const v1::Cohort& cohort, const QuestionOptions& options, absl::Time now) {
  if (options.decision_time != absl::InfinitePast()) return options.decision_time;
  return cohort.has_decision_time() ? common::FromTimestamp(cohort.decision_time()) : now;
}

}  // namespace

absl::StatusOr<CohortQuestion> AskCohort(const DecisionSources& sources, absl::string_view cohort,
                                         const QuestionOptions& options) {
  CohortQuestion question;
  TANDEM_ASSIGN_OR_RETURN(question.ledger, sources.ledger->Current());
  TANDEM_ASSIGN_OR_RETURN(question.index, sources.index->View());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot,
                          sources.resources->SnapshotAt(question.ledger->revision));
  TANDEM_ASSIGN_OR_RETURN(const v1::Cohort content, sources.cohorts->Read(*snapshot, cohort));
  question.decision_time = DecisionTime(content, options, sources.resources->Now());
  question.seed = content.seed();
  question.zones = sources.zones;
  const bool of_cohort = options.policy.empty() && !options.policy_in_force;
  const absl::string_view policy = of_cohort ? content.policy() : options.policy;
  TANDEM_ASSIGN_OR_RETURN(question.policy,
                          sources.policies->Find(*snapshot, policy, question.decision_time));
  TANDEM_ASSIGN_OR_RETURN(const auto requests, OpenRequests(content, question.index.requests()));
  for (const auto& request : requests) {
    TANDEM_RETURN_IF_ERROR(CheckCovered(question.policy, *request));
    for (int role = 0; role < request->roles_size(); ++role) {
      question.needs.push_back({request, role});
    }
  }
  question.previous = options.previous;
  question.change_penalty = options.change_penalty;
  TANDEM_RETURN_IF_ERROR(CheckObjective(question));
  return question;
}

v1::SeenRevisions SeenBy(const CohortQuestion& question) {
  v1::SeenRevisions seen;
  question.index.SetSeen(&seen);
  seen.set_matching(question.ledger->revision);
  return seen;
}

}  // namespace tandem::matching
