#include "services/common/tls/client_credentials.h"

#include "base/status_macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "services/common/errors.h"
#include "services/common/tls/tls_version.h"

namespace tandem::common {
namespace {

constexpr unsigned int kLookEverySeconds = 1;

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeTlsClientCredentials(
    const TlsFiles& files) {
  if (files.authorities.empty() || files.certificate.empty() != files.key.empty()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "TLS_FILES_UNUSABLE",
        "a client needs the server's authority, and for a certificate of its own the "
        "certificate and its key: give --tls-ca, and --tls-certificate with --tls-key");
  }
  TANDEM_RETURN_IF_ERROR(UseTls13Only());
  TANDEM_ASSIGN_OR_RETURN(TlsMaterial material, ReadTlsMaterial(files));
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = material.authorities;
  options.pem_private_key = material.key;
  options.pem_cert_chain = material.certificate;
  return grpc::SslCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeFollowedTlsClientCredentials(
    const TlsFiles& files) {
  TANDEM_RETURN_IF_ERROR(UseTls13Only());
  TANDEM_RETURN_IF_ERROR(ReadTlsMaterial(files).status());
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files.key, files.certificate, files.authorities, kLookEverySeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace tandem::common
