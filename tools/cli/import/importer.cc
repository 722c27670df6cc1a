#include "tools/cli/import/importer.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/cli/import/batches.h"
#include "tools/cli/import/mentor_rows.h"
#include "tools/cli/import/organisation_rows.h"
#include "tools/cli/import/references.h"
#include "tools/cli/import/report.h"
#include "tools/cli/import/server_check.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {
namespace {

using ::tandem::needs::v1::NeedsService;
using ::tandem::profiles::v1::ProfilesService;

// Notes that an external id stands a second time.
class Duplicates {
 public:
  // False if it does.
  bool Check(Sheet& sheet, absl::string_view column) {
    const auto [at, fresh] = lines_.emplace(std::string(sheet.Get(column)), sheet.line());
    if (!fresh) sheet.Fail(column, absl::StrCat("stands already in line ", at->second));
    return fresh;
  }

 private:
  absl::flat_hash_map<std::string, int64_t> lines_;
};

// The rows of a file on their way to the server.
struct Rows {
  BatchBuilder good;
  BatchBuilder
      bad;  // A problem was found here: only to be checked, so that all others are told too.

  template <typename Request>
  void Add(const Request& request, const Sheet& sheet, bool fresh) {
    if (sheet.row_ok()) {
      good.Add(request, {sheet.line()});
    } else if (fresh) {
      bad.Add(request, {sheet.line()});
    }
  }
};

// Checks batches on the server, reports what is wrong, and writes them if nothing is. `reachable`
// is the error of an earlier call to the server, which matters only if the file is good.
absl::StatusOr<int> CheckAndWrite(Program& program, const ImportOptions& options,
                                  const std::string& text, const std::vector<ColumnSpec>& columns,
                                  const ImportTarget& target, const Rows& rows,
                                  const absl::Status& reachable, Problems* problems) {
  ImportCounts counts;
  absl::Status asked = reachable;
  if (asked.ok()) {
    std::vector<Problem> refused;
    absl::StatusOr<ImportCounts> checked =
        CheckOnServer(program, target, rows.good.batches(), &refused);
    AddWithPlaces(text, options.file, columns, std::move(refused), problems);
    std::vector<Problem> more;
    if (checked.ok() && CheckOnServer(program, target, rows.bad.batches(), &more).ok()) {
      AddBesideOthers(text, options.file, columns, target.related, std::move(more), problems);
    }
    if (checked.ok()) counts = *checked;
    asked = checked.status();
  }
  TANDEM_RETURN_IF_ERROR(ReportProblems(*problems, options.file, options.errors_file));
  TANDEM_RETURN_IF_ERROR(asked);
  TANDEM_RETURN_IF_ERROR(ReportNoProblems(options.errors_file));
  if (!options.dry_run) {
    TANDEM_ASSIGN_OR_RETURN(counts, WriteToServer(program, target, rows.good.batches()));
  }
  TANDEM_RETURN_IF_ERROR(ReportCounts(program, options.dry_run, {{target.what, counts}}));
  return 0;
}

}  // namespace

absl::StatusOr<int> ImportMentors(Program& program, const ImportOptions& options) {
  TANDEM_RETURN_IF_ERROR(CheckErrorsFile(options.file, options.errors_file));
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadLocalFile(options.file));
  Problems problems;
  TANDEM_ASSIGN_OR_RETURN(
      Sheet sheet, OpenSheet(text, options.file, options.errors_file, MentorColumns(), &problems));
  OrganisationReferences organisations;
  const absl::Status reachable = organisations.Load(program.session());
  Duplicates duplicates;
  Rows rows;
  while (sheet.NextRow()) {
    tandem::profiles::v1::BatchUpsertMentorsRequest request;
    *request.add_mentors() = MentorOfRow(sheet, organisations);
    const bool fresh = duplicates.Check(sheet, "external_id");
    rows.Add(request, sheet, fresh);
  }
  const auto stub = program.session().Stub<ProfilesService>();
  ImportTarget target{
      "mentors",
      "mentors",
      MentorColumnOf,
      BatchSender(program.session(), *stub, &ProfilesService::Stub::BatchUpsertMentors, "mentors"),
      {{"coi_declared", "coi_expires", "relations"},
       {"expertise", "evidence"},
       {"time_zone", "windows"},
       {"preferred_organisations", "excluded_organisations"}}};
  return CheckAndWrite(program, options, text, MentorColumns(), target, rows, reachable, &problems);
}

absl::StatusOr<int> ImportOrganisations(Program& program, const ImportOptions& options) {
  TANDEM_RETURN_IF_ERROR(CheckErrorsFile(options.file, options.errors_file));
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadLocalFile(options.file));
  Problems problems;
  TANDEM_ASSIGN_OR_RETURN(Sheet sheet, OpenSheet(text, options.file, options.errors_file,
                                                 OrganisationColumns(), &problems));
  OrganisationReferences existing;
  const absl::Status reachable = existing.Load(program.session());
  Duplicates duplicates;
  Rows rows;
  while (sheet.NextRow()) {
    tandem::profiles::v1::BatchUpsertOrganisationsRequest request;
    *request.add_organisations() = OrganisationOfRow(sheet, existing);
    const bool fresh = duplicates.Check(sheet, "external_id");
    rows.Add(request, sheet, fresh);
  }
  const auto stub = program.session().Stub<ProfilesService>();
  ImportTarget target{
      "organisations",
      "organisations",
      OrganisationColumnOf,
      BatchSender(program.session(), *stub, &ProfilesService::Stub::BatchUpsertOrganisations,
                  "organisations"),
      {{"time_zone", "windows"}}};
  return CheckAndWrite(program, options, text, OrganisationColumns(), target, rows, reachable,
                       &problems);
}

absl::StatusOr<int> ImportProgramme(Program& program, const ImportOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string json, ReadLocalFile(options.file));
  tandem::needs::v1::UpsertProgrammeRequest request;
  TANDEM_RETURN_IF_ERROR(ParseJson(json, options.file, request.mutable_programme()));
  request.set_validate_only(options.dry_run);
  if (!options.dry_run) request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<NeedsService>();
  TANDEM_ASSIGN_OR_RETURN(
      tandem::needs::v1::UpsertProgrammeResponse response,
      program.session().Call(*stub, &NeedsService::Stub::UpsertProgramme, request, "staff"));
  ImportCounts counts;
  counts.created = response.created() ? 1 : 0;
  counts.updated = response.updated() ? 1 : 0;
  counts.unchanged = response.created() || response.updated() ? 0 : 1;
  TANDEM_RETURN_IF_ERROR(ReportCounts(program, options.dry_run, {{"programmes", counts}}));
  return 0;
}

}  // namespace tandem::cli
