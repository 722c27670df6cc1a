// tandem need list

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::needs::v1::EngagementRequest;
using ::tandem::needs::v1::ListEngagementRequestsResponse;
using ::tandem::needs::v1::NeedsService;

struct NeedOptions {
  std::string filter;
  int limit = 100;
};

Table NeedTable(Program& program, const ListEngagementRequestsResponse& requests) {
  Table table({"need", "NSB", "service", "title", "roles", "period", "state", "resource"});
  table.MakeOptional("resource");
  table.MakeOptional("roles");
  Labels labels(program.session());
  for (const EngagementRequest& request : requests.engagement_requests()) {
    std::string organisations;
    for (const std::string& organisation : request.organisations()) {
      absl::StrAppend(&organisations, organisations.empty() ? "" : " ",
                      labels.Organisation(organisation));
    }
    std::string roles;
    for (const auto& role : request.roles()) {
      absl::StrAppend(&roles, roles.empty() ? "" : " ", role.role_id());
    }
    table.AddRow({request.external_id(), organisations, Word(request.service_type()),
                  request.title(), roles, FormatDateRange(request.period()), Word(request.state()),
                  request.name()});
  }
  return table;
}

absl::StatusOr<int> List(Program& program, const NeedOptions& options) {
  tandem::needs::v1::ListEngagementRequestsRequest request;
  request.set_filter(options.filter);
  const auto stub = program.session().Stub<NeedsService>();
  TANDEM_ASSIGN_OR_RETURN(
      Listed<ListEngagementRequestsResponse> listed,
      ListUpTo(program, *stub, &NeedsService::Stub::ListEngagementRequests, request,
               &ListEngagementRequestsResponse::mutable_engagement_requests, options.limit,
               "staff"));
  if (program.format() == Format::kJson) {
    TANDEM_RETURN_IF_ERROR(program.PrintJson(listed.all));
    return 0;
  }
  auto* requests = listed.all.mutable_engagement_requests();
  std::stable_sort(requests->begin(), requests->end(),
                   [](const auto& a, const auto& b) { return a.external_id() < b.external_id(); });
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, NeedTable(program, listed.all)));
  listed.SayMore(program);
  return 0;
}

}  // namespace

void AddNeedCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("need", "Requests for engagements: what is asked for");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "List requests");
  const auto options = std::make_shared<NeedOptions>();
  list->add_option("--filter", options->filter, "Conditions, for example state = \"OPEN\"");
  list->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  list->callback([&program, options] {
    program.action = [&program, options] { return List(program, *options); };
  });
}

}  // namespace tandem::cli
