#include "tests/access/world.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/resource_fields.h"
#include "services/common/status_conversion.h"
#include "services/needs/testing/builders.h"
#include "services/profiles/testing/builders.h"
#include "storage/open.h"
#include "storage/store.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/programme.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::tests {
namespace {

constexpr absl::Duration kHangGuard = absl::Minutes(3);

template <typename T>
T Value(absl::StatusOr<T> result) {
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : T();
}

// Records as the services store them: these tests are about whose they are, not about how they come
// into being, and a match would need a whole cohort to be solved.
class Seeder {
 public:
  void Put(const std::string& name, const google::protobuf::Message& record) {
    commit_.mutations.push_back({name, common::CanonicalBytes(record)});
    common::v1::ChangeBatch batch;
    common::v1::Change* change = batch.add_changes();
    change->set_actor("seed");
    change->set_resource(name);
    change->set_kind(common::v1::CHANGE_KIND_CREATED);
    commit_.feed_entries.push_back(batch.SerializeAsString());
  }
  void WriteTo(const std::string& folder) {
    const std::unique_ptr<storage::Store> store = Value(storage::Open("rocksdb:" + folder));
    TANDEM_ASSERT_OK(store->Apply(std::move(commit_)).status());
  }

 private:
  storage::Commit commit_;
};

// One to three of `all`, each once.
std::vector<std::string> Some(const std::vector<std::string>& all, std::mt19937_64& random) {
  std::vector<std::string> some;
  for (const std::string& one : all) {
    if (random() % 2 == 0) some.push_back(one);
  }
  if (some.empty()) some.push_back(all[random() % all.size()]);
  return some;
}

}  // namespace

World::World(int count, uint64_t seed) {
  Start();
  AddPeople();
  Stop();
  AddNeeds(count, seed);
  AddMatches(count, seed + 1);
  Start();
}

World::~World() { Stop(); }

void World::Start() {
  services_ = Value(tandemd::AllServices::Open(folder_.path(), ""));
  auto registry = std::make_unique<common::MethodRegistry>();
  registry_ = registry.get();
  TANDEM_ASSERT_OK(services_->Register(*registry));
  common::ServerOptions options;
  options.log_failed_calls = false;
  server_ = Value(common::Server::Start(options, std::move(registry)));
  services_->Follow(server_->InProcessChannel());
}

void World::Stop() {
  services_->Stop();
  server_.reset();
  services_.reset();
}

void World::AddPeople() {
  const auto stub = profiles::v1::ProfilesService::NewStub(common::MakeChannel(server_->address()));
  for (int i = 1; i <= 3; ++i) {
    profiles::v1::CreateOrganisationRequest request;
    *request.mutable_organisation() = profiles::ValidOrganisation(absl::StrCat("o", i));
    request.mutable_organisation()->add_excluded_mentors("mentors/nobody");
    profiles::v1::Contact* contact = request.mutable_organisation()->add_contacts();
    contact->set_full_name("Invented Contact");
    profiles::v1::Organisation created;
    grpc::ClientContext context;
    common::PrepareCall("seed", common::v1::ROLE_ADMIN, kHangGuard, &context);
    TANDEM_ASSERT_OK(common::FromGrpcStatus(stub->CreateOrganisation(&context, request, &created)));
    organisations_.push_back(created.name());
    objects_["organisation"].push_back({created.name(), {{}, {created.name()}}});
  }
  for (int i = 1; i <= 2; ++i) {
    profiles::v1::CreateMentorRequest request;
    *request.mutable_mentor() = profiles::ValidMentor(absl::StrCat("m", i), "Invented Person");
    profiles::v1::Mentor created;
    grpc::ClientContext context;
    common::PrepareCall("seed", common::v1::ROLE_ADMIN, kHangGuard, &context);
    TANDEM_ASSERT_OK(common::FromGrpcStatus(stub->CreateMentor(&context, request, &created)));
    mentors_.push_back(created.name());
    objects_["mentor"].push_back({created.name(), {{created.name()}, {}}});
  }
}

void World::AddNeeds(int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  Seeder seeder;
  needs::v1::Programme programme;
  programme.set_display_name("Invented programme");
  seeder.Put("programmes/p1", programme);
  objects_["programme"].push_back({"programmes/p1", {}});
  for (int i = 0; i < 2 + count; ++i) {
    needs::v1::Assessment assessment;
    assessment.set_organisation(i < 2 ? organisations_[static_cast<size_t>(i)]
                                      : organisations_[random() % organisations_.size()]);
    const std::string name = absl::StrCat("assessments/a", i + 1);
    seeder.Put(name, assessment);
    objects_["assessment"].push_back({name, {{}, {assessment.organisation()}}});
  }
  for (int i = 0; i < 3 + count; ++i) {
    std::vector<std::string> of = {organisations_[static_cast<size_t>(i % 2)]};
    if (i == 2) of = {organisations_[0], organisations_[1]};
    if (i > 2) of = Some(organisations_, random);
    needs::v1::EngagementRequest request = needs::MakeRequest("", "programmes/p1");
    request.clear_organisations();
    for (const std::string& organisation : of) request.add_organisations(organisation);
    request.set_state(needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN);
    const std::string name = absl::StrCat("engagementRequests/r", i + 1);
    seeder.Put(name, request);
    objects_["request"].push_back({name, {{}, of}});
  }
  seeder.WriteTo(folder_.Join("needs"));
}

void World::AddMatches(int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  Seeder seeder;
  for (int i = 0; i < 3 + count; ++i) {
    const size_t side = i < 3 ? static_cast<size_t>(i % 2) : random() % mentors_.size();
    const bool approved = i < 3 ? i < 2 : random() % 3 > 0;
    matching::v1::Match match;
    match.set_mentor(mentors_[side]);
    match.add_organisations(organisations_[side]);
    match.set_need("engagementRequests/r1/roles/lead");
    match.set_run("cohorts/c1/runs/1");
    match.set_decided_by("someone");
    match.set_rationale("Agreed in the committee");
    match.set_hours_per_month(1);
    match.set_first_month("2027-01");
    match.set_last_month("2027-06");
    match.set_state(approved ? matching::v1::MATCH_STATE_APPROVED
                             : matching::v1::MATCH_STATE_PROPOSED);
    const std::string name = absl::StrCat("matches/x", i + 1);
    seeder.Put(name, match);
    common::Owners owners;
    if (approved) owners = {{match.mentor()}, {organisations_[side]}};
    objects_["match"].push_back({name, owners});
  }
  seeder.WriteTo(folder_.Join("matching"));
}

}  // namespace tandem::tests
