#include "services/matching/runs/recorded_problem.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/resource_fields.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/problem_writer.h"
#include "services/matching/engine/files/result_json.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

void RecordNeeds(const engine::AssignmentProblem& problem, v1::RecordedProblem* record) {
  for (const engine::AssignmentNeed& need : problem.needs) {
    v1::RecordedNeed* recorded = record->add_needs();
    recorded->set_id(need.id);
    recorded->set_min(need.min);
    recorded->set_max(need.max);
    recorded->set_tier(need.tier);
    recorded->set_beneficiary(need.beneficiary);
    recorded->set_request(need.request);
    recorded->set_quota(need.quota + 1);
  }
}

void RecordQuotas(const engine::AssignmentProblem& problem, v1::RecordedProblem* record) {
  for (const engine::AssignmentQuota& quota : problem.quotas) {
    v1::RecordedQuota* recorded = record->add_quotas();
    recorded->set_id(quota.id);
    recorded->set_of_mentors(quota.side == engine::Side::kMentor);
    recorded->set_min(quota.min);
    recorded->set_max(quota.max);
    recorded->set_parent(quota.parent + 1);
  }
}

engine::AssignmentQuota ReadQuota(const v1::RecordedQuota& recorded) {
  return {recorded.id(), recorded.of_mentors() ? engine::Side::kMentor : engine::Side::kNeed,
          recorded.min(), recorded.max(), recorded.parent() - 1};
}

void RecordPrevious(const engine::AssignmentProblem& problem, v1::RecordedProblem* record) {
  if (!problem.has_previous) return;
  v1::RecordedPreviousPlan* previous = record->mutable_previous();
  for (const engine::PairOfIds& pair : problem.previous) {
    previous->add_needs(pair.need);
    previous->add_mentors(pair.mentor);
  }
  previous->set_change_penalty_micropoints(problem.change_penalty);
}

void ReadPrevious(const v1::RecordedProblem& record, engine::AssignmentProblem* problem) {
  if (!record.has_previous()) return;
  problem->has_previous = true;
  for (int i = 0; i < record.previous().needs_size(); ++i) {
    problem->previous.push_back({record.previous().needs(i), record.previous().mentors(i)});
  }
  problem->change_penalty = record.previous().change_penalty_micropoints();
}

bool ColumnsAgree(const v1::RecordedProblem& record) {
  return record.pair_needs_size() == record.pair_mentors_size() &&
         record.pair_needs_size() == record.pair_scores_size() &&
         record.pinned_needs_size() == record.pinned_mentors_size() &&
         record.previous().needs_size() == record.previous().mentors_size();
}

std::string OptionsOf(const engine::AssignmentProblem& problem) {
  return absl::StrCat("--pairs pairs.csv --needs needs.csv --mentors mentors.csv",
                      problem.quotas.empty() ? "" : " --quotas quotas.csv --groups groups.csv",
                      problem.pinned.empty() ? "" : " --pinned pinned.csv", " --objective ",
                      engine::files::ObjectiveName(problem.objective), " --fill ",
                      engine::files::FillName(problem.fill), " --seed ", problem.seed,
                      problem.has_previous
                          ? absl::StrCat(" --previous previous.json --change-penalty ",
                                         engine::files::FormatDecimal(problem.change_penalty))
                          : "",
                      "\n");
}

}  // namespace

std::string RecordProblem(const engine::AssignmentProblem& problem) {
  v1::RecordedProblem record;
  RecordNeeds(problem, &record);
  for (const engine::AssignmentMentor& mentor : problem.mentors) {
    v1::RecordedMentor* recorded = record.add_mentors();
    recorded->set_id(mentor.id);
    recorded->set_max(mentor.max);
    recorded->set_quota(mentor.quota + 1);
  }
  RecordQuotas(problem, &record);
  for (const engine::AssignmentPair& pair : problem.pairs) {
    record.add_pair_needs(pair.need);
    record.add_pair_mentors(pair.mentor);
    record.add_pair_scores(pair.score);
  }
  for (const engine::PairRef& pin : problem.pinned) {
    record.add_pinned_needs(pin.need);
    record.add_pinned_mentors(pin.mentor);
  }
  RecordPrevious(problem, &record);
  record.set_objective(ToProtoObjective(problem.objective));
  record.set_seed(problem.seed);
  return common::CanonicalBytes(record);
}

absl::StatusOr<engine::AssignmentProblem> ReadRecordedProblem(absl::string_view bytes) {
  v1::RecordedProblem record;
  const bool parsed = record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  engine::AssignmentProblem problem;
  if (parsed && ColumnsAgree(record)) {
    for (const v1::RecordedNeed& need : record.needs()) {
      problem.needs.push_back({need.id(), need.min(), need.max(), need.tier(), need.beneficiary(),
                               need.request(), need.quota() - 1});
    }
    for (const v1::RecordedMentor& mentor : record.mentors()) {
      problem.mentors.push_back({mentor.id(), /*min=*/0, mentor.max(), mentor.quota() - 1});
    }
    for (const v1::RecordedQuota& quota : record.quotas()) {
      problem.quotas.push_back(ReadQuota(quota));
    }
    for (int i = 0; i < record.pair_needs_size(); ++i) {
      problem.pairs.push_back({record.pair_needs(i), record.pair_mentors(i), record.pair_scores(i),
                               engine::kSameScore});
    }
    for (int i = 0; i < record.pinned_needs_size(); ++i) {
      problem.pinned.push_back({record.pinned_needs(i), record.pinned_mentors(i)});
    }
    ReadPrevious(record, &problem);
    problem.objective = ToEngineObjective(record.objective());
    problem.seed = record.seed();
    if (engine::ValidateProblem(problem).ok()) return problem;
  }
  return absl::DataLossError(
      "the recorded problem of the run is damaged: restore the store from a backup");
}

v1::Objective ToProtoObjective(engine::Objective objective) {
  switch (objective) {
    case engine::Objective::kTotal:
      return v1::OBJECTIVE_TOTAL;
    case engine::Objective::kCoverage:
      return v1::OBJECTIVE_COVERAGE;
    case engine::Objective::kFloor:
      return v1::OBJECTIVE_FLOOR;
    case engine::Objective::kStable:
      return v1::OBJECTIVE_STABLE;
  }
  return v1::OBJECTIVE_UNSPECIFIED;
}

engine::Objective ToEngineObjective(v1::Objective objective) {
  switch (objective) {
    case v1::OBJECTIVE_COVERAGE:
      return engine::Objective::kCoverage;
    case v1::OBJECTIVE_FLOOR:
      return engine::Objective::kFloor;
    case v1::OBJECTIVE_STABLE:
      return engine::Objective::kStable;
    default:
      return engine::Objective::kTotal;
  }
}

absl::Status WritePlainFiles(const engine::AssignmentProblem& problem, const FilePieceSink& sink) {
  for (const auto& [file_name, text] : engine::files::ProblemToFiles(problem)) {
    TANDEM_RETURN_IF_ERROR(WriteInPieces(file_name, text, sink));
  }
  return WriteInPieces("options.txt", OptionsOf(problem), sink);
}

absl::Status WriteInPieces(absl::string_view file_name, absl::string_view bytes,
                           const FilePieceSink& sink) {
  for (size_t begin = 0; begin < bytes.size(); begin += kPieceBytes) {
    if (!sink(file_name, bytes.substr(begin, kPieceBytes))) {
      return absl::CancelledError("the reader of the files went away");
    }
  }
  return absl::OkStatus();
}

}  // namespace tandem::matching
