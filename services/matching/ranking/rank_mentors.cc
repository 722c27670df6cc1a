#include "services/matching/ranking/rank_mentors.h"

#include <memory>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/common/validation.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/policies/policy_facts.h"
#include "services/matching/words/answer_words.h"

namespace tandem::matching {
namespace {

constexpr int kDefaultMentors = 10;
constexpr int kMaxMentors = 1000;
constexpr int kMaxNeedName = 256;

// Everything that a decision about one need reads, with the revisions that it shows.
struct NeedQuestion {
  IndexView index;
  std::shared_ptr<const LedgerState> ledger;
  std::shared_ptr<const engine::ZoneTable> zones;
  std::string policy_name;
  engine::PolicyFacts policy;
  engine::LoadFacts load;
  engine::NeedFacts need;
  absl::Time decision_time;

  engine::DecisionInputs Inputs() const {
    engine::DecisionInputs inputs;
    inputs.roster = index.roster();
    inputs.policy = &policy;
    inputs.load = &load;
    inputs.zones = zones.get();
    inputs.decision_time = decision_time;
    return inputs;
  }
};

template <typename Request>
common::FieldViolations CheckRequest(const Request& request) {
  common::FieldViolations violations;
  if (request.need().empty()) {
    violations.Add("need", "is required: \"engagementRequests/ID/roles/ROLE\"");
  } else if (request.need().size() > kMaxNeedName) {
    violations.Add("need", "is too long for a resource name");
  }
  return violations;
}

template <typename Request>
absl::StatusOr<NeedQuestion> Ask(const DecisionSources& sources, const Request& request) {
  NeedQuestion question;
  TANDEM_ASSIGN_OR_RETURN(question.ledger, sources.ledger->Current());
  TANDEM_ASSIGN_OR_RETURN(question.index, sources.index->View());
  question.zones = sources.zones;
  question.decision_time = request.has_decision_time()
                               ? common::FromTimestamp(request.decision_time())
                               : sources.resources->Now();
  TANDEM_ASSIGN_OR_RETURN(const NeedRef ref, question.index.FindNeed(request.need()));
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot,
                          sources.resources->SnapshotAt(question.ledger->revision));
  TANDEM_ASSIGN_OR_RETURN(
      const v1::Policy policy,
      sources.policies->Find(*snapshot, request.policy(), question.decision_time));
  TANDEM_RETURN_IF_ERROR(CheckCovered(policy, *ref.request));
  question.policy_name = policy.name();
  question.policy = ToPolicyFacts(policy);
  question.load = question.ledger->Load();
  question.need = question.index.Facts(ref);
  question.need.refusals = question.ledger->RefusalsOf(question.need.id);
  return question;
}

template <typename Response>
void SetFrame(const NeedQuestion& question, Response* response) {
  response->set_need(question.need.id);
  response->set_policy(question.policy_name);
  *response->mutable_decision_time() = common::ToTimestamp(question.decision_time);
  question.index.SetSeen(response->mutable_seen());
  response->mutable_seen()->set_matching(question.ledger->revision);
}

void AddRanked(const engine::RankedMentor& ranked, int rank, v1::RankMentorsResponse* response) {
  v1::RankedMentor* mentor = response->add_mentors();
  mentor->set_mentor(ranked.mentor);
  mentor->set_rank(rank);
  mentor->set_score_micropoints(ranked.score.total);
  *mentor->mutable_breakdown() = ToProto(ranked.score, &ranked.criterion_sentences);
  mentor->set_needs_interpreter(ranked.score.needs_interpreter);
  mentor->set_near_tie_with_next(ranked.near_tie_with_next);
  if (ranked.tie_turner.has_value()) {
    mentor->set_tie_turner(TieTurnerSentence(*ranked.tie_turner));
  }
}

}  // namespace

absl::StatusOr<v1::RankMentorsResponse> RankMentors(const DecisionSources& sources,
                                                    const v1::RankMentorsRequest& request) {
  common::FieldViolations violations = CheckRequest(request);
  common::CheckRange(request.page_size(), 0, kMaxMentors, "page_size", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());

  TANDEM_ASSIGN_OR_RETURN(const NeedQuestion question, Ask(sources, request));

  const int wanted = request.page_size() == 0 ? kDefaultMentors : request.page_size();
  const engine::DecisionInputs inputs = question.Inputs();
  TANDEM_ASSIGN_OR_RETURN(const engine::Ranking ranking,
                          engine::Rank(question.need, inputs, wanted));

  v1::RankMentorsResponse response;
  SetFrame(question, &response);
  for (size_t i = 0; i < ranking.best.size(); ++i) {
    AddRanked(ranking.best[i], static_cast<int>(i) + 1, &response);
  }
  response.set_considered_count(ranking.pool.considered);
  response.set_eligible_count(ranking.pool.eligible);
  *response.mutable_rule_counts() = ToProto(ranking.pool);
  return response;
}

absl::StatusOr<v1::ExplainPairResponse> ExplainPair(const DecisionSources& sources,
                                                    const v1::ExplainPairRequest& request) {
  common::FieldViolations violations = CheckRequest(request);
  common::CheckResourceName(request.mentor(), "mentors", common::Presence::kRequired, "mentor",
                            &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());

  TANDEM_ASSIGN_OR_RETURN(const NeedQuestion question, Ask(sources, request));
  if (!question.index.roster().RowOf(request.mentor()).has_value()) {
    return common::NotFound(request.mentor());
  }

  TANDEM_ASSIGN_OR_RETURN(const engine::Explanation explanation,
                          engine::Explain(question.need, request.mentor(), question.Inputs()));

  v1::ExplainPairResponse response;
  SetFrame(question, &response);
  response.set_mentor(request.mentor());
  response.set_eligible(explanation.eligible);
  for (const engine::Verdict& verdict : explanation.verdicts) {
    *response.add_verdicts() = ToProto(verdict);
  }
  *response.mutable_breakdown() = ToProto(explanation.score, &explanation.criterion_sentences);
  response.set_score_micropoints(explanation.score.total);
  response.set_rank(explanation.rank);
  response.set_needs_interpreter(explanation.score.needs_interpreter);
  return response;
}

}  // namespace tandem::matching
