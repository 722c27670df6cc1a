// The access service over real gRPC on a real RocksDB.
#include "services/access/access_service.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "storage/open.h"
#include "tandem/access/v1/access_service.grpc.pb.h"

namespace tandem::access {
namespace {

using base::StatusIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::AccessService::Stub;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

std::string ReasonOf(const absl::Status& status) {
  const auto detail = common::ErrorDetailOf(status);
  return detail.has_value() ? detail->reason : "";
}

class AccessServiceTest : public ::testing::Test {
 protected:
  AccessServiceTest() { Start(); }

  void Start() {
    AccessOptions options;
    TANDEM_ASSERT_OK_AND_ASSIGN(options.store,
                                storage::Open(absl::StrCat("rocksdb:", folder_.path(), "/access")));
    options.now = [this] { return now_.load(); };
    TANDEM_ASSERT_OK_AND_ASSIGN(access_, AccessService::Open(std::move(options)));
    auto registry = std::make_unique<common::MethodRegistry>();
    access_->Register(*registry);
    TANDEM_ASSERT_OK_AND_ASSIGN(
        server_, common::Server::Start(ServerOptionsWithTokens(), std::move(registry)));
    stub_ = v1::AccessService::NewStub(common::MakeChannel(server_->address()));
  }

  common::ServerOptions ServerOptionsWithTokens() const {
    common::ServerOptions options;
    options.authenticators = {access_->authenticator()};
    return options;
  }

  // Lists tokens with that secret, and with stated metadata that must not count.
  absl::Status ListWith(const std::string& authorization) {
    grpc::ClientContext context;
    common::PrepareCall("Mallory", common::v1::ROLE_ADMIN, kHangGuard, &context);
    context.AddMetadata("authorization", authorization);
    v1::ListAccessTokensResponse response;
    return common::FromGrpcStatus(
        stub_->ListAccessTokens(&context, v1::ListAccessTokensRequest(), &response));
  }

  v1::CreateAccessTokenResponse MustCreateAdmin() {
    v1::CreateAccessTokenRequest request;
    request.mutable_access_token()->set_actor("admin-1");
    request.mutable_access_token()->set_role(common::v1::ROLE_ADMIN);
    v1::CreateAccessTokenResponse created;
    TANDEM_EXPECT_OK(Call(&Stub::CreateAccessToken, request, &created));
    return created;
  }

  void Stop() {
    stub_.reset();
    server_.reset();
    access_.reset();
  }

  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response,
                    common::v1::Role role = common::v1::ROLE_ADMIN) {
    grpc::ClientContext context;
    common::PrepareCall("Ada", role, kHangGuard, &context);
    return common::FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }

  v1::CreateAccessTokenResponse MustCreate(const std::string& actor = "staff-7",
                                           const std::string& request_id = "") {
    v1::CreateAccessTokenRequest request;
    request.mutable_access_token()->set_actor(actor);
    request.mutable_access_token()->set_role(common::v1::ROLE_STAFF);
    request.set_request_id(request_id);
    v1::CreateAccessTokenResponse created;
    TANDEM_EXPECT_OK(Call(&Stub::CreateAccessToken, request, &created));
    return created;
  }

  v1::CreateInvitationResponse MustInvite() {
    v1::CreateInvitationRequest request;
    request.mutable_invitation()->set_actor("mentor-12");
    request.mutable_invitation()->set_role(common::v1::ROLE_MENTOR);
    request.mutable_invitation()->set_subject("mentors/m12");
    v1::CreateInvitationResponse created;
    TANDEM_EXPECT_OK(Call(&Stub::CreateInvitation, request, &created));
    return created;
  }

  absl::Status Redeem(const std::string& code, v1::RedeemInvitationResponse* response,
                      const std::string& request_id = "", bool validate_only = false) {
    v1::RedeemInvitationRequest request;
    request.set_code(code);
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    grpc::ClientContext context;  // states neither actor nor role
    context.set_deadline(absl::ToChronoTime(absl::Now() + kHangGuard));
    return common::FromGrpcStatus(stub_->RedeemInvitation(&context, request, response));
  }

  // Every byte of the database's files, one after another.
  std::string RawBytes() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      std::stringstream file;
      if (entry.is_regular_file()) file << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      bytes += file.str();
    }
    return bytes;
  }

  base::TempDir folder_;
  std::atomic<absl::Time> now_{absl::FromUnixSeconds(1'800'000'000)};
  std::unique_ptr<AccessService> access_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(AccessServiceTest, SecretsHaveTheirPrefixAndNeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const std::string secret = MustCreate().secret();
    EXPECT_TRUE(absl::StartsWith(secret, "tandem_at_")) << i;
    EXPECT_EQ(secret.size(), 10u + 64u);
    EXPECT_TRUE(seen.insert(secret).second);
  }
  EXPECT_TRUE(absl::StartsWith(MustInvite().code(), "tandem_inv_"));
}

TEST_F(AccessServiceTest, ARepeatedRequestAnswersWithTheTokenButNotItsSecret) {
  const auto first = MustCreate("staff-7", "once");
  const auto again = MustCreate("staff-7", "once");
  EXPECT_EQ(again.access_token().SerializeAsString(), first.access_token().SerializeAsString());
  EXPECT_FALSE(first.secret().empty());
  EXPECT_EQ(again.secret(), "");
}

TEST_F(AccessServiceTest, EveryViolatedFieldIsNamed) {
  v1::CreateAccessTokenRequest request;
  request.mutable_access_token()->set_actor("ada@example.org");
  request.mutable_access_token()->set_role(common::v1::ROLE_MENTOR);
  request.mutable_access_token()->mutable_expire_time()->set_seconds(1'800'000'000 - 1);
  v1::CreateAccessTokenResponse created;
  const absl::Status status = Call(&Stub::CreateAccessToken, request, &created);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<std::string> fields;
  for (const auto& violation : common::FieldViolationsOf(status)) fields.push_back(violation.field);
  EXPECT_THAT(fields, UnorderedElementsAre("access_token.actor", "access_token.subject",
                                           "access_token.expire_time"));
}

TEST_F(AccessServiceTest, AServiceGetsNoToken) {
  v1::CreateAccessTokenRequest request;
  request.mutable_access_token()->set_actor("matching");
  request.mutable_access_token()->set_role(common::v1::ROLE_SERVICE);
  v1::CreateAccessTokenResponse created;
  EXPECT_THAT(Call(&Stub::CreateAccessToken, request, &created),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(AccessServiceTest, WhatIsOnlyValidatedHasNeitherNameNorSecret) {
  v1::CreateAccessTokenRequest request;
  request.mutable_access_token()->set_actor("staff-7");
  request.mutable_access_token()->set_role(common::v1::ROLE_STAFF);
  request.set_validate_only(true);
  v1::CreateAccessTokenResponse created;
  TANDEM_ASSERT_OK(Call(&Stub::CreateAccessToken, request, &created));
  EXPECT_EQ(created.access_token().name(), "");
  EXPECT_EQ(created.secret(), "");
  v1::ListAccessTokensResponse listed;
  TANDEM_ASSERT_OK(Call(&Stub::ListAccessTokens, v1::ListAccessTokensRequest(), &listed));
  EXPECT_EQ(listed.access_tokens_size(), 0);
}

TEST_F(AccessServiceTest, ARotatedTokenHasAnotherSecretAndSaysUntilWhenTheOldOneLasts) {
  const auto created = MustCreate();
  v1::RotateAccessTokenRequest request;
  request.set_name(created.access_token().name());
  request.set_etag(created.access_token().etag());
  request.mutable_overlap()->set_seconds(3600);
  v1::RotateAccessTokenResponse rotated;
  TANDEM_ASSERT_OK(Call(&Stub::RotateAccessToken, request, &rotated));
  EXPECT_NE(rotated.secret(), created.secret());
  EXPECT_TRUE(absl::StartsWith(rotated.secret(), "tandem_at_"));
  EXPECT_EQ(rotated.access_token().previous_secret_expire_time().seconds(), 1'800'000'000 + 3600);

  v1::RotateAccessTokenResponse stale;
  EXPECT_EQ(ReasonOf(Call(&Stub::RotateAccessToken, request, &stale)), "ETAG_MISMATCH");
  request.clear_etag();
  request.mutable_overlap()->set_seconds(8 * 24 * 3600);
  EXPECT_THAT(Call(&Stub::RotateAccessToken, request, &stale),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(AccessServiceTest, ARevokedOrExpiredTokenGetsNoNewSecret) {
  v1::RotateAccessTokenRequest rotate;
  rotate.set_name(MustCreate().access_token().name());
  v1::RevokeAccessTokenRequest revoke;
  revoke.set_name(rotate.name());
  revoke.set_reason_code("LEFT_PROGRAMME");
  v1::AccessToken revoked;
  TANDEM_ASSERT_OK(Call(&Stub::RevokeAccessToken, revoke, &revoked));
  EXPECT_EQ(revoked.state(), v1::ACCESS_TOKEN_STATE_REVOKED);
  EXPECT_EQ(revoked.revoke_time().seconds(), 1'800'000'000);
  v1::AccessToken again;
  TANDEM_ASSERT_OK(Call(&Stub::RevokeAccessToken, revoke, &again));
  EXPECT_EQ(again.SerializeAsString(), revoked.SerializeAsString());
  v1::RotateAccessTokenResponse rotated;
  EXPECT_EQ(ReasonOf(Call(&Stub::RotateAccessToken, rotate, &rotated)), "ACCESS_TOKEN_ENDED");

  rotate.set_name(MustCreate().access_token().name());
  now_ = now_.load() + absl::Hours(24 * 90);
  EXPECT_EQ(ReasonOf(Call(&Stub::RotateAccessToken, rotate, &rotated)), "ACCESS_TOKEN_ENDED");
}

TEST_F(AccessServiceTest, ACodeIsUsableOnceByAnybodyWhoHasIt) {
  const auto invited = MustInvite();
  v1::RedeemInvitationResponse tried;
  TANDEM_ASSERT_OK(Redeem(invited.code(), &tried, "", /*validate_only=*/true));
  EXPECT_EQ(tried.secret(), "");

  v1::RedeemInvitationResponse redeemed;
  TANDEM_ASSERT_OK(Redeem(invited.code(), &redeemed, "mine"));
  EXPECT_TRUE(absl::StartsWith(redeemed.secret(), "tandem_at_"));
  EXPECT_EQ(redeemed.access_token().actor(), "mentor-12");
  EXPECT_EQ(redeemed.access_token().subject(), "mentors/m12");
  EXPECT_EQ(redeemed.access_token().invitation(), invited.invitation().name());

  v1::RedeemInvitationResponse again;
  EXPECT_EQ(ReasonOf(Redeem(invited.code(), &again)), "INVITATION_UNUSABLE");
  TANDEM_ASSERT_OK(Redeem(invited.code(), &again, "mine"));
  EXPECT_EQ(again.access_token().name(), redeemed.access_token().name());
  EXPECT_EQ(again.secret(), "");

  v1::GetInvitationRequest get;
  get.set_name(invited.invitation().name());
  v1::Invitation used;
  TANDEM_ASSERT_OK(Call(&Stub::GetInvitation, get, &used));
  EXPECT_EQ(used.state(), v1::INVITATION_STATE_USED);
  EXPECT_EQ(used.access_token(), redeemed.access_token().name());
}

TEST_F(AccessServiceTest, PeopleWithoutCredentialsDoNotGetInEachOthersWayWithTheSameRequestId) {
  const auto one = MustInvite();
  const auto other = MustInvite();
  v1::RedeemInvitationResponse first, second, again;

  TANDEM_ASSERT_OK(Redeem(one.code(), &first, "1"));
  TANDEM_ASSERT_OK(Redeem(other.code(), &second, "1"));

  EXPECT_NE(second.access_token().name(), first.access_token().name());
  TANDEM_ASSERT_OK(Redeem(one.code(), &again, "1"));
  EXPECT_EQ(again.access_token().name(), first.access_token().name());
}

TEST_F(AccessServiceTest, OfManyWhoRedeemAtOnceOneGetsTheToken) {
  for (int round = 0; round < 10; ++round) {
    const std::string code = MustInvite().code();
    std::atomic<int> redeemed{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 6; ++i) {
      callers.emplace_back([&] {
        v1::RedeemInvitationResponse response;
        const absl::Status status = Redeem(code, &response);
        if (status.ok()) ++redeemed;
        if (ReasonOf(status) == "INVITATION_UNUSABLE") ++refused;
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(redeemed, 1);
    EXPECT_EQ(refused, 5);
  }
  v1::ListAccessTokensResponse listed;
  TANDEM_ASSERT_OK(Call(&Stub::ListAccessTokens, v1::ListAccessTokensRequest(), &listed));
  EXPECT_EQ(listed.access_tokens_size(), 10);
}

TEST_F(AccessServiceTest, UnknownExpiredAndRevokedCodesAnswerAlike) {
  v1::RedeemInvitationResponse redeemed;
  const absl::Status unknown = Redeem("tandem_inv_" + std::string(64, 'a'), &redeemed);
  EXPECT_EQ(ReasonOf(unknown), "INVITATION_UNUSABLE");
  EXPECT_EQ(Redeem("canary no code", &redeemed), unknown);

  const auto revoked = MustInvite();
  v1::RevokeInvitationRequest revoke;
  revoke.set_name(revoked.invitation().name());
  v1::Invitation invitation;
  TANDEM_ASSERT_OK(Call(&Stub::RevokeInvitation, revoke, &invitation));
  EXPECT_EQ(Redeem(revoked.code(), &redeemed), unknown);

  const std::string expired = MustInvite().code();
  now_ = now_.load() + absl::Hours(24 * 7);
  EXPECT_EQ(Redeem(expired, &redeemed), unknown);
}

TEST_F(AccessServiceTest, AUsedInvitationCannotBeRevoked) {
  const auto invited = MustInvite();
  v1::RedeemInvitationResponse redeemed;
  TANDEM_ASSERT_OK(Redeem(invited.code(), &redeemed));
  v1::RevokeInvitationRequest revoke;
  revoke.set_name(invited.invitation().name());
  v1::Invitation invitation;
  EXPECT_EQ(ReasonOf(Call(&Stub::RevokeInvitation, revoke, &invitation)), "INVITATION_USED");
}

TEST_F(AccessServiceTest, NoSecretIsInTheDatabaseTheLogOrTheFeed) {
  testing::internal::CaptureStderr();
  std::vector<std::string> secrets;
  const auto created = MustCreate("staff-7", "r1");
  secrets.push_back(created.secret());
  v1::RotateAccessTokenRequest rotate;
  rotate.set_name(created.access_token().name());
  rotate.mutable_overlap()->set_seconds(60);
  rotate.set_request_id("r2");
  v1::RotateAccessTokenResponse rotated;
  TANDEM_ASSERT_OK(Call(&Stub::RotateAccessToken, rotate, &rotated));
  secrets.push_back(rotated.secret());
  const std::string code = MustInvite().code();
  secrets.push_back(code);
  v1::RedeemInvitationResponse redeemed;
  TANDEM_ASSERT_OK(Redeem(code, &redeemed, "r3"));
  secrets.push_back(redeemed.secret());
  const absl::Status refused = Redeem(code, &redeemed, "r4");
  common::v1::ListChangesResponse changes;
  TANDEM_ASSERT_OK(Call(&Stub::ListChanges, common::v1::ListChangesRequest(), &changes,
                        common::v1::ROLE_AUDITOR));
  Stop();
  const std::string log = testing::internal::GetCapturedStderr();
  const std::string raw = RawBytes();

  EXPECT_TRUE(absl::StrContains(log, "INVITATION_UNUSABLE")) << log;
  EXPECT_TRUE(absl::StrContains(raw, created.access_token().name())) << raw.size();
  EXPECT_EQ(changes.changes_size(), 5);
  for (const std::string& secret : secrets) {
    const std::string digits = secret.substr(secret.rfind('_') + 1);
    for (const std::string& form : {digits, absl::HexStringToBytes(digits)}) {
      EXPECT_FALSE(absl::StrContains(raw, form));
      EXPECT_FALSE(absl::StrContains(log, form));
      EXPECT_FALSE(absl::StrContains(changes.SerializeAsString(), form));
      EXPECT_FALSE(absl::StrContains(refused.ToString(), form));
    }
  }
}

TEST_F(AccessServiceTest, ATokenSaysWhoCallsWhateverTheMetadataState) {
  TANDEM_EXPECT_OK(ListWith("Bearer " + MustCreateAdmin().secret()));
  EXPECT_EQ(ReasonOf(ListWith("Bearer " + MustCreate().secret())), "ROLE_NOT_ALLOWED");
}

TEST_F(AccessServiceTest, WhatWasDoneWithATokenIsRecordedUnderItsActor) {
  grpc::ClientContext context;
  common::PrepareCall("Mallory", common::v1::ROLE_AUDITOR, kHangGuard, &context);
  context.AddMetadata("authorization", "Bearer " + MustCreateAdmin().secret());
  v1::CreateInvitationRequest request;
  request.mutable_invitation()->set_actor("staff-9");
  request.mutable_invitation()->set_role(common::v1::ROLE_STAFF);
  v1::CreateInvitationResponse created;
  TANDEM_ASSERT_OK(common::FromGrpcStatus(stub_->CreateInvitation(&context, request, &created)));
  common::v1::ListChangesResponse changes;
  TANDEM_ASSERT_OK(Call(&Stub::ListChanges, common::v1::ListChangesRequest(), &changes));
  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_EQ(changes.changes(1).actor(), "admin-1");
  EXPECT_EQ(changes.changes(1).role(), common::v1::ROLE_ADMIN);
}

TEST_F(AccessServiceTest, UnknownRevokedAndExpiredTokensAnswerAlike) {
  const absl::Status unknown = ListWith("Bearer tandem_at_" + std::string(64, 'b'));
  EXPECT_THAT(unknown, StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_EQ(ReasonOf(unknown), "ACCESS_TOKEN_INVALID");
  EXPECT_EQ(ListWith("Bearer canary"), unknown);

  const auto created = MustCreateAdmin();
  TANDEM_ASSERT_OK(ListWith("Bearer " + created.secret()));
  v1::RevokeAccessTokenRequest revoke;
  revoke.set_name(created.access_token().name());
  v1::AccessToken revoked;
  TANDEM_ASSERT_OK(Call(&Stub::RevokeAccessToken, revoke, &revoked));
  EXPECT_EQ(ListWith("Bearer " + created.secret()), unknown);  // from the very next call on

  const std::string expiring = MustCreateAdmin().secret();
  now_ = now_.load() + absl::Hours(24 * 90) - absl::Seconds(1);
  TANDEM_EXPECT_OK(ListWith("bearer " + expiring));
  now_ = now_.load() + absl::Seconds(1);
  EXPECT_EQ(ListWith("Bearer " + expiring), unknown);
}

TEST_F(AccessServiceTest, AfterARotationTheOldSecretLastsAsLongAsTheOverlap) {
  const auto created = MustCreateAdmin();
  TANDEM_ASSERT_OK(ListWith("Bearer " + created.secret()));
  v1::RotateAccessTokenRequest request;
  request.set_name(created.access_token().name());
  request.mutable_overlap()->set_seconds(60);
  v1::RotateAccessTokenResponse rotated;
  TANDEM_ASSERT_OK(Call(&Stub::RotateAccessToken, request, &rotated));
  TANDEM_EXPECT_OK(ListWith("Bearer " + created.secret()));
  TANDEM_EXPECT_OK(ListWith("Bearer " + rotated.secret()));
  now_ = now_.load() + absl::Seconds(60);
  EXPECT_EQ(ReasonOf(ListWith("Bearer " + created.secret())), "ACCESS_TOKEN_INVALID");
  TANDEM_EXPECT_OK(ListWith("Bearer " + rotated.secret()));

  request.clear_overlap();
  v1::RotateAccessTokenResponse at_once;
  TANDEM_ASSERT_OK(Call(&Stub::RotateAccessToken, request, &at_once));
  EXPECT_EQ(ReasonOf(ListWith("Bearer " + rotated.secret())), "ACCESS_TOKEN_INVALID");
  TANDEM_EXPECT_OK(ListWith("Bearer " + at_once.secret()));
}

TEST_F(AccessServiceTest, TokensSurviveARestart) {
  const auto created = MustCreate();
  Stop();
  Start();
  v1::GetAccessTokenRequest get;
  get.set_name(created.access_token().name());
  v1::AccessToken read;
  TANDEM_ASSERT_OK(Call(&Stub::GetAccessToken, get, &read));
  EXPECT_EQ(read.SerializeAsString(), created.access_token().SerializeAsString());
  EXPECT_EQ(ReasonOf(ListWith("Bearer " + created.secret())), "ROLE_NOT_ALLOWED");
}

}  // namespace
}  // namespace tandem::access
