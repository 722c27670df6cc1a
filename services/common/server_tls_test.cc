// TLS over real sockets: who gets in, who is it, and how certificates are renewed.
#include <openssl/ssl.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/authentication/oidc/testing/test_issuer.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/method_registry.h"
#include "services/common/principal.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "services/common/testing/renewed_files.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/testing/tls_handshake.h"
#include "services/common/tls/client_credentials.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using tandem::echo::v1::EchoMessage;
using tandem::echo::v1::EchoService;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kPatience = absl::Seconds(20);

class ServerTlsTest : public ::testing::Test, protected RenewedFiles {
 protected:
  ServerTlsTest() {
    Write("ca.pem", authority_.certificate());
    WritePair("server", authority_.Issue("server one"));
    WritePair("known", known_);
    WritePair("unknown", authority_.Issue("unknown system"));
    WritePair("foreign", TestAuthority().Issue("foreign system"));
    WriteCertificates("ISO's programme system", "staff");
  }

  void WriteCertificates(const std::string& actor, const std::string& role) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string print,
                                CertificateFingerprint(known_.certificate));
    Write("certificates.csv", absl::StrCat("fingerprint,actor,role,subject\n", print, ",\"", actor,
                                           "\",", role, ",\n"));
  }

  TlsOptions Tls() const {
    TlsOptions tls;
    tls.certificate = folder_.Join("server.pem");
    tls.key = folder_.Join("server.key");
    tls.client_ca = folder_.Join("ca.pem");
    tls.certificates = folder_.Join("certificates.csv");
    return tls;
  }

  // The answer says who was seen to call.
  absl::Status TryStart(const TlsOptions& tls, const std::string& address = "127.0.0.1:0") {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddUnary<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Echo",
        [](const CallContext& call, const EchoMessage&) -> absl::StatusOr<EchoMessage> {
          EchoMessage answer;
          answer.set_text(absl::StrCat(call.principal().actor, "|",
                                       RoleToText(call.principal().role), "|",
                                       call.principal().credential));
          return answer;
        });
    registry->AddServerStream<EchoMessage, EchoMessage>(
        "tandem.echo.v1.EchoService/Repeat",
        [](const CallContext&, const EchoMessage&, StreamWriter<EchoMessage>&) {
          return absl::OkStatus();
        });
    ServerOptions options;
    options.address = address;
    options.tls = tls;
    options.drain_time = absl::Seconds(5);
    auto server = Server::Start(options, std::move(registry));
    if (server.ok()) server_ = *std::move(server);
    return server.status();
  }

  int port() const {
    const std::vector<std::string> parts = absl::StrSplit(server_->address(), ':');
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(parts.back(), &port));
    return port;
  }

  // Calls through `channel` without stating who calls, unless `role` says so.
  absl::StatusOr<std::string> Call(const std::shared_ptr<grpc::Channel>& channel,
                                   v1::Role role = v1::ROLE_UNSPECIFIED) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    if (role != v1::ROLE_UNSPECIFIED) AddPrincipal("Ada", role, &context);
    EchoMessage answer;
    const absl::Status status =
        FromGrpcStatus(EchoService::NewStub(channel)->Echo(&context, EchoMessage(), &answer));
    if (!status.ok()) return status;
    return answer.text();
  }

  // Calls over a new connection with the certificate of that name; none for "".
  absl::StatusOr<std::string> CallAs(const std::string& name,
                                     v1::Role role = v1::ROLE_UNSPECIFIED) {
    TlsFiles files;
    files.authorities = folder_.Join("ca.pem");
    if (!name.empty()) {
      files.certificate = folder_.Join(name + ".pem");
      files.key = folder_.Join(name + ".key");
    }
    auto credentials = MakeTlsClientCredentials(files);
    if (!credentials.ok()) return credentials.status();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return Call(grpc::CreateCustomChannel(server_->address(), *credentials, arguments), role);
  }

  std::string CredentialOfKnown() {
    const auto print = CertificateFingerprint(known_.certificate);
    return print.ok() ? absl::StrCat("certificates/", *print) : "none";
  }

  TestAuthority authority_;
  const TestCertificate known_ = authority_.Issue("programme system");
  std::unique_ptr<Server> server_;
};

std::string ReasonOf(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  return detail.has_value() ? detail->reason : "none";
}

TEST_F(ServerTlsTest, TlsOfVersion12IsRefusedAnd13Accepted) {
  TlsOptions tls = Tls();
  tls.require_client_certificate = false;
  TANDEM_ASSERT_OK(TryStart(tls));
  EXPECT_EQ(HandshakeWith(port(), TLS1_2_VERSION), "");
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server one");
}

TEST_F(ServerTlsTest, AKnownCertificateIsItsCallerAndRecordedAsItsActor) {
  TANDEM_ASSERT_OK(TryStart(Tls()));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string caller, CallAs("known"));
  EXPECT_EQ(caller, absl::StrCat("ISO's programme system|staff|", CredentialOfKnown()));
}

TEST_F(ServerTlsTest, ACertificateMayNotBeJoinedByStatedCallers) {
  TANDEM_ASSERT_OK(TryStart(Tls()));
  const absl::Status status = CallAs("known", v1::ROLE_ADMIN).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("tandem-actor")));
  EXPECT_EQ(ReasonOf(status), "METADATA_INVALID");
}

TEST_F(ServerTlsTest, AnUnknownCertificateIsRefusedWithItsFingerprint) {
  TANDEM_ASSERT_OK(TryStart(Tls()));
  const absl::Status status = CallAs("unknown").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(status), "CERTIFICATE_UNKNOWN");
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string pem, ReadSmallFile(folder_.Join("unknown.pem")));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string print, CertificateFingerprint(pem));
  EXPECT_EQ(ErrorDetailOf(status)->metadata["fingerprint"], print);
}

TEST_F(ServerTlsTest, NoneOrAForeignAuthoritysCertificateDoesNotConnectWhenOneIsRequired) {
  TANDEM_ASSERT_OK(TryStart(Tls()));
  for (const char* name : {"", "foreign"}) {
    EXPECT_EQ(CallAs(name).status().code(), absl::StatusCode::kUnavailable) << name;
  }
  TANDEM_EXPECT_OK(CallAs("known").status());
}

TEST_F(ServerTlsTest, WithoutCredentialsNobodyIsBelieved) {
  TlsOptions tls = Tls();
  tls.require_client_certificate = false;
  TANDEM_ASSERT_OK(TryStart(tls));
  EXPECT_EQ(ReasonOf(CallAs("", v1::ROLE_STAFF).status()), "CREDENTIALS_MISSING");
  EXPECT_EQ(ReasonOf(CallAs("", v1::ROLE_SERVICE).status()), "CREDENTIALS_MISSING");
  // Nor is what a gateway passes on; only the process itself is.
  EXPECT_EQ(ReasonOf(Call(server_->ChannelForOutsideCalls(), v1::ROLE_STAFF).status()),
            "CREDENTIALS_MISSING");
  TANDEM_EXPECT_OK(Call(server_->InProcessChannel(), v1::ROLE_STAFF).status());
  // Plain text gets no answer at all.
  EXPECT_EQ(Call(MakeChannel(server_->address()), v1::ROLE_STAFF).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(ServerTlsTest, AnIdentityProviderIsOfNoUseWhereCallersAreBelievedWithoutCredentials) {
  Write("keys.json", TestIssuer("ES256").Jwks());
  Write("roles.csv", "value,role\nstaff,staff\n");
  ServerOptions options;
  options.oidc = {"https://login.example.org", "tandem", "ES256", folder_.Join("keys.json"),
                  folder_.Join("roles.csv")};
  const auto start = [](const ServerOptions& some) {
    return Server::Start(some, std::make_unique<MethodRegistry>()).status();
  };
  EXPECT_THAT(start(options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--require-credentials")));
  options.require_credentials = true;
  TANDEM_EXPECT_OK(start(options));
  options.require_credentials = false;
  options.tls = Tls();
  TANDEM_EXPECT_OK(start(options));
  options.oidc.keys = folder_.Join("none.json");
  EXPECT_THAT(start(options), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.json")));
}

TEST_F(ServerTlsTest, WithoutAnAuthorityOfClientsNoneIsAskedForACertificate) {
  TlsOptions tls = Tls();
  tls.client_ca = "";
  tls.certificates = "";
  TANDEM_ASSERT_OK(TryStart(tls));
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server one");
  for (const char* name : {"", "known", "foreign"}) {
    EXPECT_EQ(ReasonOf(CallAs(name, v1::ROLE_STAFF).status()), "CREDENTIALS_MISSING") << name;
  }
}

TEST_F(ServerTlsTest, ARenewedServerCertificateIsShownToTheNextConnection) {
  TlsOptions tls = Tls();
  tls.require_client_certificate = false;
  TANDEM_ASSERT_OK(TryStart(tls));
  ASSERT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server one");
  WritePair("server", authority_.Issue("server two"));
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server two");
  TANDEM_EXPECT_OK(CallAs("known").status());
}

TEST_F(ServerTlsTest, AMismatchedRenewalKeepsThePairBeforeAndLogsNoKey) {
  TlsOptions tls = Tls();
  tls.require_client_certificate = false;
  TANDEM_ASSERT_OK(TryStart(tls));
  const TestCertificate other = authority_.Issue("server two");
  ::testing::internal::CaptureStderr();
  Write("server.key", other.key);
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server one");
  Write("server.key", "-----BEGIN PRIVATE KEY-----\n" + other.key.substr(40));
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server one");
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, AllOf(HasSubstr(tls.key), HasSubstr(tls.certificate)));
  EXPECT_THAT(log, Not(HasSubstr("PRIVATE KEY")));
  EXPECT_THAT(log, Not(HasSubstr(other.key.substr(40, 40))));
  WritePair("server", other);
  EXPECT_EQ(HandshakeWith(port(), TLS1_3_VERSION), "server two");
}

TEST_F(ServerTlsTest, ChangedCallersCountWithinSecondsAndABadFileDoesNot) {
  TANDEM_ASSERT_OK(TryStart(Tls()));
  TANDEM_ASSERT_OK(CallAs("known").status());
  WriteCertificates("renamed", "admin");
  const std::string renamed = absl::StrCat("renamed|admin|", CredentialOfKnown());
  const auto become = [&](const std::string& expected) {
    const absl::Time end = absl::Now() + kPatience;
    std::string seen;
    while (seen != expected && absl::Now() < end) {
      seen = CallAs("known").value_or("refused");
      absl::SleepFor(absl::Milliseconds(100));
    }
    return seen;
  };
  EXPECT_EQ(become(renamed), renamed);
  ::testing::internal::CaptureStderr();
  Write("certificates.csv", "fingerprint,actor,role,subject\nnonsense,a,staff,\n");
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(CallAs("known").value_or("refused"), renamed);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("certificates.csv:2:1"));
  Write("certificates.csv", "fingerprint,actor,role,subject\n");
  EXPECT_EQ(become("refused"), "refused");
}

TEST_F(ServerTlsTest, AKeyThatDoesNotBelongIsRefusedAtStartNamingBothFiles) {
  TlsOptions tls = Tls();
  tls.key = folder_.Join("known.key");
  EXPECT_THAT(TryStart(tls), StatusIs(absl::StatusCode::kInvalidArgument,
                                      AllOf(HasSubstr(tls.key), HasSubstr(tls.certificate))));
}

TEST_F(ServerTlsTest, OptionsThatLackAnotherAreRefused) {
  TlsOptions no_key = Tls();
  no_key.key = "";
  EXPECT_THAT(TryStart(no_key),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--tls-key")));
  TlsOptions no_callers = Tls();
  no_callers.certificates = "";
  EXPECT_THAT(TryStart(no_callers),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--certificates")));
  TlsOptions no_server;
  no_server.client_ca = Tls().client_ca;
  no_server.certificates = Tls().certificates;
  EXPECT_THAT(TryStart(no_server),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--tls-certificate")));
}

TEST_F(ServerTlsTest, BeyondThisMachineItListensWithTlsOnly) {
  const absl::Status plain = TryStart({}, "0.0.0.0:0");
  EXPECT_THAT(plain, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--tls-certificate")));
  EXPECT_EQ(ReasonOf(plain), "ADDRESS_NOT_LOOPBACK");
  TANDEM_EXPECT_OK(TryStart(Tls(), "0.0.0.0:0"));
}

}  // namespace
}  // namespace tandem::common
