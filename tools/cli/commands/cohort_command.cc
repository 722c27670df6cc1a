// tandem cohort create|list|show|solve|cancel|why-not|fairness|verify

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/cohort_run.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::Cohort;
using ::tandem::matching::v1::ListCohortsResponse;
using ::tandem::matching::v1::MatchingService;

Table CohortTable(Program& program, const google::protobuf::RepeatedPtrField<Cohort>& cohorts) {
  Table table(
      {"cohort", "name", "programme", "policy", "seed", "decides as of", "latest run", "resource"});
  table.MakeOptional("resource");
  table.MakeOptional("seed");
  Labels labels(program.session());
  for (const Cohort& cohort : cohorts) {
    table.AddRow(
        {cohort.external_id(), cohort.display_name(),
         cohort.programme().empty() ? "" : labels.Programme(cohort.programme()),
         cohort.policy().empty() ? "in force" : ShortPolicy(cohort.policy()),
         absl::StrCat(cohort.seed()),
         cohort.has_decision_time() ? FormatInstant(cohort.decision_time()) : "when solved",
         cohort.latest_run(), cohort.name()});
  }
  return table;
}

// Writes the cohort as a new one, or in the place of the one with its external id.
absl::StatusOr<Cohort> Write(Program& program, const CohortOptions& options,
                             tandem::matching::v1::CreateCohortRequest request) {
  const auto stub = program.session().Stub<MatchingService>();
  if (options.replace) {
    tandem::matching::v1::UpsertCohortRequest upsert;
    *upsert.mutable_cohort() = request.cohort();
    upsert.set_request_id(program.session().RequestId());
    TANDEM_ASSIGN_OR_RETURN(
        const tandem::matching::v1::UpsertCohortResponse response,
        program.session().Call(*stub, &MatchingService::Stub::UpsertCohort, upsert, "staff"));
    return response.cohort();
  }
  request.set_request_id(program.session().RequestId());
  absl::StatusOr<Cohort> created =
      program.session().Call(*stub, &MatchingService::Stub::CreateCohort, request, "staff");
  if (!absl::IsAlreadyExists(created.status())) return created;
  return absl::AlreadyExistsError(absl::StrCat(created.status().message(),
                                               "\n--replace replaces its content; \"tandem cohort "
                                               "show ",
                                               options.cohort, "\" shows it."));
}

absl::StatusOr<int> Create(Program& program, const CohortOptions& options) {
  tandem::matching::v1::CreateCohortRequest request;
  Cohort* cohort = request.mutable_cohort();
  cohort->set_external_id(options.cohort);
  cohort->set_display_name(options.display_name.empty() ? options.cohort : options.display_name);
  cohort->set_policy(PolicyName(options.policy));
  cohort->set_seed(options.seed);
  if (!options.at.empty()) {
    auto at = ParseInstant(options.at);
    if (!at.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--at '", Harmless(options.at), "' ", at.status().message()));
    }
    *cohort->mutable_decision_time() = *at;
  }
  TANDEM_ASSIGN_OR_RETURN(*cohort->mutable_programme(),
                          ProgrammeName(program.session(), options.programme));
  for (const std::string& need : options.needs) {
    TANDEM_ASSIGN_OR_RETURN(*cohort->add_engagement_requests(), NeedName(program.session(), need));
  }
  TANDEM_ASSIGN_OR_RETURN(const Cohort created, Write(program, options, request));
  google::protobuf::RepeatedPtrField<Cohort> one;
  *one.Add() = created;
  TANDEM_RETURN_IF_ERROR(program.Print(created, CohortTable(program, one)));
  return 0;
}

absl::StatusOr<int> List(Program& program, const CohortOptions&) {
  tandem::matching::v1::ListCohortsRequest request;
  request.set_page_size(1000);
  const auto stub = program.session().Stub<MatchingService>();
  ListCohortsResponse all;
  do {
    TANDEM_ASSIGN_OR_RETURN(
        ListCohortsResponse page,
        program.session().Call(*stub, &MatchingService::Stub::ListCohorts, request, "staff"));
    all.mutable_cohorts()->MergeFrom(page.cohorts());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  TANDEM_RETURN_IF_ERROR(program.Print(all, CohortTable(program, all.cohorts())));
  return 0;
}

absl::StatusOr<int> Show(Program& program, const CohortOptions& options) {
  const absl::StatusOr<std::string> run = RunName(program.session(), options.cohort);
  if (run.ok()) return ShowRun(program, *run);
  if (!absl::IsFailedPrecondition(run.status())) return run.status();
  // Not solved yet: show the cohort itself.
  tandem::matching::v1::GetCohortRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), CohortName(program.session(), options.cohort));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      Cohort cohort,
      program.session().Call(*stub, &MatchingService::Stub::GetCohort, request, "staff"));
  google::protobuf::RepeatedPtrField<Cohort> one;
  *one.Add() = cohort;
  TANDEM_RETURN_IF_ERROR(program.Print(cohort, CohortTable(program, one)));
  if (program.format() == Format::kTable) program.Say(std::string(run.status().message()));
  return 0;
}

using Handler = absl::StatusOr<int> (*)(Program&, const CohortOptions&);

CLI::App* AddOne(CLI::App* parent, Program& program, const std::string& name,
                 const std::string& description, Handler handler,
                 const std::shared_ptr<CohortOptions>& options) {
  CLI::App* command = parent->add_subcommand(name, description);
  command->callback([&program, handler, options] {
    program.action = [&program, handler, options] { return handler(program, *options); };
  });
  return command;
}

void AddCohortArgument(CLI::App* command, const std::shared_ptr<CohortOptions>& options) {
  command
      ->add_option("COHORT", options->cohort,
                   "External id or resource name of a cohort (its latest run), or of a run")
      ->required();
}

void AddCreate(CLI::App* parent, Program& program, const std::shared_ptr<CohortOptions>& options) {
  CLI::App* create = AddOne(parent, program, "create", "Create a cohort", Create, options);
  create->add_option("ID", options->cohort, "Its external id, for example C-2027")->required();
  create->add_option("--programme", options->programme, "Programme: external id or resource name")
      ->required();
  create->add_option("--name", options->display_name, "Its name (default: the id)");
  create->add_option("--need", options->needs,
                     "A request that belongs to it; repeat for more (default: all open ones)");
  create->add_flag("--replace", options->replace,
                   "Replace the content of the cohort that has this id already");
  create->add_option("--policy", options->policy, "POLICY/VERSION (default: the one in force)");
  create->add_option("--seed", options->seed, "Seed of the draws that decide ties")
      ->check(WholeNumber());
  create->add_option("--at", options->at,
                     "Decide as of this date or time (default: when it is solved)");
}

void AddFairness(CLI::App* parent, Program& program,
                 const std::shared_ptr<CohortOptions>& options) {
  CLI::App* fairness =
      AddOne(parent, program, "fairness",
             "What coverage and a floor would cost, and who would rather have each other",
             ReportFairness, options);
  AddCohortArgument(fairness, options);
  fairness->add_option("--pairs", options->blocking_pairs, "The most blocking pairs to list")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  fairness->add_flag("--blocking", options->blocking,
                     "With --format csv: the blocking pairs instead of the plans");
}

}  // namespace

void AddCohortCommand(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("cohort", "Match many needs together: proven optimal, with a certificate");
  command->require_subcommand(1);
  const auto options = std::make_shared<CohortOptions>();
  AddCreate(command, program, options);
  AddOne(command, program, "list", "List cohorts", List, options);
  AddCohortArgument(AddOne(command, program, "show",
                           "Show a run: its matches, and the needs left open", Show, options),
                    options);
  CLI::App* solve =
      AddOne(command, program, "solve", "Solve a cohort and propose matches", SolveCohort, options);
  AddCohortArgument(solve, options);
  solve->add_option(
      "--near", options->near,
      "Stay near the plan of this run (\"last\", or cohorts/ID/runs/N): among plans of "
      "equal score the one that changes fewest pairs");
  solve->add_option("--change-penalty", options->change_penalty,
                    "With --near: the points that each changed pair costs, for example 2.5");
  solve->add_flag("--no-wait", options->no_wait, "Start it and print the operation's name");
  AddOne(command, program, "cancel", "Cancel a solution under way", CancelSolve, options)
      ->add_option("COHORT", options->cohort, "External id, cohort, run or operation")
      ->required();
  CLI::App* why_not =
      AddOne(command, program, "why-not",
             "Why a mentor was not matched with a need: what it would cost", WhyNot, options);
  AddCohortArgument(why_not, options);
  why_not->add_option("NEED", options->need, "External id, or REQUEST/ROLE")->required();
  why_not->add_option("MENTOR", options->mentor, "External id or resource name")->required();
  AddFairness(command, program, options);
  CLI::App* verify = AddOne(command, program, "verify",
                            "Export a run and verify its certificate here, without the server",
                            VerifyRun, options);
  AddCohortArgument(verify, options);
  verify->add_option("--out", options->out, "Keep the exported files in this folder");
}

}  // namespace tandem::cli
