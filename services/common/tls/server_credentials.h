// A gRPC server's side of TLS: 1.3 only, with certificates that are renewed without a restart.
//
//   TANDEM_ASSIGN_OR_RETURN(auto credentials, MakeTlsServerCredentials(files, true));
//   builder.AddListeningPort(address, credentials, &port);
//
// Each new connection looks whether a file has changed. What cannot be used (a key that does not
// belong to the certificate, say) is logged once, and the pair before stays in force.
#ifndef SERVICES_COMMON_TLS_SERVER_CREDENTIALS_H_
#define SERVICES_COMMON_TLS_SERVER_CREDENTIALS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {

// `files.authorities`, if any, are those of clients' certificates: with `require_certificate` a
// client without one is refused in the handshake, else it may come without. They must outlive the
// server. The errors of ReadTlsMaterial and UseTls13Only.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsServerCredentials(
    const TlsFiles& files, bool require_certificate);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TLS_SERVER_CREDENTIALS_H_
