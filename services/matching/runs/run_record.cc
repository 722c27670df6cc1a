#include "services/matching/runs/run_record.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/timestamps.h"
#include "services/matching/capacity/months.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/runs/plan_difference.h"
#include "services/matching/runs/recorded_problem.h"
#include "services/matching/words/answer_words.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

// Where things stand: the plan speaks of positions in the problem, the rest of needs by name.
class RunRecorder {
 public:
  RunRecorder(const CohortQuestion& question, const CohortDecision& decision, const RunFrame& frame)
      : question_(question), decision_(decision), frame_(frame) {
    for (size_t i = 0; i < decision.needs.size(); ++i) need_index_[decision.needs[i].id] = i;
    for (const auto& [name, match] : question.ledger->approved) {
      approved_[{match.need, match.mentor}] = name;
    }
    CountQuotaMatches();
  }

  absl::Status AddMatches(const std::function<bool()>& cancelled, FinishedRun* finished) const;
  void AddUnmatched(v1::CohortRun* run) const;
  void AddConflict(v1::CohortRun* run) const;
  void AddInputs(const FinishedRun& finished, v1::CohortRun* run) const;
  void AddNumbers(v1::CohortRun* run) const;
  void AddDifference(v1::CohortRun* run) const;

 private:
  absl::StatusOr<v1::Match> NewMatch(const std::string& need, const std::string& mentor,
                                     int64_t score) const;
  // The mentors of each need of the inputs: placed by the plan, or approved where there is none.
  std::vector<int64_t> Filled() const;
  // How many eligible mentors the plan places with each need of the inputs. Active matches may be
  // of mentors who are eligible no longer.
  std::vector<int64_t> EligibleAndPlaced() const;
  v1::UnmatchedNeed Unmatched(size_t index, const Openings& openings,
                              const engine::AssignmentNeed& need) const;
  FullQuotas FullQuotasFor(const engine::AssignmentNeed& need) const;

  bool Planned() const { return decision_.result.outcome != engine::Outcome::kInfeasible; }

  void CountQuotaMatches() {
    const engine::AssignmentProblem& problem = decision_.problem;
    quota_matches_.assign(problem.quotas.size(), 0);
    const auto count = [&](int32_t quota) {
      for (; quota >= 0; quota = problem.quotas[quota].parent) ++quota_matches_[quota];
    };
    for (const engine::Match& match : decision_.result.matches) {
      count(problem.needs[match.need].quota);
      count(problem.mentors[match.mentor].quota);
    }
  }

  const CohortQuestion& question_;
  const CohortDecision& decision_;
  const RunFrame& frame_;
  std::vector<int64_t> quota_matches_;  // of each quota of the problem
  std::map<std::string, size_t> need_index_;
  std::map<std::pair<std::string, std::string>, std::string> approved_;
};

absl::Status RunRecorder::AddMatches(const std::function<bool()>& cancelled,
                                     FinishedRun* finished) const {
  for (const engine::Match& match : decision_.result.matches) {
    if (cancelled && cancelled()) return absl::CancelledError("the run was cancelled");
    const std::string& need = decision_.problem.needs[match.need].id;
    const std::string& mentor = decision_.problem.mentors[match.mentor].id;
    const auto approved = approved_.find({need, mentor});
    if (approved != approved_.end()) {
      finished->run.add_matches(approved->second);
      continue;
    }
    TANDEM_ASSIGN_OR_RETURN(v1::Match proposed, NewMatch(need, mentor, match.score));
    finished->run.add_matches(proposed.name());
    finished->proposed.push_back(std::move(proposed));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Match> RunRecorder::NewMatch(const std::string& need, const std::string& mentor,
                                                int64_t score) const {
  const size_t index = need_index_.at(need);
  const engine::NeedFacts& facts = decision_.needs[index];
  TANDEM_ASSIGN_OR_RETURN(const engine::Explanation explanation,
                          engine::Explain(facts, mentor, InputsOf(question_, decision_)));
  v1::Match match;
  match.set_name(MatchName(frame_.name, need, mentor));
  match.set_run(frame_.name);
  match.set_need(need);
  match.set_mentor(mentor);
  for (const std::string& organisation : facts.organisations) match.add_organisations(organisation);
  match.set_score_micropoints(score);
  *match.mutable_breakdown() = ToProto(explanation.score, &explanation.criterion_sentences);
  match.set_rank(explanation.rank);
  match.set_needs_interpreter(explanation.score.needs_interpreter);
  for (std::string& reason : MatchReasons(explanation, decision_.pools[index].eligible)) {
    match.add_reasons(std::move(reason));
  }
  match.set_state(v1::MATCH_STATE_PROPOSED);
  const MonthlyWork& work = decision_.inputs.needs[index].work;
  match.set_hours_per_month(static_cast<int32_t>(work.hours_per_month));
  match.set_first_month(FormatMonth(work.months.first));
  match.set_last_month(FormatMonth(work.months.last));
  return match;
}

std::vector<int64_t> RunRecorder::Filled() const {
  std::vector<int64_t> filled(decision_.inputs.needs.size(), 0);
  if (!Planned()) {
    for (const ActiveMatch& match : decision_.inputs.active) ++filled[match.need];
    return filled;
  }
  for (const engine::Match& match : decision_.result.matches) {
    ++filled[need_index_.at(decision_.problem.needs[match.need].id)];
  }
  return filled;
}

std::vector<int64_t> RunRecorder::EligibleAndPlaced() const {
  absl::flat_hash_map<absl::string_view, int32_t> mentors;
  for (size_t i = 0; i < decision_.inputs.mentors.size(); ++i) {
    mentors[decision_.inputs.mentors[i].id] = static_cast<int32_t>(i);
  }
  absl::flat_hash_set<std::pair<int32_t, int32_t>> matched;
  for (const engine::Match& match : decision_.result.matches) {
    matched.emplace(need_index_.at(decision_.problem.needs[match.need].id),
                    mentors.at(decision_.problem.mentors[match.mentor].id));
  }
  std::vector<int64_t> placed(decision_.inputs.needs.size(), 0);
  for (const EligiblePair& pair : decision_.inputs.pairs) {
    placed[pair.need] += matched.contains({pair.need, pair.mentor}) ? 1 : 0;
  }
  return placed;
}

void RunRecorder::AddUnmatched(v1::CohortRun* run) const {
  const std::vector<int64_t> filled = Filled();
  const std::vector<int64_t> placed = EligibleAndPlaced();
  for (const engine::AssignmentNeed& need : decision_.problem.needs) {
    const size_t index = need_index_.at(need.id);
    const int64_t open = decision_.inputs.needs[index].max_mentors - filled[index];
    if (open > 0) *run->add_unmatched() = Unmatched(index, {open, placed[index]}, need);
  }
}

// Quotas that the plan fills to the maximum: those that the need stands in, and all of mentors.
FullQuotas RunRecorder::FullQuotasFor(const engine::AssignmentNeed& need) const {
  const engine::AssignmentProblem& problem = decision_.problem;
  std::vector<bool> of_need(problem.quotas.size(), false);
  for (int32_t at = need.quota; at >= 0; at = problem.quotas[at].parent) of_need[at] = true;
  FullQuotas full;
  for (size_t i = 0; i < problem.quotas.size(); ++i) {
    const engine::AssignmentQuota& quota = problem.quotas[i];
    if (quota.max == engine::kUnlimited || quota_matches_[i] < quota.max) continue;
    if (of_need[i]) full.of_need.push_back(quota.id);
    if (quota.side == engine::Side::kMentor) full.of_mentors.push_back(quota.id);
  }
  return full;
}

v1::UnmatchedNeed RunRecorder::Unmatched(size_t index, const Openings& openings,
                                         const engine::AssignmentNeed& need) const {
  const engine::PoolCounts& pool = decision_.pools[index];
  v1::UnmatchedNeed unmatched;
  unmatched.set_need(decision_.needs[index].id);
  unmatched.set_open_slots(static_cast<int32_t>(openings.slots));
  unmatched.set_eligible_count(pool.eligible);
  *unmatched.mutable_rule_counts() = ToProto(pool);
  const UnmatchedWords words =
      Planned() ? WordsOfUnmatched(pool, openings, FullQuotasFor(need)) : WordsOfUnplanned(pool);
  if (words.has_binding_rule) unmatched.set_binding_rule(static_cast<v1::Rule>(words.binding_rule));
  unmatched.set_remedy(words.remedy);
  return unmatched;
}

void RunRecorder::AddConflict(v1::CohortRun* run) const {
  const engine::Conflict& conflict = decision_.result.conflict;
  for (int32_t need : conflict.needs) {
    run->mutable_conflict()->add_needs(decision_.problem.needs[need].id);
  }
  for (int32_t mentor : conflict.mentors) {
    run->mutable_conflict()->add_mentors(decision_.problem.mentors[mentor].id);
  }
  for (int32_t quota : conflict.quotas) {
    run->mutable_conflict()->add_quotas(decision_.problem.quotas[quota].id);
  }
  run->mutable_conflict()->set_demand(conflict.demand);
  run->mutable_conflict()->set_supply(conflict.supply);
}

void RunRecorder::AddInputs(const FinishedRun& finished, v1::CohortRun* run) const {
  v1::RunInputs* inputs = run->mutable_inputs();
  *inputs->mutable_seen() = frame_.seen;
  inputs->set_policy(question_.policy.name());
  *inputs->mutable_decision_time() = common::ToTimestamp(question_.decision_time);
  inputs->set_seed(question_.seed);
  inputs->set_tzdata_version(question_.zones->tzdata_version());
  inputs->set_engine_version(std::string(kEngineVersion));
  inputs->set_problem_digest(base::Sha256Hex(finished.problem));
  inputs->set_result_digest(base::Sha256Hex(finished.result_json));
  for (const std::string& digest : frame_.reference_digests) inputs->add_reference_digests(digest);
  if (question_.previous.has_value()) inputs->set_previous_run(question_.previous->run);
  inputs->set_change_penalty_micropoints(question_.change_penalty);
}

void RunRecorder::AddNumbers(v1::CohortRun* run) const {
  const engine::AssignmentResult& result = decision_.result;
  run->set_objective(ToProtoObjective(decision_.problem.objective));
  run->set_need_count(static_cast<int32_t>(decision_.problem.needs.size()));
  run->set_mentor_count(static_cast<int32_t>(decision_.problem.mentors.size()));
  run->set_pair_count(static_cast<int64_t>(decision_.problem.pairs.size()));
  run->set_needs_served(static_cast<int32_t>(result.needs_served));
  run->set_filled_slots(static_cast<int32_t>(result.filled_slots));
  run->set_beneficiaries_served(static_cast<int32_t>(result.beneficiaries_served));
  run->set_total_score_micropoints(DecimalString(result.total_score));
  run->set_certificate_checked(true);  // DecideCohort fails otherwise
  run->set_hours_rule_cost_bound(decision_.hours_rule_cost);
  run->set_coverage_price(decision_.coverage_price);
  if (result.has_worst_pair) {
    run->set_worst_pair_score_micropoints(absl::StrCat(result.worst_pair_score));
  }
  for (const std::string& mentor : decision_.overcommitted_mentors) {
    run->add_overcommitted_mentors(mentor);
  }
  for (const std::string& quota : decision_.overcommitted_quotas) {
    run->add_overcommitted_quotas(quota);
  }
}

void RunRecorder::AddDifference(v1::CohortRun* run) const {
  if (!Planned() || !frame_.compared_with.has_value()) return;
  std::vector<engine::PairOfIds> pairs;
  for (const engine::Match& match : decision_.result.matches) {
    pairs.push_back(
        {decision_.problem.needs[match.need].id, decision_.problem.mentors[match.mentor].id});
  }
  SortPairs(&pairs);
  *run->mutable_difference() = DifferenceOf(*frame_.compared_with, pairs);
}

v1::RunStatus StatusOf(engine::Outcome outcome) {
  switch (outcome) {
    case engine::Outcome::kOptimal:
      return v1::RUN_STATUS_OPTIMAL;
    case engine::Outcome::kStable:
      return v1::RUN_STATUS_STABLE;
    case engine::Outcome::kInfeasible:
      return v1::RUN_STATUS_INFEASIBLE;
  }
  return v1::RUN_STATUS_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<FinishedRun> RecordRun(const CohortQuestion& question,
                                      const CohortDecision& decision, const RunFrame& frame,
                                      const std::function<bool()>& cancelled) {
  const RunRecorder recorder(question, decision, frame);
  FinishedRun finished;
  finished.problem = RecordProblem(decision.problem);
  finished.result_json = engine::files::ResultToJson(decision.problem, decision.result);
  v1::CohortRun* run = &finished.run;
  run->set_name(frame.name);
  run->set_status(StatusOf(decision.result.outcome));
  run->set_solved_by(frame.solved_by);
  recorder.AddNumbers(run);
  if (decision.result.outcome == engine::Outcome::kInfeasible) recorder.AddConflict(run);
  TANDEM_RETURN_IF_ERROR(recorder.AddMatches(cancelled, &finished));
  recorder.AddUnmatched(run);
  recorder.AddDifference(run);
  recorder.AddInputs(finished, run);
  *run->mutable_start_time() = common::ToTimestamp(frame.start_time);
  *run->mutable_end_time() = common::ToTimestamp(frame.end_time);
  return finished;
}

}  // namespace tandem::matching
