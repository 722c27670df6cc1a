#include "services/profiles/testing/harness.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/profiles/profiles_service.h"

namespace tandem::profiles {

namespace {

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "the profiles service does not start: %s\n", status.ToString().c_str());
  std::abort();
}

// Read once: it is the same for all tests of a program.
std::shared_ptr<const common::ReferenceData> Reference() {
  static const auto reference = common::ReferenceData::Load("");
  Require(reference.status());
  return *reference;
}

}  // namespace

Harness::Harness(std::string folder) : folder_(std::move(folder)) { Start(); }

Harness::~Harness() { Stop(); }

void Harness::Start() {
  auto dependencies = OpenProfiles(folder_, Reference());
  Require(dependencies.status());
  auto registry = std::make_unique<common::MethodRegistry>();
  Require(RegisterProfilesService(*registry, *std::move(dependencies)));
  common::ServerOptions options;
  options.log_failed_calls = false;
  auto server = common::Server::Start(options, std::move(registry));
  Require(server.status());
  server_ = *std::move(server);
  stub_ = v1::ProfilesService::NewStub(server_->InProcessChannel());
}

void Harness::Stop() {
  stub_.reset();
  server_.reset();
}

absl::StatusOr<v1::Mentor> Harness::Create(const v1::Mentor& mentor) {
  v1::CreateMentorRequest request;
  *request.mutable_mentor() = mentor;
  return Call(&Stub::CreateMentor, request);
}

absl::StatusOr<v1::Mentor> Harness::Get(const std::string& name, int64_t revision) {
  v1::GetMentorRequest request;
  request.set_name(name);
  request.set_revision(revision);
  return Call(&Stub::GetMentor, request);
}

absl::StatusOr<v1::UpsertMentorResponse> Harness::Upsert(const v1::Mentor& mentor) {
  v1::UpsertMentorRequest request;
  *request.mutable_mentor() = mentor;
  return Call(&Stub::UpsertMentor, request);
}

absl::StatusOr<v1::Organisation> Harness::Create(const v1::Organisation& organisation) {
  v1::CreateOrganisationRequest request;
  *request.mutable_organisation() = organisation;
  return Call(&Stub::CreateOrganisation, request);
}

absl::StatusOr<v1::UpsertOrganisationResponse> Harness::Upsert(
    const v1::Organisation& organisation) {
  v1::UpsertOrganisationRequest request;
  *request.mutable_organisation() = organisation;
  return Call(&Stub::UpsertOrganisation, request);
}

int64_t Harness::Head() {
  v1::ListMentorsRequest request;
  request.set_page_size(1);
  auto response = Call(&Stub::ListMentors, request);
  Require(response.status());
  return response->revision();
}

}  // namespace tandem::profiles
