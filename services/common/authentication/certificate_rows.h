// Edits the file that says who calls with which client certificate (see certificates.h), row by
// row. What comes out is valid, or there is an error. Thread-safe: functions without state.
#ifndef SERVICES_COMMON_AUTHENTICATION_CERTIFICATE_ROWS_H_
#define SERVICES_COMMON_AUTHENTICATION_CERTIFICATE_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::common {

// As the file has it.
struct CertificateRow {
  std::string fingerprint;
  std::string actor;
  std::string role;
  std::string subject;
};

// The text of the file with `row` behind the others; an empty `csv` is a new file.
// INVALID_ARGUMENT: "FILE_NAME:LINE:COLUMN: what is wrong", of the row that is added or of one that
// was there.
absl::StatusOr<std::string> WithCertificate(absl::string_view csv, const std::string& file_name,
                                            const CertificateRow& row);

// The text without the row of that fingerprint (64 lower-case hexadecimal digits). NOT_FOUND: there
// is none; INVALID_ARGUMENT as above.
absl::StatusOr<std::string> WithoutCertificate(absl::string_view csv, const std::string& file_name,
                                               absl::string_view fingerprint);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_CERTIFICATE_ROWS_H_
