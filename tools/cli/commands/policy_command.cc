// tandem policy create|show|list|publish|compare

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
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

using ::tandem::matching::v1::ComparePoliciesResponse;
using ::tandem::matching::v1::ListPoliciesResponse;
using ::tandem::matching::v1::MatchingService;
using ::tandem::matching::v1::Policy;
using ::tandem::matching::v1::PolicyDifference;
using ::tandem::matching::v1::Quota;

// Quotas may name many values.
constexpr int kWide = 200;

struct PolicyOptions {
  std::string policy;
  std::string file;
  std::string filter;
  std::string base;
  std::string cohort;
  std::string at;
  bool dry_run = false;
};

Table PolicyTable(const google::protobuf::RepeatedPtrField<Policy>& policies) {
  Table table({"policy", "version", "state", "objective", "from", "about", "written by",
               "published by", "resource"});
  table.MakeOptional("resource");
  for (const Policy& policy : policies) {
    table.AddRow({policy.policy_id(), absl::StrCat(policy.version()), Word(policy.state()),
                  Word(policy.objective()), FormatDate(policy.effective_from()),
                  policy.display_name(), policy.author(), policy.approver(), policy.name()});
  }
  return table;
}

// "at least 2 and at most 5 matches of needs with country ML, TD; within ldc".
std::string QuotaWords(Labels& labels, const Quota& quota) {
  std::vector<std::string> bounds;
  if (quota.min_matches() > 0) bounds.push_back(absl::StrCat("at least ", quota.min_matches()));
  if (quota.has_max_matches()) bounds.push_back(absl::StrCat("at most ", quota.max_matches()));
  std::vector<std::string> values;
  for (const std::string& value : quota.values()) {
    values.push_back(absl::StartsWith(value, "organisations/") ? labels.Organisation(value)
                                                               : value);
  }
  std::string words =
      absl::StrCat(bounds.empty() ? "any number of" : absl::StrJoin(bounds, " and "),
                   " matches where ", absl::StrReplaceAll(Word(quota.attribute()), {{"-", " "}}),
                   " is ", absl::StrJoin(values, " or "));
  if (!quota.parent().empty()) absl::StrAppend(&words, "; within ", quota.parent());
  return words;
}

// One row per setting of each service type, then one per quota.
Table SettingsTable(Program& program, const Policy& policy) {
  Table table({"service", "setting", "value"});
  for (const auto& service : policy.service_policies()) {
    const std::string type = Word(service.service_type());
    const auto add = [&](const char* setting, int value) {
      table.AddRow({type, setting, absl::StrCat(value)});
    };
    for (int rule : service.waived_rules()) {
      table.AddRow({type, "waived rule", Word(static_cast<tandem::matching::v1::Rule>(rule))});
    }
    add("profile stale after days", service.stale_after_days());
    add("profile fresh for days", service.fresh_for_days());
    add("cooling-off months", service.cooling_off_months());
    add("least weekly overlap, minutes", service.min_weekly_overlap_minutes());
    table.AddRow({type, "interpreter allowed", service.interpreter_allowed() ? "yes" : "no"});
    table.AddRow(
        {type, "cost of an interpreter, points", Points(service.interpreter_cost_micropoints())});
    add("declined pairs excluded for months", service.declined_for_months());
    for (const auto& weight : service.weights()) {
      table.AddRow({type, absl::StrCat("weight of ", Word(weight.criterion())),
                    absl::StrCat(weight.weight())});
    }
  }
  const auto& approval = policy.approval_rules();
  table.AddRow({"", "four eyes", approval.four_eyes() ? "yes" : "no"});
  table.AddRow({"", "written reason from rank",
                absl::StrCat(approval.reason_from_rank() == 0 ? 2 : approval.reason_from_rank())});
  Labels labels(program.session());
  for (const Quota& quota : policy.quotas()) {
    table.AddRow({"", absl::StrCat("quota ", quota.quota_id()), QuotaWords(labels, quota)});
  }
  return table;
}

absl::Status PrintPolicy(Program& program, const Policy& policy) {
  google::protobuf::RepeatedPtrField<Policy> one;
  *one.Add() = policy;
  return program.Print(policy, PolicyTable(one));
}

absl::StatusOr<int> Create(Program& program, const PolicyOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string json, ReadLocalFile(options.file));
  tandem::matching::v1::CreatePolicyRequest request;
  TANDEM_RETURN_IF_ERROR(ParseJson(json, options.file, request.mutable_policy()));
  request.set_validate_only(options.dry_run);
  if (!options.dry_run) request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      Policy policy,
      program.session().Call(*stub, &MatchingService::Stub::CreatePolicy, request, "staff"));
  TANDEM_RETURN_IF_ERROR(PrintPolicy(program, policy));
  if (program.format() == Format::kTable && !options.dry_run) {
    program.out() << "A draft. An approver puts it in force with: tandem policy publish "
                  << policy.policy_id() << "/" << policy.version() << "\n";
  }
  return 0;
}

absl::StatusOr<int> Show(Program& program, const PolicyOptions& options) {
  tandem::matching::v1::GetPolicyRequest request;
  request.set_name(PolicyName(options.policy));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      Policy policy,
      program.session().Call(*stub, &MatchingService::Stub::GetPolicy, request, "staff"));
  if (program.format() == Format::kTable) {
    TANDEM_RETURN_IF_ERROR(PrintPolicy(program, policy));
    program.out() << "\n";
    program.Say(policy.rationale());
    program.out() << "\n";
  }
  TANDEM_RETURN_IF_ERROR(program.Print(policy, SettingsTable(program, policy), kWide));
  return 0;
}

absl::StatusOr<int> List(Program& program, const PolicyOptions& options) {
  tandem::matching::v1::ListPoliciesRequest request;
  request.set_page_size(1000);
  request.set_filter(options.filter);
  const auto stub = program.session().Stub<MatchingService>();
  ListPoliciesResponse all;
  do {
    TANDEM_ASSIGN_OR_RETURN(
        ListPoliciesResponse page,
        program.session().Call(*stub, &MatchingService::Stub::ListPolicies, request, "staff"));
    all.mutable_policies()->MergeFrom(page.policies());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  TANDEM_RETURN_IF_ERROR(program.Print(all, PolicyTable(all.policies())));
  return 0;
}

absl::StatusOr<int> Publish(Program& program, const PolicyOptions& options) {
  tandem::matching::v1::PublishPolicyRequest request;
  request.set_name(PolicyName(options.policy));
  if (ShortPolicy(request.name()) == request.name()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", Harmless(options.policy), "' names no version: publish POLICY/VERSION, for example ",
        "ldc/1; \"tandem policy list\" shows them"));
  }
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      Policy policy,
      program.session().Call(*stub, &MatchingService::Stub::PublishPolicy, request, "approver"));
  TANDEM_RETURN_IF_ERROR(PrintPolicy(program, policy));
  return 0;
}

// -1 stands for a pair that is not eligible.
std::string PointsOrNone(int64_t micropoints) {
  return micropoints < 0 ? "not eligible" : Points(micropoints);
}

Table DifferenceTable(Program& program, const ComparePoliciesResponse& response) {
  Table table({"change", "need", "mentor", "name", "score before", "score after", "why"});
  Labels labels(program.session());
  const auto add = [&](const char* change, const PolicyDifference& difference) {
    table.AddRow({change, labels.Need(difference.need()), labels.MentorId(difference.mentor()),
                  labels.MentorPerson(difference.mentor()),
                  PointsOrNone(difference.base_score_micropoints()),
                  PointsOrNone(difference.candidate_score_micropoints()),
                  labels.WithOrganisations(difference.sentence())});
  };
  for (const PolicyDifference& winner : response.winners()) add("wins", winner);
  for (const PolicyDifference& loser : response.losers()) add("loses", loser);
  return table;
}

absl::StatusOr<int> Compare(Program& program, const PolicyOptions& options) {
  tandem::matching::v1::ComparePoliciesRequest request;
  request.set_candidate_policy(PolicyName(options.policy));
  request.set_base_policy(PolicyName(options.base));
  if (!options.at.empty()) {
    auto at = ParseInstant(options.at);
    if (!at.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--at '", Harmless(options.at), "' ", at.status().message()));
    }
    *request.mutable_decision_time() = *at;
  }
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_cohort(), CohortName(program.session(), options.cohort));
  const auto stub = program.session().Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(
      ComparePoliciesResponse response,
      program.session().Call(*stub, &MatchingService::Stub::ComparePolicies, request, "staff"));
  const Table differences = DifferenceTable(program, response);
  if (!differences.empty() || program.format() != Format::kTable) {
    TANDEM_RETURN_IF_ERROR(program.Print(response, differences, kWide));
  }
  if (program.format() != Format::kTable) return 0;
  program.Say(absl::StrCat(
      response.unchanged_count(), response.unchanged_count() == 1 ? " match is" : " matches are",
      " the same. Needs served: ", response.base_needs_served(), " under ",
      ShortPolicy(response.base_policy()), ", ", response.candidate_needs_served(), " under ",
      ShortPolicy(response.candidate_policy()),
      ". Pairs newly eligible: ", response.newly_eligible_count(),
      "; no longer eligible: ", response.no_longer_eligible_count(), "."));
  return 0;
}

using Handler = absl::StatusOr<int> (*)(Program&, const PolicyOptions&);

CLI::App* AddOne(CLI::App* parent, Program& program, const std::string& name,
                 const std::string& description, Handler handler,
                 const std::shared_ptr<PolicyOptions>& options) {
  CLI::App* command = parent->add_subcommand(name, description);
  command->callback([&program, handler, options] {
    program.action = [&program, handler, options] { return handler(program, *options); };
  });
  return command;
}

}  // namespace

void AddPolicyCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "policy", "Rules, weights and objective: versions that staff write and approvers publish");
  command->require_subcommand(1);
  const auto options = std::make_shared<PolicyOptions>();
  CLI::App* create = AddOne(command, program, "create",
                            "Write a new version, as a draft, from JSON", Create, options);
  create->add_option("FILE", options->file, "protobuf JSON of tandem.matching.v1.Policy")
      ->required();
  create->add_flag("--dry-run", options->dry_run, "Check everything and write nothing");
  AddOne(command, program, "show", "Show a version with all its settings", Show, options)
      ->add_option("POLICY", options->policy, "POLICY for the one in force, or POLICY/VERSION")
      ->required();
  AddOne(command, program, "list", "List all versions", List, options)
      ->add_option("--filter", options->filter, "For example policy_id = \"ldc\"");
  AddOne(command, program, "publish", "Put a version in force", Publish, options)
      ->add_option("POLICY", options->policy, "POLICY/VERSION")
      ->required();
  CLI::App* compare =
      AddOne(command, program, "compare",
             "Who would win and lose under another version; writes nothing", Compare, options);
  compare->add_option("POLICY", options->policy, "POLICY/VERSION to look at")->required();
  compare->add_option("--base", options->base,
                      "POLICY/VERSION to compare with (default: in force)");
  compare->add_option("--cohort", options->cohort, "The cohort that is solved under both")
      ->required();
  compare->add_option("--at", options->at, "Decide as of this date or time");
}

}  // namespace tandem::cli
