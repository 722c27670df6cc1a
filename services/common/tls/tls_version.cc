#include "services/common/tls/tls_version.h"

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "services/common/errors.h"

namespace tandem::common {
namespace {

// "MinProtocol" would not do: gRPC sets its own minimum on each context. Protocols that are
// switched off stay off.
constexpr char kConfiguration[] = R"(openssl_conf = tandem
[tandem]
ssl_conf = contexts
[contexts]
system_default = every_context
[every_context]
Protocol = -ALL, TLSv1.3
)";

bool LoadConfiguration() {
  // First what the machine says, so that it is not read later and undoes this.
  if (OPENSSL_init_ssl(0, nullptr) != 1) return false;
  CONF* configuration = NCONF_new(nullptr);
  BIO* text = BIO_new_mem_buf(kConfiguration, -1);
  const bool loaded = configuration != nullptr && text != nullptr &&
                      NCONF_load_bio(configuration, text, nullptr) > 0 &&
                      CONF_modules_load(configuration, nullptr, 0) > 0;
  BIO_free(text);
  NCONF_free(configuration);
  return loaded;
}

bool NewContextsRefuseOldVersions() {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  if (context == nullptr) return false;
  const auto options = SSL_CTX_get_options(context);
  SSL_CTX_free(context);
  constexpr auto kOld = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2;
  return (options & kOld) == kOld && (options & SSL_OP_NO_TLSv1_3) == 0;
}

}  // namespace

absl::Status UseTls13Only() {
  static const bool done = LoadConfiguration() && NewContextsRefuseOldVersions();
  if (done) return absl::OkStatus();
  ERR_clear_error();
  return MakeError(absl::StatusCode::kFailedPrecondition, "TLS_VERSION_UNAVAILABLE",
                   "this OpenSSL cannot be limited to TLS 1.3: install OpenSSL 3");
}

}  // namespace tandem::common
