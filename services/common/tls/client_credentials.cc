#include "services/common/tls/client_credentials.h"

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/tls/tls_version.h"

namespace tandem::common {

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

}  // namespace tandem::common
