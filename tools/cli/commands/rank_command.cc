// tandem rank NEED, tandem explain NEED MENTOR

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"
#include "tools/cli/points.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::ExplainPairRequest;
using ::tandem::matching::v1::ExplainPairResponse;
using ::tandem::matching::v1::MatchingService;
using ::tandem::matching::v1::RankedMentor;
using ::tandem::matching::v1::RankMentorsRequest;
using ::tandem::matching::v1::RankMentorsResponse;

struct RankOptions {
  std::string need;
  std::string mentor;
  int count = 10;
  std::string policy;
  std::string at;
  bool breakdown = false;
};

// What the two questions have in common: need, policy, time.
template <typename Request>
absl::Status Fill(Program& program, const RankOptions& options, Request* request) {
  if (!options.at.empty()) {
    absl::StatusOr<google::protobuf::Timestamp> at = ParseInstant(options.at);
    if (!at.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--at '", Harmless(options.at), "' ", at.status().message()));
    }
    *request->mutable_decision_time() = *at;
  }
  TANDEM_ASSIGN_OR_RETURN(*request->mutable_need(), RoleName(program.session(), options.need));
  request->set_policy(PolicyName(options.policy));
  return absl::OkStatus();
}

std::string Notes(const RankedMentor& mentor) {
  std::string notes = mentor.needs_interpreter() ? "needs an interpreter" : "";
  if (mentor.near_tie_with_next()) {
    absl::StrAppend(&notes, notes.empty() ? "" : "; ", "near-tie with the next");
    if (!mentor.tie_turner().empty()) absl::StrAppend(&notes, ": ", mentor.tie_turner());
  }
  return notes;
}

// "Policy ldc/1, as of 2026-12-01T00:00:00Z."
template <typename Response>
std::string AsOf(const Response& response) {
  return absl::StrCat("Policy ", ShortPolicy(response.policy()), ", as of ",
                      FormatInstant(response.decision_time()), ".");
}

Table RankTable(Program& program, const RankMentorsResponse& response) {
  Table table({"rank", "mentor", "name", "score", "strongest", "note", "resource"});
  table.MakeOptional("resource");
  Labels labels(program.session());
  for (const RankedMentor& mentor : response.mentors()) {
    table.AddRow({absl::StrCat(mentor.rank()), labels.MentorId(mentor.mentor()),
                  labels.MentorPerson(mentor.mentor()), Points(mentor.score_micropoints()),
                  Strongest(mentor.breakdown(), kCellWidth), Notes(mentor), mentor.mentor()});
  }
  return table;
}

absl::StatusOr<int> Rank(Program& program, const RankOptions& options) {
  RankMentorsRequest request;
  TANDEM_RETURN_IF_ERROR(Fill(program, options, &request));
  request.set_page_size(options.count);
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      RankMentorsResponse response,
      program.session().Call(*stub, &MatchingService::Stub::RankMentors, request, "staff"));
  const int exit_code = response.eligible_count() > 0 ? 0 : 1;
  if (program.format() == Format::kJson) {
    TANDEM_RETURN_IF_ERROR(program.PrintJson(response));
    return exit_code;
  }
  if (program.format() == Format::kCsv || response.mentors_size() > 0) {
    TANDEM_RETURN_IF_ERROR(program.Print(response, RankTable(program, response)));
  }
  if (program.format() == Format::kCsv) return exit_code;
  Labels labels(program.session());
  if (options.breakdown) {
    for (const RankedMentor& mentor : response.mentors()) {
      program.out() << "\n"
                    << mentor.rank() << ". " << labels.MentorPerson(mentor.mentor()) << " ("
                    << labels.MentorId(mentor.mentor()) << ")\n";
      program.Show(CriterionTable(mentor.breakdown()), 90);
    }
  }
  program.out() << (response.mentors_size() > 0 ? "\n" : "");
  const std::string eligible =
      response.eligible_count() == 0
          ? absl::StrCat("Nobody of ", response.considered_count(), " mentors is eligible")
          : absl::StrCat(response.eligible_count(), " of ", response.considered_count(),
                         response.eligible_count() == 1 ? " mentors is" : " mentors are",
                         " eligible");
  program.Say(absl::StrCat(eligible, response.rule_counts().empty() ? "." : "; the others fail:"));
  if (!response.rule_counts().empty()) program.Show(RuleCountTable(response.rule_counts()), 160);
  program.Say(AsOf(response));
  return exit_code;
}

// With `labels` for people: organisations by their names.
Table VerdictTable(const ExplainPairResponse& response, Labels* labels = nullptr) {
  Table table({"rule", "verdict", "why", "what would help"});
  for (const auto& verdict : response.verdicts()) {
    const char* word = verdict.waived() ? "waived" : verdict.passed() ? "passed" : "FAILED";
    table.AddRow(
        {Word(verdict.rule()), word,
         labels == nullptr ? verdict.sentence() : labels->WithOrganisations(verdict.sentence()),
         verdict.remedy()});
  }
  return table;
}

absl::StatusOr<int> Explain(Program& program, const RankOptions& options) {
  ExplainPairRequest request;
  TANDEM_RETURN_IF_ERROR(Fill(program, options, &request));
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_mentor(), MentorName(program.session(), options.mentor));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      ExplainPairResponse response,
      program.session().Call(*stub, &MatchingService::Stub::ExplainPair, request, "staff"));
  const int exit_code = response.eligible() ? 0 : 1;
  if (program.format() != Format::kTable) {
    TANDEM_RETURN_IF_ERROR(program.Print(response, VerdictTable(response)));
    return exit_code;
  }
  Labels labels(program.session());
  std::string verdict =
      absl::StrCat(labels.MentorPerson(response.mentor()),
                   response.eligible() ? " is eligible" : " is not eligible", " for ",
                   labels.Need(response.need()), " (", labels.NeedTitle(response.need()), ")");
  if (response.eligible()) {
    absl::StrAppend(&verdict, ", rank ", response.rank(), " with ",
                    Points(response.score_micropoints()), " points of 100");
    if (response.needs_interpreter()) absl::StrAppend(&verdict, ", with an interpreter");
  }
  program.Say(absl::StrCat(verdict, "."));
  program.out() << "\n";
  program.Show(VerdictTable(response, &labels), 160);
  program.out() << "\n";
  program.Show(CriterionTable(response.breakdown()), 160);
  program.Say(AsOf(response));
  return exit_code;
}

void AddShared(CLI::App* command, RankOptions* options) {
  command
      ->add_option("NEED", options->need,
                   "External id of a request, REQUEST/ROLE if it has several roles, or a resource "
                   "name")
      ->required();
  command->add_option("--policy", options->policy, "POLICY/VERSION (default: the one in force)");
  command->add_option("--at", options->at, "Decide as of this date or time (default: now)");
}

}  // namespace

void AddRankCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "rank", "The best mentors for a need, and why the others are not eligible");
  const auto options = std::make_shared<RankOptions>();
  AddShared(command, options.get());
  command->add_option("--count", options->count, "How many mentors to show")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--breakdown", options->breakdown, "Show every criterion of each mentor");
  command->callback([&program, options] {
    program.action = [&program, options] { return Rank(program, *options); };
  });
}

void AddExplainCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "explain", "Every rule and criterion for one mentor and one need, with the data compared");
  const auto options = std::make_shared<RankOptions>();
  AddShared(command, options.get());
  command->add_option("MENTOR", options->mentor, "External id or resource name")->required();
  command->callback([&program, options] {
    program.action = [&program, options] { return Explain(program, *options); };
  });
}

}  // namespace tandem::cli
