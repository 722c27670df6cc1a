#include "tools/cli/import/references.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::cli {
namespace {

using ::tandem::needs::v1::NeedsService;
using ::tandem::profiles::v1::Organisation;
using ::tandem::profiles::v1::ProfilesService;

constexpr int kPageSize = 1000;

}  // namespace

absl::Status OrganisationReferences::Load(const Session& session) {
  const auto stub = session.Stub<ProfilesService>();
  tandem::profiles::v1::ListOrganisationsRequest request;
  request.set_page_size(kPageSize);
  do {
    TANDEM_ASSIGN_OR_RETURN(
        tandem::profiles::v1::ListOrganisationsResponse page,
        session.Call(*stub, &ProfilesService::Stub::ListOrganisations, request, "staff"));
    for (Organisation& organisation : *page.mutable_organisations()) Add(std::move(organisation));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  loaded_ = true;
  return absl::OkStatus();
}

void OrganisationReferences::Add(Organisation organisation) {
  loaded_ = true;
  by_external_id_[organisation.external_id()] = std::move(organisation);
}

absl::StatusOr<std::string> OrganisationReferences::Resolve(absl::string_view id) const {
  if (absl::StartsWith(id, "organisations/") || !loaded_) return std::string(id);
  const Organisation* found = Find(id);
  if (found != nullptr) return found->name();
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown organisation '", id, "'; import it first with \"tandem import organisations\""));
}

const Organisation* OrganisationReferences::Find(absl::string_view external_id) const {
  const auto found = by_external_id_.find(std::string(external_id));
  return found == by_external_id_.end() ? nullptr : &found->second;
}

absl::StatusOr<std::map<std::string, std::string>> LoadProgrammes(const Session& session) {
  const auto stub = session.Stub<NeedsService>();
  std::map<std::string, std::string> names;
  tandem::needs::v1::ListProgrammesRequest request;
  request.set_page_size(kPageSize);
  do {
    TANDEM_ASSIGN_OR_RETURN(
        tandem::needs::v1::ListProgrammesResponse page,
        session.Call(*stub, &NeedsService::Stub::ListProgrammes, request, "staff"));
    for (const auto& programme : page.programmes()) {
      names[programme.external_id()] = programme.name();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return names;
}

absl::StatusOr<std::map<std::string, KnownAssessment>> LoadAssessments(const Session& session) {
  const auto stub = session.Stub<NeedsService>();
  std::map<std::string, KnownAssessment> known;
  tandem::needs::v1::ListAssessmentsRequest request;
  request.set_page_size(kPageSize);
  do {
    TANDEM_ASSIGN_OR_RETURN(
        tandem::needs::v1::ListAssessmentsResponse page,
        session.Call(*stub, &NeedsService::Stub::ListAssessments, request, "staff"));
    for (const auto& assessment : page.assessments()) {
      KnownAssessment& entry = known[assessment.external_id()];
      entry.name = assessment.name();
      entry.organisation = assessment.organisation();
      for (const auto& item : assessment.items()) entry.item_ids.insert(item.item_id());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return known;
}

}  // namespace tandem::cli
