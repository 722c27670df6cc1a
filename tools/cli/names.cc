#include "tools/cli/names.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/cli/display.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::MatchingService;
using ::tandem::needs::v1::EngagementRequest;
using ::tandem::needs::v1::NeedsService;
using ::tandem::profiles::v1::Mentor;
using ::tandem::profiles::v1::ProfilesService;

constexpr absl::string_view kRoles = "/roles/";
// The most bytes of an external id, as the API takes them: a longer one is nobody's.
constexpr size_t kMaxExternalIdBytes = 128;
constexpr int kShownIdWidth = 60;

std::string ExternalIdFilter(absl::string_view id) {
  return absl::StrCat("external_id = \"", absl::StrReplaceAll(id, {{"\\", "\\\\"}, {"\"", "\\\""}}),
                      "\"");
}

absl::Status Unknown(absl::string_view what, absl::string_view id) {
  return absl::NotFoundError(
      absl::StrCat("the server knows no ", what, " '",
                   CutToWidth(Harmless(id.substr(0, 4 * kShownIdWidth)), kShownIdWidth), "'"));
}

// The name of the one resource with this external id.
template <typename Service, typename Request, typename Response, typename Items>
absl::StatusOr<std::string> FindByExternalId(
    const Session& session,
    grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Items& items, absl::string_view what, absl::string_view id) {
  if (id.size() > kMaxExternalIdBytes) return Unknown(what, id);
  Request request;
  request.set_filter(ExternalIdFilter(id));
  request.set_page_size(1);
  const auto stub = session.Stub<Service>();
  Response response;
  do {
    // A page may be empty although matching resources follow.
    TANDEM_ASSIGN_OR_RETURN(response, session.Call(*stub, method, request, "staff"));
    if (!items(response).empty()) return items(response).Get(0).name();
    request.set_page_token(response.next_page_token());
  } while (!response.next_page_token().empty());
  return Unknown(what, id);
}

absl::StatusOr<std::string> RequestName(const Session& session, absl::string_view id) {
  return FindByExternalId<NeedsService>(
      session, &NeedsService::Stub::ListEngagementRequests,
      [](const auto& page) -> const auto& { return page.engagement_requests(); }, "request", id);
}

// A mentor sees no list of mentors: the only external id to be found is the own one.
absl::StatusOr<std::string> OwnName(const Session& session, absl::string_view id) {
  tandem::profiles::v1::GetMentorRequest request;
  request.set_name(session.options().subject);
  const auto stub = session.Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      const Mentor mentor,
      session.Call(*stub, &ProfilesService::Stub::GetMentor, request, "mentor"));
  if (mentor.external_id() != id) return Unknown("mentor", id);
  return mentor.name();
}

}  // namespace

absl::StatusOr<std::string> MentorName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "mentors/")) return std::string(id);
  if (session.options().role == "mentor") return OwnName(session, id);
  return FindByExternalId<ProfilesService>(
      session, &ProfilesService::Stub::ListMentors,
      [](const auto& page) -> const auto& { return page.mentors(); }, "mentor", id);
}

absl::StatusOr<std::string> OrganisationName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "organisations/")) return std::string(id);
  return FindByExternalId<ProfilesService>(
      session, &ProfilesService::Stub::ListOrganisations,
      [](const auto& page) -> const auto& { return page.organisations(); }, "organisation", id);
}

absl::StatusOr<std::string> ProgrammeName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "programmes/")) return std::string(id);
  return FindByExternalId<NeedsService>(
      session, &NeedsService::Stub::ListProgrammes,
      [](const auto& page) -> const auto& { return page.programmes(); }, "programme", id);
}

absl::StatusOr<std::string> CohortName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "cohorts/")) return std::string(id);
  return FindByExternalId<MatchingService>(
      session, &MatchingService::Stub::ListCohorts,
      [](const auto& page) -> const auto& { return page.cohorts(); }, "cohort", id);
}

absl::StatusOr<std::string> NeedName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "engagementRequests/")) return std::string(id);
  absl::StatusOr<std::string> whole = RequestName(session, id);
  if (whole.ok() || !absl::IsNotFound(whole.status())) return whole;
  const size_t slash = id.rfind('/');
  if (slash == absl::string_view::npos) return whole;
  absl::StatusOr<std::string> request = RequestName(session, id.substr(0, slash));
  if (!request.ok()) return whole;
  return absl::StrCat(*request, kRoles, id.substr(slash + 1));
}

absl::StatusOr<std::string> RoleName(const Session& session, absl::string_view id) {
  TANDEM_ASSIGN_OR_RETURN(std::string name, NeedName(session, id));
  if (absl::StrContains(name, kRoles)) return name;
  tandem::needs::v1::GetEngagementRequestRequest request;
  request.set_name(name);
  const auto stub = session.Stub<NeedsService>();
  TANDEM_ASSIGN_OR_RETURN(
      const EngagementRequest found,
      session.Call(*stub, &NeedsService::Stub::GetEngagementRequest, request, "staff"));
  if (found.roles_size() <= 1) return name;
  std::vector<std::string> choices;
  for (const auto& role : found.roles()) choices.push_back(absl::StrCat(id, "/", role.role_id()));
  return absl::InvalidArgumentError(absl::StrCat(
      "'", id, "' has ", found.roles_size(), " roles: name one, ", absl::StrJoin(choices, " or ")));
}

absl::StatusOr<std::string> RunName(const Session& session, absl::string_view id) {
  if (absl::StartsWith(id, "cohorts/") && absl::StrContains(id, "/runs/")) return std::string(id);
  tandem::matching::v1::GetCohortRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), CohortName(session, id));
  const auto stub = session.Stub<MatchingService>();
  TANDEM_ASSIGN_OR_RETURN(tandem::matching::v1::Cohort cohort,
                          session.Call(*stub, &MatchingService::Stub::GetCohort, request, "staff"));
  if (!cohort.latest_run().empty()) return cohort.latest_run();
  return absl::FailedPreconditionError(
      absl::StrCat("cohort '", id, "' is not solved yet: tandem cohort solve ", id));
}

std::string PolicyName(absl::string_view id) {
  if (id.empty() || absl::StartsWith(id, "policies/")) return std::string(id);
  const std::vector<absl::string_view> parts = absl::StrSplit(id, absl::MaxSplits('/', 1));
  if (parts.size() == 1) return absl::StrCat("policies/", id);
  return absl::StrCat("policies/", parts[0], "/versions/", parts[1]);
}

std::string ShortPolicy(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != 4 || parts[0] != "policies" || parts[2] != "versions") {
    return std::string(name);
  }
  return absl::StrCat(parts[1], "/", parts[3]);
}

const Mentor& Labels::ReadMentor(const std::string& name) {
  const auto found = mentors_.find(name);
  if (found != mentors_.end()) return found->second;
  tandem::profiles::v1::GetMentorRequest request;
  request.set_name(name);
  const auto stub = session_.Stub<ProfilesService>();
  auto mentor = session_.Call(*stub, &ProfilesService::Stub::GetMentor, request, "staff");
  return mentors_[name] = mentor.ok() ? *std::move(mentor) : Mentor();
}

const tandem::profiles::v1::Organisation& Labels::ReadOrganisation(const std::string& name) {
  const auto found = organisations_.find(name);
  if (found != organisations_.end()) return found->second;
  tandem::profiles::v1::GetOrganisationRequest request;
  request.set_name(name);
  const auto stub = session_.Stub<ProfilesService>();
  auto read = session_.Call(*stub, &ProfilesService::Stub::GetOrganisation, request, "staff");
  return organisations_[name] = read.ok() ? *std::move(read) : tandem::profiles::v1::Organisation();
}

const EngagementRequest& Labels::ReadRequest(const std::string& need) {
  const std::string name = need.substr(0, need.find(std::string(kRoles)));
  const auto found = requests_.find(name);
  if (found != requests_.end()) return found->second;
  tandem::needs::v1::GetEngagementRequestRequest request;
  request.set_name(name);
  const auto stub = session_.Stub<NeedsService>();
  auto read = session_.Call(*stub, &NeedsService::Stub::GetEngagementRequest, request, "staff");
  return requests_[name] = read.ok() ? *std::move(read) : EngagementRequest();
}

std::string Labels::MentorPerson(const std::string& name) {
  const Mentor& mentor = ReadMentor(name);
  return mentor.identity().names().empty() ? name : mentor.identity().names(0).full_name();
}

std::string Labels::MentorId(const std::string& name) {
  const Mentor& mentor = ReadMentor(name);
  return mentor.external_id().empty() ? name : mentor.external_id();
}

std::string Labels::Organisation(const std::string& name) {
  const tandem::profiles::v1::Organisation& organisation = ReadOrganisation(name);
  if (!organisation.acronym().empty()) return organisation.acronym();
  return organisation.display_name().empty() ? name : organisation.display_name();
}

std::string Labels::WithOrganisations(absl::string_view sentence) {
  constexpr absl::string_view kCollection = "organisations/";
  std::string text;
  for (;;) {
    const size_t start = sentence.find(kCollection);
    if (start == absl::string_view::npos) break;
    size_t end = start + kCollection.size();
    while (end < sentence.size() && absl::ascii_isalnum(sentence[end])) ++end;
    absl::StrAppend(&text, sentence.substr(0, start),
                    Organisation(std::string(sentence.substr(start, end - start))));
    sentence.remove_prefix(end);
  }
  return absl::StrCat(text, sentence);
}

std::string Labels::Programme(const std::string& name) {
  const auto found = programmes_.find(name);
  if (found != programmes_.end()) return found->second;
  tandem::needs::v1::GetProgrammeRequest request;
  request.set_name(name);
  const auto stub = session_.Stub<NeedsService>();
  const auto read = session_.Call(*stub, &NeedsService::Stub::GetProgramme, request, "staff");
  const bool known = read.ok() && !read->external_id().empty();
  return programmes_[name] = known ? read->external_id() : name;
}

std::string Labels::Cohort(const std::string& name) {
  const size_t runs = name.find("/runs/");
  const std::string cohort = name.substr(0, runs);
  if (cohorts_.count(cohort) == 0) {
    tandem::matching::v1::GetCohortRequest request;
    request.set_name(cohort);
    const auto stub = session_.Stub<MatchingService>();
    const auto read = session_.Call(*stub, &MatchingService::Stub::GetCohort, request, "staff");
    const bool known = read.ok() && !read->external_id().empty();
    cohorts_[cohort] = known ? read->external_id() : cohort;
  }
  if (runs == std::string::npos) return cohorts_[cohort];
  return absl::StrCat(cohorts_[cohort], " run ", name.substr(runs + 6));
}

std::string Labels::Need(const std::string& name) {
  const EngagementRequest& request = ReadRequest(name);
  if (request.external_id().empty()) return name;
  const size_t role = name.find(std::string(kRoles));
  if (request.roles_size() <= 1 || role == std::string::npos) return request.external_id();
  return absl::StrCat(request.external_id(), "/", name.substr(role + kRoles.size()));
}

std::string Labels::NeedTitle(const std::string& name) { return ReadRequest(name).title(); }

std::string Labels::NeedOrganisations(const std::string& name) {
  std::string all;
  for (const std::string& organisation : ReadRequest(name).organisations()) {
    absl::StrAppend(&all, all.empty() ? "" : " ", Organisation(organisation));
  }
  return all;
}

}  // namespace tandem::cli
