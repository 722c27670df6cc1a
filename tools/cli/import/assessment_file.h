// assessments.csv as a whole: need items, one a row, that make up assessments, and the requests
// for engagements that bundle them. See tools/sample/README.md for the file.
//
// Rows with the same `assessment` are items of one Assessment. Rows with the same `request` are
// served together, also those of several NSBs; what belongs to the assessment or to the request
// must agree among its rows. Not thread-safe.

#ifndef TANDEM_TOOLS_CLI_IMPORT_ASSESSMENT_FILE_H_
#define TANDEM_TOOLS_CLI_IMPORT_ASSESSMENT_FILE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tools/cli/import/references.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {

const std::vector<ColumnSpec>& AssessmentColumns();

// An assessment and the lines that its items stand on.
struct AssessmentLines {
  tandem::needs::v1::Assessment assessment;
  std::vector<int64_t> lines;
  bool whole = true;  // No row of it has a problem.
};

// A request, the lines of its items, and which items they are (their assessment's external id and
// their id in it): resource names exist only once the assessments are written.
struct RequestLines {
  struct Item {
    std::string assessment;
    std::string organisation;  // The resource name of the assessment's.
    std::string item_id;
  };
  tandem::needs::v1::EngagementRequest request;
  std::vector<Item> items;
  std::vector<int64_t> lines;
  bool whole = true;  // No row of it has a problem.
};

// What assessment rows refer to.
struct AssessmentReferences {
  const OrganisationReferences* organisations = nullptr;
  // Programmes by external id; nothing is checked when `check_programmes` is false.
  std::map<std::string, std::string> programmes;
  bool check_programmes = true;
  // The resource name of a mentor by external id.
  std::function<absl::StatusOr<std::string>(absl::string_view)> mentor;
};

class AssessmentFile {
 public:
  explicit AssessmentFile(const AssessmentReferences& references) : references_(references) {}

  // Takes in the current row of `sheet`; problems are recorded there.
  void AddRow(Sheet& sheet);

  // In the order in which they first appear.
  const std::vector<AssessmentLines>& assessments() const { return assessments_; }
  const std::vector<RequestLines>& requests() const { return requests_; }

 private:
  void AddToAssessment(Sheet& sheet, const tandem::needs::v1::NeedItem& item);
  void AddToRequest(Sheet& sheet);

  const AssessmentReferences& references_;
  std::vector<AssessmentLines> assessments_;
  std::vector<RequestLines> requests_;
  std::map<std::string, size_t> assessment_index_;
  std::map<std::string, size_t> request_index_;
};

// The columns that hold `field` of an Assessment or an EngagementRequest; empty if none does.
std::string AssessmentColumnOf(absl::string_view field);
std::string RequestColumnOf(absl::string_view field);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_ASSESSMENT_FILE_H_
