// tandem match list|show|approve|reject

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/commands/plan_order.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"
#include "tools/cli/points.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::ListMatchesResponse;
using ::tandem::matching::v1::Match;
using ::tandem::matching::v1::MatchingService;

struct MatchOptions {
  std::vector<std::string> matches;
  std::string cohort;
  std::string state;
  int limit = 100;
  std::string rationale;
  std::string reason_code;
};

std::string MatchName(const std::string& id) {
  return absl::StartsWith(id, "matches/") ? id : absl::StrCat("matches/", id);
}

Table MatchTable(Program& program, const google::protobuf::RepeatedPtrField<Match>& matches) {
  Table table({"match", "need", "NSB", "mentor", "name", "score", "state", "decided by"});
  table.MakeOptional("decided by");
  table.MakeOptional("NSB");
  Labels labels(program.session());
  for (const Match& match : SortedByNeed(labels, matches)) {
    table.AddRow({match.name(), labels.Need(match.need()), labels.NeedOrganisations(match.need()),
                  labels.MentorId(match.mentor()), labels.MentorPerson(match.mentor()),
                  Points(match.score_micropoints()), Word(match.state()), match.decided_by()});
  }
  return table;
}

absl::StatusOr<int> List(Program& program, const MatchOptions& options) {
  tandem::matching::v1::ListMatchesRequest request;
  std::string filter;
  if (!options.cohort.empty()) {
    TANDEM_ASSIGN_OR_RETURN(std::string run, RunName(program.session(), options.cohort));
    filter = absl::StrCat("run = \"", run, "\"");
  }
  if (!options.state.empty()) {
    auto state = FromWord<tandem::matching::v1::MatchState>(options.state);
    if (!state.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--state '", Harmless(options.state), "' ", state.status().message()));
    }
    absl::StrAppend(&filter, filter.empty() ? "" : " AND ", "state = \"",
                    tandem::matching::v1::MatchState_Name(*state), "\"");
  }
  request.set_filter(filter);
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(Listed<ListMatchesResponse> listed,
                          ListUpTo(program, *stub, &MatchingService::Stub::ListMatches, request,
                                   &ListMatchesResponse::mutable_matches, options.limit, "staff"));
  if (program.format() == Format::kJson) {
    TANDEM_RETURN_IF_ERROR(program.PrintJson(listed.all));
    return 0;
  }
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, MatchTable(program, listed.all.matches())));
  listed.SayMore(program);
  return 0;
}

void PrintReasons(Program& program, const Match& match) {
  for (const std::string& reason : match.reasons()) {
    program.Say(absl::StrCat("  - ", reason), /*indent=*/4);
  }
}

absl::StatusOr<int> Show(Program& program, const MatchOptions& options) {
  const auto stub = program.session().Stub<MatchingService>();
  for (const std::string& id : options.matches) {
    tandem::matching::v1::GetMatchRequest request;
    request.set_name(MatchName(id));
    TANDEM_ASSIGN_OR_RETURN(
        Match match,
        program.session().Call(*stub, &MatchingService::Stub::GetMatch, request, "staff"));
    google::protobuf::RepeatedPtrField<Match> one;
    *one.Add() = match;
    TANDEM_RETURN_IF_ERROR(program.Print(match, MatchTable(program, one)));
    if (program.format() != Format::kTable) continue;
    PrintReasons(program, match);
    program.Show(CriterionTable(match.breakdown()), 90);
    program.Say(absl::StrCat(match.hours_per_month(), " hours per month from ", match.first_month(),
                             " to ", match.last_month(), "; rank ", match.rank(),
                             " among the eligible."));
    if (!match.rationale().empty()) program.Say(absl::StrCat("Reason: ", match.rationale()));
  }
  return 0;
}

// One match after another; those that are refused do not keep the others from being decided.
template <typename Decide>
absl::StatusOr<int> ForEach(Program& program, const MatchOptions& options, const Decide& decide) {
  ListMatchesResponse decided;
  absl::Status first_refusal;
  for (size_t i = 0; i < options.matches.size(); ++i) {
    absl::StatusOr<Match> match = decide(MatchName(options.matches[i]), absl::StrCat(i));
    if (match.ok()) {
      *decided.add_matches() = *std::move(match);
      continue;
    }
    if (options.matches.size() == 1) return match.status();
    program.err() << MatchName(options.matches[i]) << ": " << match.status().message() << "\n";
    if (first_refusal.ok()) first_refusal = match.status();
  }
  if (program.format() == Format::kJson) {
    TANDEM_RETURN_IF_ERROR(program.PrintJson(decided));
  } else {
    TANDEM_RETURN_IF_ERROR(program.Print(decided, MatchTable(program, decided.matches())));
  }
  if (first_refusal.ok()) return 0;
  return absl::IsInvalidArgument(first_refusal) ? 2 : 1;
}

absl::StatusOr<int> Approve(Program& program, const MatchOptions& options) {
  const auto stub = program.session().Stub<MatchingService>();
  return ForEach(program, options, [&](const std::string& name, const std::string& step) {
    tandem::matching::v1::ApproveMatchRequest request;
    request.set_name(name);
    request.set_rationale(options.rationale);
    request.set_request_id(program.session().RequestId(options.matches.size() > 1 ? step : ""));
    return program.session().Call(*stub, &MatchingService::Stub::ApproveMatch, request, "approver");
  });
}

absl::StatusOr<int> Reject(Program& program, const MatchOptions& options) {
  const auto stub = program.session().Stub<MatchingService>();
  return ForEach(program, options, [&](const std::string& name, const std::string& step) {
    tandem::matching::v1::RejectMatchRequest request;
    request.set_name(name);
    request.set_reason_code(options.reason_code);
    request.set_rationale(options.rationale);
    request.set_request_id(program.session().RequestId(options.matches.size() > 1 ? step : ""));
    return program.session().Call(*stub, &MatchingService::Stub::RejectMatch, request, "approver");
  });
}

using Handler = absl::StatusOr<int> (*)(Program&, const MatchOptions&);

CLI::App* AddOne(CLI::App* parent, Program& program, const std::string& name,
                 const std::string& description, Handler handler,
                 const std::shared_ptr<MatchOptions>& options) {
  CLI::App* command = parent->add_subcommand(name, description);
  if (name != "list") {
    command->add_option("MATCH", options->matches, "One match or several, \"matches/ID\"")
        ->required();
  }
  command->callback([&program, handler, options] {
    program.action = [&program, handler, options] { return handler(program, *options); };
  });
  return command;
}

}  // namespace

void AddMatchCommand(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("match", "Proposed matches: nothing is active before a person approves");
  command->require_subcommand(1);
  const auto options = std::make_shared<MatchOptions>();
  CLI::App* list = AddOne(command, program, "list", "List matches", List, options);
  list->add_option("--cohort", options->cohort, "Only those of the latest run of this cohort");
  list->add_option("--state", options->state, "proposed, approved, rejected or superseded");
  list->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  AddOne(command, program, "show", "Show a match with its reasons", Show, options);
  AddOne(command, program, "approve", "Approve: reserves the mentor's capacity", Approve, options)
      ->add_option("--rationale,--reason", options->rationale,
                   "Why, in words; required where it is not the plan's first choice");
  CLI::App* reject =
      AddOne(command, program, "reject", "Reject, or end before it begins: releases the capacity",
             Reject, options);
  reject
      ->add_option("--reason", options->reason_code,
                   "Reason code, for example MENTOR_DECLINED, NSB_OBJECTS, PREFER_NOT_TO_SAY")
      ->required();
  reject->add_option("--rationale", options->rationale, "Why, in words");
}

}  // namespace tandem::cli
