// Services that are processes of their own call each other: what is refused at the start, who they
// are over TLS, and how their certificates are renewed.
#include "services/common/peer_services.h"

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/method_registry.h"
#include "services/common/principal.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "services/common/testing/renewed_files.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);

class PeerServicesTest : public ::testing::Test, protected RenewedFiles {
 protected:
  PeerServicesTest() {
    Write("ca.pem", authority_.certificate());
    WritePair("server", authority_.Issue("needs"));
    WritePair("client", first_);
    // The methods of the echo service are for staff.
    Write("certificates.csv",
          absl::StrCat("fingerprint,actor,role,subject\n", PrintOf(first_), ",matching,staff,\n",
                       PrintOf(second_), ",matching renewed,staff,\n"));
  }

  static std::string PrintOf(const TestCertificate& pair) {
    return CertificateFingerprint(pair.certificate).value_or("none");
  }

  // The answer of the server says who was seen to call.
  void StartServer(const std::string& address = "127.0.0.1:0") {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [](const CallContext& call, const EchoMessage&) -> absl::StatusOr<EchoMessage> {
          EchoMessage answer;
          answer.set_text(absl::StrCat(call.principal().actor, "|", call.principal().credential));
          return answer;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [](const CallContext&, const EchoMessage&, StreamWriter<EchoMessage>&) {
          return absl::OkStatus();
        });
    ServerOptions options;
    options.address = address;
    options.tls.certificate = folder_.Join("server.pem");
    options.tls.key = folder_.Join("server.key");
    options.tls.client_ca = folder_.Join("ca.pem");
    options.tls.certificates = folder_.Join("certificates.csv");
    options.drain_time = absl::Seconds(5);
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options, std::move(registry)));
  }

  // So that clients have to connect anew.
  void RestartServer() {
    const std::string address = server_->address();
    server_.reset();
    StartServer(address);
  }

  PeerFlags Flags(const std::string& address) const {
    PeerFlags flags;
    flags.peers = {{"needs", address, "", false}};
    flags.tls = {folder_.Join("client.pem"), folder_.Join("client.key"), folder_.Join("ca.pem")};
    return flags;
  }

  static std::shared_ptr<grpc::Channel> Connect(const PeerFlags& flags) {
    const auto channels = ConnectPeers(flags);
    TANDEM_EXPECT_OK(channels.status());
    return channels.ok() ? channels->at("needs") : nullptr;
  }

  // Who was seen to call, or the code of the error.
  static std::string Call(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    PrepareCall("somebody", v1::ROLE_ADMIN, kPatience, &context);
    EchoMessage answer;
    const absl::Status status =
        FromGrpcStatus(EchoService::NewStub(channel)->Echo(&context, EchoMessage(), &answer));
    return status.ok() ? answer.text() : absl::StatusCodeToString(status.code());
  }

  std::string CallerBy(const std::string& actor, const TestCertificate& pair) const {
    return absl::StrCat(actor, "|certificates/", PrintOf(pair));
  }

  // Calls over new connections until the answer is `expected`; the last one.
  std::string CallUntil(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& expected) {
    const absl::Time end = absl::Now() + kPatience;
    std::string seen;
    while (seen != expected && absl::Now() < end) {
      RestartServer();
      seen = Call(channel);
    }
    return seen;
  }

  TestAuthority authority_;
  const TestCertificate first_ = authority_.Issue("matching");
  const TestCertificate second_ = authority_.Issue("matching");
  std::unique_ptr<Server> server_;
};

TEST_F(PeerServicesTest, WithoutTlsOnlyThisMachineIsCalled) {
  for (const std::string address :
       {"10.0.0.7:7402", "[2001:db8::7]:7402", "needs.example.org:7402", "0.0.0.0:7402"}) {
    PeerFlags flags = Flags(address);
    flags.tls = {};
    EXPECT_THAT(ConnectPeers(flags).status(),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("--needs-address"), HasSubstr(address),
                               HasSubstr("--services-tls-ca"))));
    TANDEM_EXPECT_OK(ConnectPeers(Flags(address)).status());
  }
  for (const std::string address : {"127.0.0.1:7402", "[::1]:7402", "localhost:7402", "unix:/n"}) {
    PeerFlags flags = Flags(address);
    flags.tls = {};
    TANDEM_EXPECT_OK(ConnectPeers(flags).status());
  }
}

TEST_F(PeerServicesTest, WhatIsNoAddressIsNamedAndAnOptionalPeerMayHaveNone) {
  for (const std::string address :
       {"", "needs", ":7402", "127.0.0.1:0", "::1:7402", "unix:", "a:b"}) {
    PeerFlags plain = Flags(address);
    plain.tls = {};
    for (const PeerFlags& flags : {plain, Flags(address)}) {
      EXPECT_THAT(ConnectPeers(flags).status(),
                  StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT")));
    }
  }
  PeerFlags optional = Flags("");
  optional.peers[0].optional = true;
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto none, ConnectPeers(optional));
  EXPECT_TRUE(none.empty());
}

TEST_F(PeerServicesTest, HalfOfTheFilesOrFilesThatCannotBeUsedAreNamed) {
  for (std::string TlsFiles::*missing :
       {&TlsFiles::authorities, &TlsFiles::certificate, &TlsFiles::key}) {
    PeerFlags flags = Flags("127.0.0.1:7402");
    flags.tls.*missing = "";
    EXPECT_THAT(ConnectPeers(flags).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--services-tls-key")));
  }
  PeerFlags flags = Flags("127.0.0.1:7402");
  flags.tls.key = folder_.Join("server.key");
  EXPECT_THAT(ConnectPeers(flags).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("does not belong")));
  flags.tls.authorities = folder_.Join("none.pem");
  flags.tls.key = folder_.Join("client.key");
  EXPECT_THAT(ConnectPeers(flags).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.pem")));
}

TEST_F(PeerServicesTest, TheCertificateSaysWhoCallsAndNothingStatedGoesAlong) {
  StartServer();
  EXPECT_EQ(Call(Connect(Flags(server_->address()))), CallerBy("matching", first_));
}

TEST_F(PeerServicesTest, AServerOfAnotherNameOrAuthorityIsNotBelieved) {
  StartServer("0.0.0.0:0");
  const std::string port = server_->address().substr(server_->address().rfind(':'));
  EXPECT_EQ(Call(Connect(Flags(absl::StrCat("127.0.0.1", port)))), CallerBy("matching", first_));
  // The certificate is for 127.0.0.1 and localhost.
  EXPECT_EQ(Call(Connect(Flags(absl::StrCat("127.0.0.2", port)))), "UNAVAILABLE");
  Write("ca.pem", TestAuthority().certificate());
  EXPECT_EQ(Call(Connect(Flags(absl::StrCat("localhost", port)))), "UNAVAILABLE");
}

TEST_F(PeerServicesTest, ARenewedCertificateIsShownToTheNextConnection) {
  StartServer();
  const auto channel = Connect(Flags(server_->address()));
  ASSERT_EQ(Call(channel), CallerBy("matching", first_));
  WritePair("client", second_);
  EXPECT_EQ(CallUntil(channel, CallerBy("matching renewed", second_)),
            CallerBy("matching renewed", second_));
}

TEST_F(PeerServicesTest, AMismatchedRenewalConnectsNobodyUntilItIsPutRight) {
  StartServer();
  const auto channel = Connect(Flags(server_->address()));
  ASSERT_EQ(Call(channel), CallerBy("matching", first_));
  Write("client.key", second_.key);
  EXPECT_EQ(CallUntil(channel, "UNAVAILABLE"), "UNAVAILABLE");
  Write("client.pem", second_.certificate);
  // No connection is left, so the server need not be restarted, which would disturb new ones.
  const absl::Time end = absl::Now() + kPatience;
  std::string seen;
  while (seen != CallerBy("matching renewed", second_) && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(20));
    seen = Call(channel);
  }
  EXPECT_EQ(seen, CallerBy("matching renewed", second_));
}

}  // namespace
}  // namespace tandem::common
