// tandem audit list

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "tandem/audit/v1/audit_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/display.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::audit::v1::AuditEntry;
using ::tandem::audit::v1::AuditService;
using ::tandem::audit::v1::ListAuditEntriesRequest;
using ::tandem::audit::v1::ListAuditEntriesResponse;

struct AuditOptions {
  std::string filter;
  std::string actor;
  std::string resource;
  std::string method;
  std::string since;
  std::string until;
  int limit = 100;
};

Table EntryTable(const ListAuditEntriesResponse& entries) {
  Table table({"entry", "time", "actor", "role", "what", "resource", "method", "reason", "outcome",
               "after"});
  for (const char* column : {"role", "outcome", "after"}) table.MakeOptional(column);
  for (const AuditEntry& entry : entries.audit_entries()) {
    const auto& change = entry.change();
    const size_t slash = change.method().rfind('/');
    table.AddRow({absl::StrCat(entry.sequence()), FormatInstant(change.commit_time()),
                  change.actor(), Word(change.role()), Word(change.kind()), change.resource(),
                  slash == std::string::npos ? change.method() : change.method().substr(slash + 1),
                  change.reason_code(), Word(entry.outcome()),
                  change.after_digest().substr(0, 12)});
  }
  return table;
}

void AddCondition(absl::string_view condition, const std::string& value, std::string* filter) {
  if (value.empty()) return;
  absl::StrAppend(filter, filter->empty() ? "" : " AND ", condition, " \"",
                  absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

absl::Status SetTime(absl::string_view option, const std::string& text,
                     google::protobuf::Timestamp* (ListAuditEntriesRequest::*field)(),
                     ListAuditEntriesRequest* request) {
  if (text.empty()) return absl::OkStatus();
  auto instant = ParseInstant(text);
  if (!instant.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " '", Harmless(text), "' ", instant.status().message()));
  }
  *(request->*field)() = *instant;
  return absl::OkStatus();
}

absl::StatusOr<int> List(Program& program, const AuditOptions& options) {
  ListAuditEntriesRequest request;
  std::string filter = options.filter;
  AddCondition("actor =", options.actor, &filter);
  AddCondition("resource :", options.resource, &filter);
  AddCondition("method =", options.method, &filter);
  request.set_filter(filter);
  TANDEM_RETURN_IF_ERROR(
      SetTime("--since", options.since, &ListAuditEntriesRequest::mutable_start_time, &request));
  TANDEM_RETURN_IF_ERROR(
      SetTime("--until", options.until, &ListAuditEntriesRequest::mutable_end_time, &request));
  const auto stub = program.session().Stub<AuditService>();
  TANDEM_ASSIGN_OR_RETURN(
      Listed<ListAuditEntriesResponse> listed,
      ListUpTo(program, *stub, &AuditService::Stub::ListAuditEntries, request,
               &ListAuditEntriesResponse::mutable_audit_entries, options.limit, "auditor"));
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, EntryTable(listed.all)));
  listed.SayMore(program);
  return 0;
}

}  // namespace

void AddAuditCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("audit", "What was changed, when, by whom");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "List entries of the audit log, oldest first");
  const auto options = std::make_shared<AuditOptions>();
  list->add_option("--actor", options->actor,
                   "Only changes of this actor, for example \"unauthenticated: amina\"");
  list->add_option("--resource", options->resource,
                   "Only resources whose name begins so, for example matches/");
  list->add_option("--method", options->method,
                   "Only this call, for example tandem.matching.v1.MatchingService/ApproveMatch");
  list->add_option("--since", options->since, "Only at or after this date or time");
  list->add_option("--until", options->until, "Only before this date or time");
  list->add_option("--filter", options->filter, "More conditions, as the API takes them");
  list->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  list->callback([&program, options] {
    program.action = [&program, options] { return List(program, *options); };
  });
}

}  // namespace tandem::cli
