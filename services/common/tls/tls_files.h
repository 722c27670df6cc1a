// The files that TLS needs, read and checked before anything relies on them. Thread-safe.
#ifndef SERVICES_COMMON_TLS_TLS_FILES_H_
#define SERVICES_COMMON_TLS_TLS_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::common {

// Paths of PEM files; empty ones are not used.
struct TlsFiles {
  std::string certificate;  // the own certificate, then those that lead to its authority
  std::string key;          // its private key, without a passphrase
  std::string authorities;  // whose certificates the other side may show
};

struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string authorities;
};

// The contents of the files that are named. NOT_FOUND or PERMISSION_DENIED: one cannot be read.
// INVALID_ARGUMENT: one is no PEM of its kind, or certificate and key are no pair. Every message
// names the files, none their contents.
absl::StatusOr<TlsMaterial> ReadTlsMaterial(const TlsFiles& files);

// The contents of a file of at most 4 MB, which an operator named. NOT_FOUND, PERMISSION_DENIED,
// UNAVAILABLE or INVALID_ARGUMENT, naming it.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path);

// Differs after a file was written or replaced; "missing" for none.
std::string FileStamp(const std::string& path);

// SHA-256 of the DER form of the first certificate in `pem`, as 64 lower-case hexadecimal digits.
// INVALID_ARGUMENT: it holds none.
absl::StatusOr<std::string> CertificateFingerprint(absl::string_view pem);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TLS_TLS_FILES_H_
