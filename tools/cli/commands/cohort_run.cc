#include "tools/cli/commands/cohort_run.h"

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/plan_order.h"
#include "tools/cli/display.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/names.h"
#include "tools/cli/points.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::google::longrunning::Operation;
using ::google::longrunning::Operations;
using ::tandem::matching::v1::CohortRun;
using ::tandem::matching::v1::Conflict;
using ::tandem::matching::v1::ExplainWhyNotResponse;
using ::tandem::matching::v1::Match;
using ::tandem::matching::v1::MatchingService;
using ::tandem::matching::v1::SolveCohortMetadata;
using ::tandem::matching::v1::UnmatchedNeed;

constexpr absl::Duration kFirstPause = absl::Milliseconds(20);
constexpr absl::Duration kLongestPause = absl::Milliseconds(500);

// The matches of a run: those that it proposed, and the approved ones of earlier runs that it
// keeps.
absl::StatusOr<google::protobuf::RepeatedPtrField<Match>> ReadMatches(Program& program,
                                                                      const CohortRun& run) {
  tandem::matching::v1::ListMatchesRequest request;
  request.set_page_size(1000);
  request.set_filter(absl::StrCat("run = \"", run.name(), "\""));
  const auto stub = program.session().Stub<MatchingService>();
  google::protobuf::RepeatedPtrField<Match> matches;
  do {
    TANDEM_ASSIGN_OR_RETURN(
        tandem::matching::v1::ListMatchesResponse page,
        program.session().Call(*stub, &MatchingService::Stub::ListMatches, request, "staff"));
    matches.MergeFrom(page.matches());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::set<std::string> proposed;
  for (const Match& match : matches) proposed.insert(match.name());
  for (const std::string& name : run.matches()) {
    if (proposed.count(name) > 0) continue;
    tandem::matching::v1::GetMatchRequest kept;
    kept.set_name(name);
    TANDEM_ASSIGN_OR_RETURN(
        *matches.Add(),
        program.session().Call(*stub, &MatchingService::Stub::GetMatch, kept, "staff"));
  }
  return matches;
}

Table PlanTable(Labels& labels, const google::protobuf::RepeatedPtrField<Match>& matches) {
  Table table({"need", "NSB", "what", "mentor", "name", "score", "rank", "state", "why", "match"});
  for (const char* column : {"match", "mentor", "NSB", "state", "why"}) table.MakeOptional(column);
  for (const Match& match : SortedByNeed(labels, matches)) {
    const std::string help = match.needs_interpreter() ? "; with an interpreter" : "";
    const std::string why =
        absl::StrCat(Strongest(match.breakdown(), kCellWidth - help.size()), help);
    table.AddRow({labels.Need(match.need()), labels.NeedOrganisations(match.need()),
                  labels.NeedTitle(match.need()), labels.MentorId(match.mentor()),
                  labels.MentorPerson(match.mentor()), Points(match.score_micropoints()),
                  absl::StrCat(match.rank()), Word(match.state()), why, match.name()});
  }
  return table;
}

Table UnmatchedTable(Labels& labels, const CohortRun& run) {
  Table table({"need", "NSB", "what", "open", "eligible", "binding rule", "what would help"});
  table.MakeOptional("NSB");
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

std::string PointsOf(const std::string& micropoints) {
  return absl::StrCat(ExactPointsOf(micropoints), " points");
}

void PrintSummary(Program& program, Labels& labels, const CohortRun& run) {
  std::string scores = absl::StrCat(", total score ", PointsOf(run.total_score_micropoints()));
  if (!run.worst_pair_score_micropoints().empty()) {
    absl::StrAppend(&scores, ", worst pair ", PointsOf(run.worst_pair_score_micropoints()));
  }
  program.Say(absl::StrCat(labels.Cohort(run.name()), " (", run.name(), "): ", Word(run.status()),
                           ", objective ", Word(run.objective()), ". ", run.needs_served(), " of ",
                           run.need_count(), " needs served, ", run.filled_slots(),
                           run.filled_slots() == 1 ? " match" : " matches", scores, "."));
  program.Say(absl::StrCat("Chosen among ", run.pair_count(), " eligible pairs of ",
                           run.mentor_count(), " mentors; ",
                           run.certificate_checked() ? "the certificate was checked independently."
                                                     : "the certificate was NOT checked."));
  program.Say(absl::StrCat("Policy ", ShortPolicy(run.inputs().policy()), ", as of ",
                           FormatInstant(run.inputs().decision_time()), ", seed ",
                           run.inputs().seed(), ", result ",
                           run.inputs().result_digest().substr(0, 16), "."));
}

void PrintConflict(Program& program, Labels& labels, const Conflict& conflict) {
  program.out() << "\nThe hard minimums cannot be kept: " << conflict.demand()
                << (conflict.demand() == 1 ? " place is" : " places are") << " asked for where "
                << conflict.supply() << " can be had.\n";
  const auto line = [&](const char* what, const std::string& names) {
    if (!names.empty()) program.out() << "  " << what << ": " << names << "\n";
  };
  line("needs", Joined(labels, &Labels::Need, conflict.needs()));
  line("mentors", Joined(labels, &Labels::MentorId, conflict.mentors()));
  line("quotas of the policy", absl::StrJoin(conflict.quotas(), ", "));
}

void PrintDifference(Program& program, Labels& labels,
                     const tandem::matching::v1::PlanDifference& difference) {
  program.out() << "\n";
  program.Say(absl::StrCat("Against ", labels.Cohort(difference.run()), ": ",
                           difference.kept_count(), " kept, ", difference.added_size(), " new, ",
                           difference.dropped_size(), " dropped."));
  Table table({"", "need", "mentor", "name"});
  const auto add = [&](const char* what, const auto& pairs) {
    for (const auto& pair : pairs) {
      table.AddRow({what, labels.Need(pair.need()), labels.MentorId(pair.mentor()),
                    labels.MentorPerson(pair.mentor())});
    }
  };
  add("new", difference.added());
  add("dropped", difference.dropped());
  if (difference.added_size() + difference.dropped_size() > 0) program.Show(table, 150);
}

void PrintRest(Program& program, Labels& labels, const CohortRun& run) {
  if (!run.unmatched().empty()) {
    program.out() << "\nNeeds left open:\n";
    program.Show(UnmatchedTable(labels, run), 150);
  }
  if (run.has_difference()) PrintDifference(program, labels, run.difference());
  if (run.has_conflict()) {
    PrintConflict(program, labels, run.conflict());
  }
  for (const std::string& sentence : {run.coverage_price(), run.hours_rule_cost_bound()}) {
    if (sentence.empty()) continue;
    program.out() << "\n";
    program.Say(sentence);
  }
  if (!run.overcommitted_mentors().empty()) {
    program.out() << "\nPromised more than they now offer: "
                  << Joined(labels, &Labels::MentorId, run.overcommitted_mentors()) << "\n";
  }
  if (!run.overcommitted_quotas().empty()) {
    program.out() << "\nApproved matches exceed these quotas of the policy: "
                  << absl::StrJoin(run.overcommitted_quotas(), ", ") << "\n";
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
  TANDEM_ASSIGN_OR_RETURN(auto matches, ReadMatches(program, run));
  if (program.format() == Format::kTable) {
    PrintSummary(program, labels, run);
    program.out() << "\n";
  }
  TANDEM_RETURN_IF_ERROR(program.Print(run, PlanTable(labels, matches)));
  if (program.format() == Format::kTable) PrintRest(program, labels, run);
  return solved ? 0 : 1;
}

// Asks until the operation is done.
absl::StatusOr<Operation> Wait(Program& program, Operation operation) {
  const InterruptNote note(
      "The server goes on solving: \"tandem cohort show COHORT\" shows the plan when it is "
      "there.\n");
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

absl::Status StayNear(Program& program, const CohortOptions& options,
                      tandem::matching::v1::SolveCohortRequest* request) {
  if (options.near == "last") {
    TANDEM_ASSIGN_OR_RETURN(*request->mutable_previous_run(),
                            RunName(program.session(), options.cohort));
  } else {
    request->set_previous_run(options.near);
  }
  if (options.change_penalty.empty()) return absl::OkStatus();
  if (options.near.empty()) {
    return absl::InvalidArgumentError("--change-penalty needs --near: changed against which plan?");
  }
  const absl::StatusOr<int64_t> penalty = MicropointsOf(options.change_penalty);
  if (!penalty.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--change-penalty '", Harmless(options.change_penalty), "': ", penalty.status().message()));
  }
  request->set_change_penalty_micropoints(*penalty);
  return absl::OkStatus();
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
  TANDEM_RETURN_IF_ERROR(StayNear(program, options, &request));
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

enum class CostFor { kPeople, kPrograms };

// What forcing the pair costs, component by component. People see points, and no draws: those only
// tell equal plans apart.
Table CostTable(const ExplainWhyNotResponse& response, CostFor whom) {
  constexpr absl::string_view kUnit = " in micro-points";
  Table cost({"component", "plan", "with this pair"});
  for (const auto& component : response.cost()) {
    const std::string& name = component.component();
    if (whom == CostFor::kPrograms) {
      cost.AddRow({name, component.optimum(), component.forced()});
    } else if (absl::EndsWith(name, kUnit)) {
      cost.AddRow({name.substr(0, name.size() - kUnit.size()), PointsOf(component.optimum()),
                   PointsOf(component.forced())});
    } else if (!absl::StrContains(name, "draw")) {
      cost.AddRow({name, component.optimum(), component.forced()});
    }
  }
  return cost;
}

absl::StatusOr<int> WhyNot(Program& program, const CohortOptions& options) {
  tandem::matching::v1::ExplainWhyNotRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_run(), RunName(program.session(), options.cohort));
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_need(), RoleName(program.session(), options.need));
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_mentor(), MentorName(program.session(), options.mentor));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      ExplainWhyNotResponse response,
      program.session().Call(*stub, &MatchingService::Stub::ExplainWhyNot, request, "staff"));
  if (program.format() != Format::kTable) {
    TANDEM_RETURN_IF_ERROR(program.Print(response, CostTable(response, CostFor::kPrograms)));
    return 0;
  }
  const Table cost = CostTable(response, CostFor::kPeople);
  Labels labels(program.session());
  program.Say(absl::StrCat("Why not ", labels.MentorPerson(response.mentor()), " for ",
                           labels.Need(response.need()), "? ",
                           absl::StrReplaceAll(Word(response.kind()), {{"-", " "}}), ": ",
                           labels.WithOrganisations(response.sentence())));
  // One alone is in the sentence already.
  if (response.failed_rules_size() > 1) {
    for (const std::string& rule : response.failed_rules()) {
      program.Say(absl::StrCat("  - ", labels.WithOrganisations(rule)), /*indent=*/4);
    }
  }
  if (!cost.empty()) {
    program.out() << "\n";
    program.Show(cost);
  }
  if (!response.moved().empty()) program.out() << "\nMatches that would move:\n";
  for (const auto& moved : response.moved()) {
    program.Say(absl::StrCat(moved.added() ? "  + " : "  - ", labels.Need(moved.need()), " with ",
                             labels.MentorPerson(moved.mentor()), " (",
                             labels.MentorId(moved.mentor()), ")"),
                /*indent=*/4);
  }
  return 0;
}

}  // namespace tandem::cli
