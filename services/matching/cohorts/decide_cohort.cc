#include "services/matching/cohorts/decide_cohort.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/cohorts/coverage_price.h"
#include "services/matching/cohorts/hours_rule_cost.h"
#include "services/matching/cohorts/quotas.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/index/dates.h"
#include "services/matching/policies/policy_facts.h"
#include "services/matching/runs/recorded_problem.h"

namespace tandem::matching {
namespace {

constexpr int kEligibilityDone = 50;  // percent
constexpr int kSolvingDone = 85;
constexpr int kCheckingDone = 95;

// Work is promised from this month on, and capacity judged: what lies before it is done.
absl::CivilMonth DecisionMonth(const CohortQuestion& question) {
  return absl::CivilMonth(engine::CivilDayOf(engine::UtcDayOf(question.decision_time)));
}

// The mentors of the cohort as they turn up, each once.
class MentorNumbers {
 public:
  MentorNumbers(const CohortQuestion& question, CohortInputs* inputs)
      : question_(question), promised_(question.ledger->PromisedWork()), inputs_(inputs) {}

  int32_t NumberOf(const std::string& mentor) {
    const auto [entry, added] =
        numbers_.try_emplace(mentor, static_cast<int32_t>(inputs_->mentors.size()));
    if (added) inputs_->mentors.push_back({mentor, CapacityOf(mentor)});
    return entry->second;
  }

 private:
  // What the mentor offers now; nothing once out of use.
  Capacity CapacityOf(const std::string& mentor) const {
    Capacity capacity;
    const std::optional<int32_t> row = question_.index.roster().RowOf(mentor);
    if (row.has_value()) {
      const engine::MentorRow& facts = question_.index.roster().mentor(*row).facts();
      if (facts.active) {
        capacity.hours_per_month = facts.hours_per_month;
        capacity.max_engagements = facts.max_engagements;
      }
    }
    const auto promised = promised_.find(mentor);
    if (promised == promised_.end()) return capacity;
    for (const MonthlyWork& work : promised->second) {  // what is over takes no place any more
      const MonthRange rest = RestFrom(work.months, DecisionMonth(question_));
      if (rest.first <= rest.last) capacity.promised.push_back({work.hours_per_month, rest});
    }
    return capacity;
  }

  const CohortQuestion& question_;
  const std::map<std::string, std::vector<MonthlyWork>> promised_;
  CohortInputs* const inputs_;
  absl::flat_hash_map<std::string, int32_t> numbers_;
};

CohortNeed ToCohortNeed(const NeedRef& ref, const engine::NeedFacts& facts,
                        absl::CivilMonth decision_month) {
  const needs::v1::EngagementRequest& request = *ref.request;
  const needs::v1::RequestRole& role = request.roles(ref.role);
  CohortNeed need;
  need.id = facts.id;
  need.request = request.name();
  need.beneficiary = request.organisations_size() == 1 ? request.organisations(0) : request.name();
  need.min_mentors = role.min_mentors();
  need.max_mentors = role.max_mentors();
  need.tier = request.tier() == 0 ? 1 : request.tier();
  const MonthRange months =
      MonthsOf(engine::CivilDayOf(facts.period.first), engine::CivilDayOf(facts.period.last));
  need.work = {role.hours_per_month(), RestFrom(months, decision_month)};
  return need;
}

void AddNeeds(const CohortQuestion& question, CohortDecision* decision) {
  for (const NeedRef& ref : question.needs) {
    engine::NeedFacts facts = question.index.Facts(ref);
    facts.refusals = question.ledger->RefusalsOf(facts.id);
    decision->inputs.needs.push_back(ToCohortNeed(ref, facts, DecisionMonth(question)));
    decision->needs.push_back(std::move(facts));
  }
}

// Approved matches of the cohort's needs stay.
void AddActiveMatches(const CohortQuestion& question, MentorNumbers* mentors,
                      CohortInputs* inputs) {
  std::map<std::string, int32_t> needs;
  for (size_t i = 0; i < inputs->needs.size(); ++i) {
    needs[inputs->needs[i].id] = static_cast<int32_t>(i);
  }
  for (const auto& [name, match] : question.ledger->approved) {
    const auto need = needs.find(match.need);
    if (need == needs.end()) continue;
    inputs->active.push_back({need->second, mentors->NumberOf(match.mentor), match.score});
  }
}

absl::Status Cancelled() { return absl::CancelledError("the run was cancelled"); }

// All eligible pairs: none is cut off.
absl::Status AddEligiblePairs(const CohortQuestion& question, const CohortProgress& progress,
                              MentorNumbers* mentors, CohortDecision* decision) {
  const engine::DecisionInputs inputs = InputsOf(question, *decision);
  const int count = static_cast<int>(decision->needs.size());
  for (int i = 0; i < count; ++i) {
    if (progress && progress(CohortStep::kEligibility, kEligibilityDone * i / count)) {
      return Cancelled();
    }
    TANDEM_ASSIGN_OR_RETURN(engine::NeedEligibility eligible,
                            engine::EligibleMentors(decision->needs[i], inputs));
    for (const engine::EligibleMentor& mentor : eligible.mentors) {
      decision->inputs.pairs.push_back({i, mentors->NumberOf(mentor.mentor), mentor.score.total});
    }
    decision->pools.push_back(std::move(eligible.pool));
    if (static_cast<int64_t>(decision->inputs.pairs.size()) > engine::kMaxPairs) {
      return common::QuotaExceeded("TOO_MANY_PAIRS",
                                   absl::StrCat("the cohort has more than ", engine::kMaxPairs,
                                                " eligible pairs: split it, for example by tier"),
                                   absl::ZeroDuration());
    }
  }
  return absl::OkStatus();
}

engine::SolveOptions OptionsFor(const CohortProgress& progress) {
  engine::SolveOptions options;
  if (progress) {
    options.cancelled = [&progress] { return progress(CohortStep::kSolving, kEligibilityDone); };
  }
  return options;
}

// The optimum (or the conflict), accepted by a checker that shares no code with the solver.
absl::Status SolveAndCheck(const CohortProgress& progress, CohortDecision* decision) {
  TANDEM_ASSIGN_OR_RETURN(decision->result, engine::Solve(decision->problem, OptionsFor(progress)));
  if (progress && progress(CohortStep::kChecking, kSolvingDone)) return Cancelled();
  const engine::CheckResult check = engine::Check(decision->problem, decision->result);
  if (!check.valid) {
    return absl::InternalError(
        absl::StrCat("the independent checker refuses the plan (", check.failure,
                     "): nothing was stored; please report this with the cohort's name"));
  }
  return absl::OkStatus();
}

}  // namespace

engine::DecisionInputs InputsOf(const CohortQuestion& question, const CohortDecision& decision) {
  engine::DecisionInputs inputs;
  inputs.roster = question.index.roster();
  inputs.policy = &decision.policy;
  inputs.load = &decision.load;
  inputs.zones = question.zones.get();
  inputs.decision_time = question.decision_time;
  inputs.seed = question.seed;
  return inputs;
}

absl::StatusOr<CohortDecision> DecideCohort(const CohortQuestion& question,
                                            const CohortProgress& progress) {
  CohortDecision decision;
  decision.policy = ToPolicyFacts(question.policy);
  decision.load = question.ledger->Load();
  decision.inputs.objective = ToEngineObjective(question.policy.objective());
  decision.inputs.seed = question.seed;
  decision.inputs.previous = question.previous;
  decision.inputs.change_penalty = question.change_penalty;
  AddNeeds(question, &decision);
  MentorNumbers mentors(question, &decision.inputs);
  AddActiveMatches(question, &mentors, &decision.inputs);
  TANDEM_RETURN_IF_ERROR(AddEligiblePairs(question, progress, &mentors, &decision));
  TANDEM_RETURN_IF_ERROR(PutQuotas(question.policy, decision.needs, question.index.roster(),
                                   engine::UtcDayOf(question.decision_time), &decision.inputs));
  decision.problem = BuildProblem(decision.inputs, HoursRule::kConservative);
  TANDEM_RETURN_IF_ERROR(SolveAndCheck(progress, &decision));
  decision.overcommitted_mentors = OvercommittedMentors(decision.inputs);
  decision.overcommitted_quotas = OvercommittedQuotas(decision.inputs);
  TANDEM_ASSIGN_OR_RETURN(
      decision.hours_rule_cost,
      HoursRuleCost(decision.inputs, decision.problem, decision.result, OptionsFor(progress)));
  TANDEM_ASSIGN_OR_RETURN(decision.coverage_price,
                          CoveragePrice(decision.problem, decision.result, OptionsFor(progress)));
  if (progress && progress(CohortStep::kChecking, kCheckingDone)) return Cancelled();
  return decision;
}

}  // namespace tandem::matching
