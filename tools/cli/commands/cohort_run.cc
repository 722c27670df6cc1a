#include "tools/cli/commands/cohort_run.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/names.h"
#include "tools/cli/points.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::google::longrunning::Operation;
using ::google::longrunning::Operations;
using ::tandem::matching::v1::CohortRun;
using ::tandem::matching::v1::ExplainWhyNotResponse;
using ::tandem::matching::v1::Match;
using ::tandem::matching::v1::MatchingService;
using ::tandem::matching::v1::SolveCohortMetadata;
using ::tandem::matching::v1::UnmatchedNeed;

constexpr absl::Duration kFirstPause = absl::Milliseconds(20);
constexpr absl::Duration kLongestPause = absl::Milliseconds(500);

absl::StatusOr<google::protobuf::RepeatedPtrField<Match>> ReadMatches(Program& program,
                                                                      const std::string& run) {
  tandem::matching::v1::ListMatchesRequest request;
  request.set_page_size(1000);
  request.set_filter(absl::StrCat("run = \"", run, "\""));
  const auto stub = program.session().Stub<MatchingService>();
  google::protobuf::RepeatedPtrField<Match> matches;
  do {
    TANDEM_ASSIGN_OR_RETURN(
        tandem::matching::v1::ListMatchesResponse page,
        program.session().Call(*stub, &MatchingService::Stub::ListMatches, request, "staff"));
    matches.MergeFrom(page.matches());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return matches;
}

// In the order of what people call the needs.
template <typename Items>
auto SortedByNeed(Labels& labels, const Items& items) {
  std::vector<typename Items::value_type> sorted(items.begin(), items.end());
  std::stable_sort(sorted.begin(), sorted.end(), [&labels](const auto& a, const auto& b) {
    return labels.Need(a.need()) < labels.Need(b.need());
  });
  return sorted;
}

Table PlanTable(Labels& labels, const google::protobuf::RepeatedPtrField<Match>& matches) {
  Table table({"need", "NSB", "what", "mentor", "name", "score", "rank", "why", "match"});
  for (const Match& match : SortedByNeed(labels, matches)) {
    const std::string help = match.needs_interpreter() ? "; with an interpreter" : "";
    const std::string why =
        absl::StrCat(Strongest(match.breakdown(), kCellWidth - help.size()), help);
    table.AddRow({labels.Need(match.need()), labels.NeedOrganisations(match.need()),
                  labels.NeedTitle(match.need()), labels.MentorId(match.mentor()),
                  labels.MentorPerson(match.mentor()), Points(match.score_micropoints()),
                  absl::StrCat(match.rank()), why, match.name()});
  }
  return table;
}

Table UnmatchedTable(Labels& labels, const CohortRun& run) {
  Table table({"need", "NSB", "what", "open", "eligible", "binding rule", "what would help"});
  for (const UnmatchedNeed& need : SortedByNeed(labels, run.unmatched())) {
    table.AddRow({labels.Need(need.need()), labels.NeedOrganisations(need.need()),
                  labels.NeedTitle(need.need()), absl::StrCat(need.open_slots()),
                  absl::StrCat(need.eligible_count()), Word(need.binding_rule()), need.remedy()});
  }
  return table;
}

std::string Joined(Labels& labels, std::string (Labels::*label)(const std::string&),
                   const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", (labels.*label)(name));
  }
  return text;
}

void PrintSummary(Program& program, const CohortRun& run) {
  program.out() << "Run " << run.name() << ": " << Word(run.status()) << ", objective "
                << Word(run.objective()) << ". " << run.needs_served() << " of " << run.need_count()
                << " needs served, " << run.filled_slots() << " matches, total score "
                << run.total_score_micropoints() << " micro-points"
                << (run.worst_pair_score_micropoints().empty()
                        ? ""
                        : ", worst pair " + run.worst_pair_score_micropoints())
                << ".\n"
                << "Chosen among " << run.pair_count() << " eligible pairs of "
                << run.mentor_count() << " mentors; "
                << (run.certificate_checked() ? "the certificate was checked independently"
                                              : "the certificate was NOT checked")
                << ".\n"
                << "Policy " << run.inputs().policy() << ", as of "
                << FormatInstant(run.inputs().decision_time()) << ", seed " << run.inputs().seed()
                << ", result " << run.inputs().result_digest().substr(0, 16) << ".\n";
}

void PrintRest(Program& program, Labels& labels, const CohortRun& run) {
  if (!run.unmatched().empty()) {
    program.out() << "\nNeeds left open:\n" << UnmatchedTable(labels, run).AsText(150);
  }
  if (run.has_conflict()) {
    program.out() << "\nThe hard minimums cannot be kept: these needs ask for "
                  << run.conflict().demand() << " places of these mentors, who have "
                  << run.conflict().supply()
                  << ".\n  needs: " << Joined(labels, &Labels::Need, run.conflict().needs())
                  << "\n  mentors: " << Joined(labels, &Labels::MentorId, run.conflict().mentors())
                  << "\n";
  }
  if (!run.coverage_price().empty()) program.out() << "\n" << run.coverage_price() << "\n";
  if (!run.hours_rule_cost_bound().empty()) {
    program.out() << "\n" << run.hours_rule_cost_bound() << "\n";
  }
  if (!run.overcommitted_mentors().empty()) {
    program.out() << "\nPromised more than they now offer: "
                  << Joined(labels, &Labels::MentorId, run.overcommitted_mentors()) << "\n";
  }
  if (!run.error().empty()) program.out() << "\nError: " << run.error() << "\n";
}

absl::StatusOr<int> PrintRun(Program& program, const CohortRun& run) {
  const bool solved = run.status() == tandem::matching::v1::RUN_STATUS_OPTIMAL ||
                      run.status() == tandem::matching::v1::RUN_STATUS_STABLE;
  if (program.format() == Format::kJson) {
    TANDEM_RETURN_IF_ERROR(program.PrintJson(run));
    return solved ? 0 : 1;
  }
  Labels labels(program.session());
  TANDEM_ASSIGN_OR_RETURN(auto matches, ReadMatches(program, run.name()));
  if (program.format() == Format::kTable) {
    PrintSummary(program, run);
    program.out() << "\n";
  }
  TANDEM_RETURN_IF_ERROR(program.Print(run, PlanTable(labels, matches)));
  if (program.format() == Format::kTable) PrintRest(program, labels, run);
  return solved ? 0 : 1;
}

// Asks until the operation is done.
absl::StatusOr<Operation> Wait(Program& program, Operation operation) {
  const auto stub = program.session().Stub<Operations>();
  google::longrunning::GetOperationRequest request;
  request.set_name(operation.name());
  absl::Duration pause = kFirstPause;
  while (!operation.done()) {
    SolveCohortMetadata metadata;
    if (operation.metadata().UnpackTo(&metadata)) {
      program.Progress(absl::StrCat(metadata.step(), ": ", metadata.progress_percent(), " %"));
    }
    absl::SleepFor(pause);
    pause = std::min(pause * 2, kLongestPause);
    TANDEM_ASSIGN_OR_RETURN(
        operation,
        program.session().Call(*stub, &Operations::Stub::GetOperation, request, "staff"));
  }
  program.Progress("");
  return operation;
}

}  // namespace

absl::StatusOr<int> ShowRun(Program& program, const std::string& run_name) {
  tandem::matching::v1::GetCohortRunRequest request;
  request.set_name(run_name);
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      CohortRun run,
      program.session().Call(*stub, &MatchingService::Stub::GetCohortRun, request, "staff"));
  return PrintRun(program, run);
}

absl::StatusOr<int> SolveCohort(Program& program, const CohortOptions& options) {
  tandem::matching::v1::SolveCohortRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), CohortName(program.session(), options.cohort));
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      Operation operation,
      program.session().Call(*stub, &MatchingService::Stub::SolveCohort, request, "staff"));
  if (options.no_wait) {
    if (program.format() == Format::kJson) {
      TANDEM_RETURN_IF_ERROR(program.PrintJson(operation));
    } else {
      program.out() << operation.name() << "\n";
    }
    return 0;
  }
  TANDEM_ASSIGN_OR_RETURN(operation, Wait(program, operation));
  if (operation.has_error()) {
    return program.session().Describe(
        grpc::Status(static_cast<grpc::StatusCode>(operation.error().code()),
                     operation.error().message(), operation.error().SerializeAsString()));
  }
  CohortRun run;
  if (!operation.response().UnpackTo(&run)) {
    return absl::InternalError("the server's answer is not a run; is it of the same version?");
  }
  return PrintRun(program, run);
}

absl::StatusOr<int> CancelSolve(Program& program, const CohortOptions& options) {
  google::longrunning::CancelOperationRequest request;
  request.set_name(options.operation);
  const auto stub = program.session().Stub<Operations>();
  TANDEM_ASSIGN_OR_RETURN(
      google::protobuf::Empty nothing,
      program.session().Call(*stub, &Operations::Stub::CancelOperation, request, "staff"));
  (void)nothing;
  program.out() << "Cancellation asked for.\n";
  return 0;
}

absl::StatusOr<int> WhyNot(Program& program, const CohortOptions& options) {
  tandem::matching::v1::ExplainWhyNotRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_run(), RunName(program.session(), options.cohort));
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_need(), NeedName(program.session(), options.need));
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_mentor(), MentorName(program.session(), options.mentor));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      ExplainWhyNotResponse response,
      program.session().Call(*stub, &MatchingService::Stub::ExplainWhyNot, request, "staff"));
  Table cost({"component", "plan", "with this pair"});
  for (const auto& component : response.cost()) {
    cost.AddRow({component.component(), component.optimum(), component.forced()});
  }
  if (program.format() != Format::kTable) {
    TANDEM_RETURN_IF_ERROR(program.Print(response, cost));
    return 0;
  }
  Labels labels(program.session());
  program.out() << "Why not " << labels.MentorPerson(response.mentor()) << " for "
                << labels.Need(response.need()) << "? " << Word(response.kind()) << ": "
                << response.sentence() << "\n";
  for (const std::string& rule : response.failed_rules()) program.out() << "  - " << rule << "\n";
  if (!cost.empty()) program.out() << "\n" << cost.AsText();
  if (!response.moved().empty()) program.out() << "\nMatches that would move:\n";
  for (const auto& moved : response.moved()) {
    program.out() << (moved.added() ? "  + " : "  - ") << labels.Need(moved.need()) << " with "
                  << labels.MentorPerson(moved.mentor()) << " (" << labels.MentorId(moved.mentor())
                  << ")\n";
  }
  return 0;
}

}  // namespace tandem::cli
