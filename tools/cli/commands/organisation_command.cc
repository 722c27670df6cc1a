// tandem organisation list

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::profiles::v1::ListOrganisationsResponse;
using ::tandem::profiles::v1::Organisation;
using ::tandem::profiles::v1::ProfilesService;

struct OrganisationOptions {
  std::string filter;
  int limit = 100;
};

Table OrganisationTable(const ListOrganisationsResponse& organisations) {
  Table table({"organisation", "name", "kind", "country", "contexts", "state", "resource"});
  table.MakeOptional("contexts");
  for (const Organisation& organisation : organisations.organisations()) {
    std::string contexts;
    for (const std::string& context : organisation.development_contexts()) {
      absl::StrAppend(&contexts, contexts.empty() ? "" : " ", context);
    }
    table.AddRow({organisation.external_id(), organisation.display_name(),
                  Word(organisation.kind()), organisation.country(), contexts,
                  Word(organisation.state()), organisation.name()});
  }
  return table;
}

absl::StatusOr<int> List(Program& program, const OrganisationOptions& options) {
  tandem::profiles::v1::ListOrganisationsRequest request;
  request.set_filter(options.filter);
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Listed<ListOrganisationsResponse> listed,
      ListUpTo(program, *stub, &ProfilesService::Stub::ListOrganisations, request,
               &ListOrganisationsResponse::mutable_organisations, options.limit, "staff"));
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, OrganisationTable(listed.all)));
  listed.SayMore(program);
  return 0;
}

}  // namespace

void AddOrganisationCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("organisation", "National standards bodies and employers");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "List organisations");
  const auto options = std::make_shared<OrganisationOptions>();
  list->add_option("--filter", options->filter,
                   "Conditions, for example country = \"ML\" AND kind = \"NSB\"");
  list->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  list->callback([&program, options] {
    program.action = [&program, options] { return List(program, *options); };
  });
}

}  // namespace tandem::cli
