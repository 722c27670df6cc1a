// External ids of what the server holds already, for cells that refer to it.

#ifndef TANDEM_TOOLS_CLI_IMPORT_REFERENCES_H_
#define TANDEM_TOOLS_CLI_IMPORT_REFERENCES_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tandem/profiles/v1/organisation.pb.h"
#include "tools/cli/session.h"

namespace tandem::cli {

// Organisations by external id. Thread-safe after Load.
class OrganisationReferences {
 public:
  // Takes in all organisations of the server. Until it succeeded every id counts as known, so that
  // a file can be checked for its other mistakes without a server.
  absl::Status Load(const Session& session);
  // For tests, and for what an import is about to add.
  void Add(tandem::profiles::v1::Organisation organisation);

  // The resource name of an external id, or of a resource name. INVALID_ARGUMENT if unknown.
  absl::StatusOr<std::string> Resolve(absl::string_view id) const;

  // The organisation as the server has it, or null.
  const tandem::profiles::v1::Organisation* Find(absl::string_view external_id) const;

 private:
  bool loaded_ = false;
  std::map<std::string, tandem::profiles::v1::Organisation> by_external_id_;
};

// "external id -> resource name" of programmes.
absl::StatusOr<std::map<std::string, std::string>> LoadProgrammes(const Session& session);

// An assessment that the server has.
struct KnownAssessment {
  std::string name;
  std::string organisation;
  std::set<std::string> item_ids;
};
// Assessments by external id.
absl::StatusOr<std::map<std::string, KnownAssessment>> LoadAssessments(const Session& session);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_REFERENCES_H_
