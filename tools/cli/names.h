// Names that people use (external ids) and names that services use ("mentors/ID"), both ways.

#ifndef TANDEM_TOOLS_CLI_NAMES_H_
#define TANDEM_TOOLS_CLI_NAMES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/profiles/v1/mentor.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"
#include "tools/cli/session.h"

namespace tandem::cli {

// Each takes a resource name as it is and looks an external id up. NOT_FOUND (a refusal, not bad
// input) if the server has none; thread-safe.
absl::StatusOr<std::string> MentorName(const Session& session, absl::string_view id);
absl::StatusOr<std::string> OrganisationName(const Session& session, absl::string_view id);
absl::StatusOr<std::string> ProgrammeName(const Session& session, absl::string_view id);
absl::StatusOr<std::string> CohortName(const Session& session, absl::string_view id);
// A request, or one of its roles: "engagementRequests/ID/roles/ROLE", "EXTERNAL-ID" or
// "EXTERNAL-ID/ROLE".
absl::StatusOr<std::string> NeedName(const Session& session, absl::string_view id);
// One role of a request, as NeedName takes it; the role may be left out if the request has only
// one. INVALID_ARGUMENT, naming the roles, if it has several.
absl::StatusOr<std::string> RoleName(const Session& session, absl::string_view id);
// A run: "cohorts/ID/runs/N", or a cohort, which means its latest run.
absl::StatusOr<std::string> RunName(const Session& session, absl::string_view id);
// "policies/POLICY/versions/N", "POLICY/N", or "POLICY" for the version in force.
std::string PolicyName(absl::string_view id);
// "POLICY/N" for "policies/POLICY/versions/N"; anything else as it is.
std::string ShortPolicy(absl::string_view name);

// What people call resources, looked up once each. A resource that cannot be read is shown by its
// resource name. Not thread-safe.
class Labels {
 public:
  explicit Labels(const Session& session) : session_(session) {}

  // The person's name, or the resource name once erased.
  std::string MentorPerson(const std::string& name);
  std::string MentorId(const std::string& name);
  std::string Organisation(const std::string& name);
  // A sentence of the server's with each "organisations/ID" in it as people call it.
  std::string WithOrganisations(absl::string_view sentence);
  std::string Programme(const std::string& name);
  // The cohort's external id; of a run "EXTERNAL-ID run N".
  std::string Cohort(const std::string& name);
  // The request's external id, and the role unless it is the only one.
  std::string Need(const std::string& name);
  // The request's title.
  std::string NeedTitle(const std::string& name);
  // The NSBs of a need, by their acronyms.
  std::string NeedOrganisations(const std::string& name);

 private:
  const tandem::profiles::v1::Mentor& ReadMentor(const std::string& name);
  const tandem::profiles::v1::Organisation& ReadOrganisation(const std::string& name);
  const tandem::needs::v1::EngagementRequest& ReadRequest(const std::string& need);

  const Session& session_;
  std::map<std::string, tandem::profiles::v1::Mentor> mentors_;
  std::map<std::string, tandem::profiles::v1::Organisation> organisations_;
  std::map<std::string, tandem::needs::v1::EngagementRequest> requests_;
  std::map<std::string, std::string> programmes_;
  std::map<std::string, std::string> cohorts_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_NAMES_H_
