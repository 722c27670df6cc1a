#include "services/common/tls/server_credentials.h"

#include <cstdio>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/status_macros.h"
#include "grpc/grpc.h"
#include "grpc/grpc_security.h"
#include "services/common/tls/tls_version.h"

namespace tandem::common {
namespace {

class TlsServerCredentials final : public grpc::ServerCredentials {
 public:
  TlsServerCredentials(TlsFiles files, bool require_certificate)
      : files_(std::move(files)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                RequestType(files_, require_certificate), &Fetch, this))) {}
  ~TlsServerCredentials() override { grpc_server_credentials_release(credentials_); }

  // Callers are identified by Authenticators, with their own errors, so nothing is processed here.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  static grpc_ssl_client_certificate_request_type RequestType(const TlsFiles& files,
                                                              bool require_certificate) {
    if (files.authorities.empty()) return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    return require_certificate ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                               : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
  }

  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // gRPC calls it for each new connection, from any of its threads.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<TlsServerCredentials*>(self)->FetchChanged(config);
  }

  grpc_ssl_certificate_config_reload_status FetchChanged(
      grpc_ssl_server_certificate_config** config) {
    absl::MutexLock lock(&mutex_);
    // Taken before the files are read: a change while they are read shows the next time.
    const std::string stamp =
        absl::StrCat(FileStamp(files_.certificate), " ", FileStamp(files_.key), " ",
                     files_.authorities.empty() ? "" : FileStamp(files_.authorities));
    if (stamp == stamp_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    stamp_ = stamp;
    const absl::StatusOr<TlsMaterial> material = ReadTlsMaterial(files_);
    if (!material.ok()) {
      const std::string line =
          absl::StrCat("TLS: the changed files are not used, those before stay in force: ",
                       material.status().message(), "\n");
      std::fputs(line.c_str(), stderr);
      return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    }
    const grpc_ssl_pem_key_cert_pair pair = {material->key.c_str(), material->certificate.c_str()};
    // gRPC ends the process without authorities; of clients that are asked for no certificate they
    // are never used.
    const std::string& authorities =
        material->authorities.empty() ? material->certificate : material->authorities;
    *config = grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const TlsFiles files_;
  grpc_server_credentials* const credentials_;

  absl::Mutex mutex_;
  std::string stamp_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsServerCredentials(
    const TlsFiles& files, bool require_certificate) {
  TANDEM_RETURN_IF_ERROR(UseTls13Only());
  TANDEM_RETURN_IF_ERROR(ReadTlsMaterial(files).status());
  return std::shared_ptr<grpc::ServerCredentials>(
      std::make_shared<TlsServerCredentials>(files, require_certificate));
}

}  // namespace tandem::common
