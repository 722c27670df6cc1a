// How the first admin gets into an installation whose servers believe nobody without credentials.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/secret_file.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/access/access_service.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "storage/open.h"
#include "tandem/access/v1/access_service.grpc.pb.h"

namespace tandem::access {
namespace {

using base::StatusIs;
using Stub = v1::AccessService::Stub;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

std::string ReasonOf(const absl::Status& status) {
  const auto detail = common::ErrorDetailOf(status);
  return detail.has_value() ? detail->reason : "";
}

class FirstAdminTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AccessOptions options;
    TANDEM_ASSERT_OK_AND_ASSIGN(options.store,
                                storage::Open(absl::StrCat("rocksdb:", folder_.path(), "/access")));
    options.now = [this] { return now_.load(); };
    TANDEM_ASSERT_OK_AND_ASSIGN(access_, AccessService::Open(std::move(options)));
    auto registry = std::make_unique<common::MethodRegistry>();
    access_->Register(*registry);
    common::ServerOptions of_server;
    of_server.authenticators = {access_->authenticator()};
    of_server.require_credentials = true;
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, common::Server::Start(of_server, std::move(registry)));
    stub_ = v1::AccessService::NewStub(common::MakeChannel(server_->address()));
  }

  // Calls with that secret; without one it states to be an admin.
  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const std::string& secret, const Request& request, Response* response) {
    grpc::ClientContext context;
    if (secret.empty()) {
      common::PrepareCall("Mallory", common::v1::ROLE_ADMIN, kHangGuard, &context);
    } else {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", secret));
      context.set_deadline(absl::ToChronoTime(absl::Now() + kHangGuard));
    }
    return common::FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }

  v1::ListAccessTokensResponse MustList(const std::string& secret) {
    v1::ListAccessTokensResponse listed;
    TANDEM_EXPECT_OK(Call(&Stub::ListAccessTokens, secret, v1::ListAccessTokensRequest(), &listed));
    return listed;
  }

  // The secret of the first admin, made into a file of that name; fails the test when none is made.
  std::string MustMake(const std::string& name) {
    const auto made = access_->EnsureAdmin(folder_.Join(name));
    EXPECT_TRUE(made.ok() && made->has_value()) << made.status();
    const auto secret = base::ReadSecretFile(folder_.Join(name));
    TANDEM_EXPECT_OK(secret.status());
    return secret.value_or("");
  }

  base::TempDir folder_;
  std::atomic<absl::Time> now_{absl::FromUnixSeconds(1'800'000'000)};
  std::unique_ptr<AccessService> access_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(FirstAdminTest, ItsTokenIsTheOnlyWayIn) {
  v1::ListAccessTokensResponse listed;
  const v1::ListAccessTokensRequest list;
  EXPECT_EQ(ReasonOf(Call(&Stub::ListAccessTokens, "", list, &listed)), "CREDENTIALS_MISSING");
  listed = MustList(MustMake("admin"));
  ASSERT_EQ(listed.access_tokens_size(), 1);
  EXPECT_EQ(listed.access_tokens(0).actor(), "first-admin");
  EXPECT_EQ(listed.access_tokens(0).role(), common::v1::ROLE_ADMIN);
  EXPECT_EQ(listed.access_tokens(0).expire_time().seconds(), 1'800'000'000 + 7 * 24 * 3600);
  EXPECT_EQ(ReasonOf(Call(&Stub::ListAccessTokens, "", list, &listed)), "CREDENTIALS_MISSING");
}

TEST_F(FirstAdminTest, WhileAnAdminsTokenIsUsableThereIsNoOther) {
  const std::string secret = MustMake("admin");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto none, access_->EnsureAdmin(folder_.Join("second")));
  EXPECT_FALSE(none.has_value());
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("second")));
  // Not even the file of the first is looked at.
  TANDEM_EXPECT_OK(access_->EnsureAdmin(folder_.Join("admin")).status());

  // A usable token of another role is none of an admin.
  v1::CreateAccessTokenRequest staff;
  staff.mutable_access_token()->set_actor("staff-7");
  staff.mutable_access_token()->set_role(common::v1::ROLE_STAFF);
  v1::CreateAccessTokenResponse created;
  TANDEM_ASSERT_OK(Call(&Stub::CreateAccessToken, secret, staff, &created));
  v1::RevokeAccessTokenRequest revoke;
  const v1::ListAccessTokensResponse listed = MustList(secret);
  for (const v1::AccessToken& token : listed.access_tokens()) {
    if (token.actor() == "first-admin") revoke.set_name(token.name());
  }
  v1::AccessToken revoked;
  TANDEM_ASSERT_OK(Call(&Stub::RevokeAccessToken, secret, revoke, &revoked));
  const std::string second = MustMake("second");
  EXPECT_EQ(MustList(second).access_tokens_size(), 3);
  now_ = now_.load() + kFirstAdminLifetime;
  EXPECT_NE(MustMake("third"), second);
}

TEST_F(FirstAdminTest, AFileThatExistsIsKeptAndNoTokenMade) {
  std::ofstream(folder_.Join("admin")) << "older";
  EXPECT_THAT(access_->EnsureAdmin(folder_.Join("admin")).status(),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(access_->EnsureAdmin(folder_.Join("no/folder")).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(MustList(MustMake("other")).access_tokens_size(), 1);
}

TEST_F(FirstAdminTest, WhoHasACodeNeedsNoOtherCredentialToRedeemIt) {
  v1::CreateInvitationRequest invite;
  invite.mutable_invitation()->set_actor("staff-9");
  invite.mutable_invitation()->set_role(common::v1::ROLE_STAFF);
  v1::CreateInvitationResponse invited;
  TANDEM_ASSERT_OK(Call(&Stub::CreateInvitation, MustMake("admin"), invite, &invited));

  v1::RedeemInvitationRequest redeem;
  redeem.set_code(invited.code());
  v1::RedeemInvitationResponse redeemed;
  // A credential that is shown must be valid all the same.
  EXPECT_EQ(ReasonOf(Call(&Stub::RedeemInvitation, "nonsense", redeem, &redeemed)),
            "ACCESS_TOKEN_INVALID");
  TANDEM_ASSERT_OK(Call(&Stub::RedeemInvitation, "", redeem, &redeemed));
  EXPECT_EQ(redeemed.access_token().actor(), "staff-9");
  v1::ListAccessTokensResponse listed;
  EXPECT_EQ(ReasonOf(Call(&Stub::ListAccessTokens, redeemed.secret(), v1::ListAccessTokensRequest(),
                          &listed)),
            "ROLE_NOT_ALLOWED");
}

}  // namespace
}  // namespace tandem::access
