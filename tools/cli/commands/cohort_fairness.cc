// tandem cohort fairness: what COVERAGE and FLOOR would cost the cohort against TOTAL, and the
// pairs who would both rather have each other.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/fairness.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/commands/cohort_run.h"
#include "tools/cli/names.h"
#include "tools/cli/points.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::BlockingPair;
using ::tandem::matching::v1::MatchingService;
using ::tandem::matching::v1::ObjectivePrice;
using ::tandem::matching::v1::PlanFigures;
using ::tandem::matching::v1::ReportFairnessResponse;

void AddPlan(tandem::matching::v1::Objective objective, const PlanFigures& plan, Table* table) {
  table->AddRow({Word(objective), absl::StrCat(plan.needs_served()),
                 absl::StrCat(plan.beneficiaries_served()), absl::StrCat(plan.filled_slots()),
                 ExactPointsOf(plan.total_score_micropoints()),
                 ExactPointsOf(plan.worst_pair_score_micropoints())});
}

// The plan of each objective, in points of 100.
Table PlansTable(const ReportFairnessResponse& report) {
  Table table(
      {"objective", "needs served", "NSBs served", "matches", "total score", "worst match"});
  AddPlan(tandem::matching::v1::OBJECTIVE_TOTAL, report.total(), &table);
  for (const ObjectivePrice& price : report.prices()) {
    if (price.has_plan()) AddPlan(price.objective(), price.plan(), &table);
  }
  return table;
}

Table BlockingTable(Labels& labels, const ReportFairnessResponse& report) {
  Table table(
      {"need", "mentor", "name", "score", "the need would leave", "the mentor would leave"});
  table.MakeOptional("name");
  for (const BlockingPair& pair : report.blocking_pairs()) {
    table.AddRow({labels.Need(pair.need()), labels.MentorId(pair.mentor()),
                  labels.MentorPerson(pair.mentor()), Points(pair.score_micropoints()),
                  pair.instead_of_mentor().empty() ? "nobody: it has room"
                                                   : labels.MentorId(pair.instead_of_mentor()),
                  pair.instead_of_need().empty() ? "nothing: there is room"
                                                 : labels.Need(pair.instead_of_need())});
  }
  return table;
}

void PrintForPeople(Program& program, const ReportFairnessResponse& report) {
  Labels labels(program.session());
  program.Say(absl::StrCat("Fairness of ", labels.Cohort(report.run()), " (", report.run(),
                           "), beside the best total:"));
  program.out() << "\n";
  program.Show(PlansTable(report));
  program.out() << "\n";
  for (const ObjectivePrice& price : report.prices()) program.Say(price.sentence());
  program.Say(report.blocking_sentence());
  if (report.blocking_pairs().empty()) return;
  program.out() << "\n";
  program.Show(BlockingTable(labels, report));
  const int64_t more = report.blocking_pair_count() - report.blocking_pairs_size();
  if (more > 0) program.Say(absl::StrCat("... and ", more, " more: --pairs lists up to 10000."));
}

}  // namespace

absl::StatusOr<int> ReportFairness(Program& program, const CohortOptions& options) {
  tandem::matching::v1::ReportFairnessRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_run(), RunName(program.session(), options.cohort));
  request.set_max_blocking_pairs(options.blocking_pairs);
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      const ReportFairnessResponse report,
      program.session().Call(*stub, &MatchingService::Stub::ReportFairness, request, "staff"));
  if (program.format() == Format::kTable) {
    PrintForPeople(program, report);
    return 0;
  }
  Labels labels(program.session());
  TANDEM_RETURN_IF_ERROR(
      program.Print(report, options.blocking ? BlockingTable(labels, report) : PlansTable(report)));
  return 0;
}

}  // namespace tandem::cli
