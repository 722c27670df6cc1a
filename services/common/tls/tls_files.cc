#include "services/common/tls/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr int64_t kMaxFileBytes = 4 << 20;

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freer>;

absl::Status Unusable(absl::StatusCode code, absl::string_view message) {
  ERR_clear_error();  // else gRPC's next use of OpenSSL on this thread would find it
  return MakeError(code, "TLS_FILES_UNUSABLE", message);
}

absl::Status Unusable(absl::string_view message) {
  return Unusable(absl::StatusCode::kInvalidArgument, message);
}

Owned<BIO> Reader(absl::string_view pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Instead of OpenSSL's own, which would ask at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::Status CheckPair(const TlsFiles& files, const TlsMaterial& material) {
  const Owned<X509> certificate(
      PEM_read_bio_X509(Reader(material.certificate).get(), nullptr, NoPassphrase, nullptr));
  if (certificate == nullptr) {
    return Unusable(absl::StrCat(files.certificate, ": holds no certificate in PEM"));
  }
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Reader(material.key).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return Unusable(absl::StrCat(
        files.key, ": holds no private key in PEM that can be read without a passphrase"));
  }
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
  return Unusable(absl::StrCat("the key ", files.key, " does not belong to the certificate ",
                               files.certificate, ": give the two that were made together"));
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path) {
  absl::StatusOr<std::string> text = base::ReadFile(path, kMaxFileBytes);
  if (text.ok()) return text;
  const bool too_long = absl::IsResourceExhausted(text.status());
  return Unusable(too_long ? absl::StatusCode::kInvalidArgument : text.status().code(),
                  text.status().message());
}

absl::StatusOr<TlsMaterial> ReadTlsMaterial(const TlsFiles& files) {
  TlsMaterial material;
  if (!files.certificate.empty()) {
    TANDEM_ASSIGN_OR_RETURN(material.certificate, ReadSmallFile(files.certificate));
    TANDEM_ASSIGN_OR_RETURN(material.key, ReadSmallFile(files.key));
    TANDEM_RETURN_IF_ERROR(CheckPair(files, material));
  }
  if (!files.authorities.empty()) {
    TANDEM_ASSIGN_OR_RETURN(material.authorities, ReadSmallFile(files.authorities));
    if (!CertificateFingerprint(material.authorities).ok()) {
      return Unusable(absl::StrCat(files.authorities, ": holds no certificate in PEM"));
    }
  }
  return material;
}

std::string FileStamp(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return "missing";
  return absl::StrCat(facts.st_dev, ":", facts.st_ino, ":", facts.st_size, ":",
                      facts.st_mtim.tv_sec, ".", facts.st_mtim.tv_nsec, ":", facts.st_ctim.tv_sec,
                      ".", facts.st_ctim.tv_nsec);
}

absl::StatusOr<std::string> CertificateFingerprint(absl::string_view pem) {
  const Owned<X509> certificate(
      PEM_read_bio_X509(Reader(pem).get(), nullptr, NoPassphrase, nullptr));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (certificate == nullptr || X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1) {
    return Unusable("no certificate in PEM");
  }
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest), size});
}

}  // namespace tandem::common
