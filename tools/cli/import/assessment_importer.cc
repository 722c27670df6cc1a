// The import of assessments.csv: first the assessments, then the requests that refer to their
// items.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tools/cli/import/assessment_file.h"
#include "tools/cli/import/importer.h"
#include "tools/cli/import/report.h"
#include "tools/cli/import/server_check.h"
#include "tools/cli/names.h"

namespace tandem::cli {
namespace {

using ::tandem::needs::v1::NeedsService;

using Names = std::map<std::string, std::string>;
using KnownAssessments = std::map<std::string, KnownAssessment>;

// What the cells refer to; an error if the server cannot be asked.
absl::Status LoadReferences(Program& program, OrganisationReferences* organisations,
                            AssessmentReferences* references, KnownAssessments* assessments) {
  references->organisations = organisations;
  references->check_programmes = false;
  references->mentor =
      [&program, known = Names()](absl::string_view id) mutable -> absl::StatusOr<std::string> {
    const auto found = known.find(std::string(id));
    if (found != known.end()) return found->second;
    TANDEM_ASSIGN_OR_RETURN(std::string name, MentorName(program.session(), id));
    known[std::string(id)] = name;
    return name;
  };
  TANDEM_RETURN_IF_ERROR(organisations->Load(program.session()));
  TANDEM_ASSIGN_OR_RETURN(references->programmes, LoadProgrammes(program.session()));
  references->check_programmes = true;
  TANDEM_ASSIGN_OR_RETURN(*assessments, LoadAssessments(program.session()));
  return absl::OkStatus();
}

// Entries with a bad row are left out: they are not whole.
BatchBuilder AssessmentBatches(const AssessmentFile& file) {
  BatchBuilder rows;
  for (const AssessmentLines& entry : file.assessments()) {
    if (!entry.whole) continue;
    tandem::needs::v1::BatchUpsertAssessmentsRequest request;
    *request.add_assessments() = entry.assessment;
    rows.Add(request, entry.lines);
  }
  return rows;
}

// Requests with those of their items for which `name_of` has a name.
BatchBuilder RequestBatches(
    const AssessmentFile& file,
    const std::function<std::string(const RequestLines::Item& item)>& name_of) {
  BatchBuilder rows;
  for (const RequestLines& entry : file.requests()) {
    if (!entry.whole) continue;
    tandem::needs::v1::BatchUpsertEngagementRequestsRequest request;
    auto* added = request.add_engagement_requests();
    *added = entry.request;
    for (const RequestLines::Item& item : entry.items) {
      std::string name = name_of(item);
      if (!name.empty()) added->add_items(std::move(name));
    }
    rows.Add(request, entry.lines);
  }
  return rows;
}

std::string ItemName(const std::string& assessment, const RequestLines::Item& item) {
  return absl::StrCat(assessment, "/items/", item.item_id);
}

// The names that the server gave to the assessments, by external id.
Names WrittenNames(const AssessmentFile& file, const ImportCounts& written) {
  std::vector<std::string> names;
  for (const auto& batch : written.names) names.insert(names.end(), batch.begin(), batch.end());
  Names result;
  for (size_t i = 0; i < names.size() && i < file.assessments().size(); ++i) {
    result[file.assessments()[i].assessment.external_id()] = names[i];
  }
  return result;
}

// For a check: what the server has not got yet cannot be referred to, so new items are left out,
// and those of an assessment that moves to another organisation.
BatchBuilder RequestBatchesForCheck(const AssessmentFile& file, const KnownAssessments& known) {
  return RequestBatches(file, [&known](const RequestLines::Item& item) -> std::string {
    const auto found = known.find(item.assessment);
    if (found == known.end()) return "";
    const KnownAssessment& assessment = found->second;
    const bool there =
        assessment.organisation == item.organisation && assessment.item_ids.count(item.item_id) > 0;
    return there ? ItemName(assessment.name, item) : "";
  });
}

// For writing, when all assessments have a name.
BatchBuilder RequestBatchesToWrite(const AssessmentFile& file, const Names& names) {
  return RequestBatches(file, [&names](const RequestLines::Item& item) -> std::string {
    const auto found = names.find(item.assessment);
    return found == names.end() ? "" : ItemName(found->second, item);
  });
}

}  // namespace

absl::StatusOr<int> ImportAssessments(Program& program, const ImportOptions& options) {
  TANDEM_RETURN_IF_ERROR(CheckErrorsFile(options.file, options.errors_file));
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadLocalFile(options.file));
  Problems problems;
  TANDEM_ASSIGN_OR_RETURN(Sheet sheet, OpenSheet(text, options.file, options.errors_file,
                                                 AssessmentColumns(), &problems));
  OrganisationReferences organisations;
  AssessmentReferences references;
  KnownAssessments known;
  const absl::Status reachable = LoadReferences(program, &organisations, &references, &known);
  AssessmentFile file(references);
  while (sheet.NextRow()) file.AddRow(sheet);

  const Session& session = program.session();
  const auto stub = session.Stub<NeedsService>();
  const ImportTarget assessments{
      "assessments", "assessments", AssessmentColumnOf,
      BatchSender(session, *stub, &NeedsService::Stub::BatchUpsertAssessments, "assessments")};
  const ImportTarget requests{
      "engagement requests", "engagement_requests", RequestColumnOf,
      BatchSender(session, *stub, &NeedsService::Stub::BatchUpsertEngagementRequests, "requests")};
  const BatchBuilder assessment_rows = AssessmentBatches(file);
  ImportCounts assessment_counts;
  ImportCounts request_counts;
  if (reachable.ok()) {
    std::vector<Problem> refused;
    TANDEM_ASSIGN_OR_RETURN(assessment_counts, CheckOnServer(program, assessments,
                                                             assessment_rows.batches(), &refused));
    const BatchBuilder rows = RequestBatchesForCheck(file, known);
    TANDEM_ASSIGN_OR_RETURN(request_counts,
                            CheckOnServer(program, requests, rows.batches(), &refused));
    AddWithPlaces(text, options.file, AssessmentColumns(), std::move(refused), &problems);
  }
  TANDEM_RETURN_IF_ERROR(ReportProblems(problems, options.file, options.errors_file));
  TANDEM_RETURN_IF_ERROR(reachable);
  TANDEM_RETURN_IF_ERROR(ReportNoProblems(options.errors_file));
  if (!options.dry_run) {
    TANDEM_ASSIGN_OR_RETURN(assessment_counts,
                            WriteToServer(program, assessments, assessment_rows.batches()));
    const BatchBuilder rows = RequestBatchesToWrite(file, WrittenNames(file, assessment_counts));
    TANDEM_ASSIGN_OR_RETURN(request_counts, WriteToServer(program, requests, rows.batches()));
  }
  TANDEM_RETURN_IF_ERROR(
      ReportCounts(program, options.dry_run,
                   {{assessments.what, assessment_counts}, {requests.what, request_counts}}));
  return 0;
}

}  // namespace tandem::cli
