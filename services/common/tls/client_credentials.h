// A client's side of TLS: 1.3 only. Thread-safe.
#ifndef SERVICES_COMMON_TLS_CLIENT_CREDENTIALS_H_
#define SERVICES_COMMON_TLS_CLIENT_CREDENTIALS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/security/credentials.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {

// `files.authorities` are those of the server's certificate, and must be given; `files.certificate`
// and `files.key` say who the client is, if given. The files are read once. The errors of
// ReadTlsMaterial and UseTls13Only; INVALID_ARGUMENT also for one of certificate and key alone.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeTlsClientCredentials(
    const TlsFiles& files);

// The same for a client that runs for long and has a certificate of its own, so all of `files` must
// be given: they are looked at every second, and new connections use what they hold then, while
// open ones go on. While certificate and key are no pair, no new connection comes about.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeFollowedTlsClientCredentials(
    const TlsFiles& files);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TLS_CLIENT_CREDENTIALS_H_
