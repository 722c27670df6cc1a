#include "services/common/tls/tls_version.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/status_matchers.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/testing/tls_handshake.h"

namespace tandem::common {
namespace {

// A gRPC server with nothing to call, and TLS as gRPC sets it up by itself.
class PlainGrpcServer {
 public:
  explicit PlainGrpcServer(const TestCertificate& pair) {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({pair.key, pair.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
  }

  int port() const { return port_; }

 private:
  grpc::CallbackGenericService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// One test: what is switched off stays off for the whole process.
TEST(TlsVersionTest, GrpcTakesTls12UntilItIsSwitchedOffAndOnly13Afterwards) {
  TestAuthority authority;
  const TestCertificate pair = authority.Issue("server");
  {
    const PlainGrpcServer before(pair);
    EXPECT_EQ(HandshakeWith(before.port(), TLS1_2_VERSION), "server");
    EXPECT_EQ(HandshakeWith(before.port(), TLS1_3_VERSION), "server");
  }

  TANDEM_ASSERT_OK(UseTls13Only());

  const PlainGrpcServer after(pair);
  EXPECT_EQ(HandshakeWith(after.port(), TLS1_2_VERSION), "");
  EXPECT_EQ(HandshakeWith(after.port(), TLS1_3_VERSION), "server");
}

}  // namespace
}  // namespace tandem::common
