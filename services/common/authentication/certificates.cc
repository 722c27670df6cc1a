#include "services/common/authentication/certificates.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {
namespace {

constexpr size_t kFingerprintDigits = 64;
constexpr size_t kMaxActorBytes = 100;
constexpr size_t kMaxRememberedFingerprints = 1000;

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isprint(c); });
}

// One row of the file, on its way to a Principal; errors say where.
class RowParser {
 public:
  RowParser(const std::string& file_name, const std::vector<int>& columns,
            const std::vector<base::CsvField>& row)
      : file_name_(file_name), columns_(columns), row_(row) {}

  absl::StatusOr<std::string> Fingerprint() const {
    const std::string digits = PlainFingerprint(Field(0).text);
    const bool hex = std::all_of(digits.begin(), digits.end(),
                                 [](unsigned char c) { return absl::ascii_isxdigit(c); });
    if (hex && digits.size() == kFingerprintDigits) return digits;
    return Wrong(0, "fingerprint must be the SHA-256 of a certificate, 64 hexadecimal digits");
  }

  absl::StatusOr<Principal> Caller() const {
    Principal principal;
    principal.actor = std::string(Field(1).text);
    const bool named = !principal.actor.empty() && principal.actor.size() <= kMaxActorBytes &&
                       IsPrintable(principal.actor);
    if (!named) return Wrong(1, "actor must have 1 to 100 printable ASCII characters");
    const absl::StatusOr<v1::Role> role = RoleFromText(Field(2).text);
    if (!role.ok()) return Wrong(2, role.status().message());
    principal.role = *role;
    principal.subject = std::string(Field(3).text);
    const absl::Status subject = CheckSubject(*role, principal.subject, "subject");
    if (!subject.ok()) return Wrong(3, subject.message());
    return principal;
  }

  absl::Status Wrong(int column, absl::string_view what) const {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "TLS_FILES_UNUSABLE",
        absl::StrCat(file_name_, ":", Field(column).line, ":", Field(column).column, ": ", what));
  }

 private:
  const base::CsvField& Field(int column) const { return row_[columns_[column]]; }

  const std::string& file_name_;
  const std::vector<int>& columns_;
  const std::vector<base::CsvField>& row_;
};

absl::Status RefuseStatedCaller(const ClientMetadata& metadata) {
  for (const char* key : {kActorHeader, kRoleHeader, kSubjectHeader}) {
    if (metadata.find(key) == metadata.end()) continue;
    return MakeError(
        absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
        absl::StrCat("the client certificate says who calls: leave out the metadata ", key));
  }
  return absl::OkStatus();
}

absl::StatusOr<CertificateMap> LoadCertificates(const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(path));
  return ParseCertificates(text, path);
}

}  // namespace

std::string PlainFingerprint(absl::string_view text) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(text, {{":", ""}}));
}

absl::StatusOr<CertificateMap> ParseCertificates(absl::string_view csv,
                                                 const std::string& file_name) {
  base::CsvOptions options;
  options.file_name = file_name;
  TANDEM_ASSIGN_OR_RETURN(base::CsvReader reader, base::CsvReader::Open(csv, options));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<int> columns,
                          reader.FindColumns({{"fingerprint"}, {"actor"}, {"role"}, {"subject"}}));
  CertificateMap callers;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) return callers;
    const RowParser row(file_name, columns, reader.row());
    TANDEM_ASSIGN_OR_RETURN(const std::string fingerprint, row.Fingerprint());
    TANDEM_ASSIGN_OR_RETURN(Principal caller, row.Caller());
    caller.credential = absl::StrCat("certificates/", fingerprint);
    if (!callers.emplace(fingerprint, std::move(caller)).second) {
      return row.Wrong(0, "this fingerprint stands in an earlier row already");
    }
  }
}

absl::StatusOr<std::shared_ptr<const CertificateAuthenticator>> CertificateAuthenticator::Open(
    const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(
      auto callers, ReloadedFile<CertificateMap>::Open("certificates", path, LoadCertificates));
  return std::shared_ptr<const CertificateAuthenticator>(
      new CertificateAuthenticator(std::move(callers)));
}

absl::StatusOr<std::optional<Principal>> CertificateAuthenticator::Authenticate(
    const CallCredentials& credentials) const {
  if (credentials.peer_certificate_pem.empty()) return std::optional<Principal>();
  TANDEM_RETURN_IF_ERROR(RefuseStatedCaller(credentials.metadata));
  TANDEM_ASSIGN_OR_RETURN(const std::string fingerprint,
                          FingerprintOf(credentials.peer_certificate_pem));
  const std::shared_ptr<const CertificateMap> callers = callers_->Get();
  const auto found = callers->find(fingerprint);
  if (found != callers->end()) return std::optional<Principal>(found->second);
  return MakeError(
      absl::StatusCode::kUnauthenticated, "CERTIFICATE_UNKNOWN",
      absl::StrCat("no caller belongs to the certificate with the SHA-256 fingerprint ",
                   fingerprint, ": ask the operator to enter it"),
      {{"fingerprint", fingerprint}});
}

absl::StatusOr<std::string> CertificateAuthenticator::FingerprintOf(absl::string_view pem) const {
  absl::MutexLock lock(&mutex_);
  const auto found = fingerprints_.find(pem);
  if (found != fingerprints_.end()) return found->second;
  TANDEM_ASSIGN_OR_RETURN(std::string fingerprint, CertificateFingerprint(pem));
  if (fingerprints_.size() >= kMaxRememberedFingerprints) fingerprints_.clear();
  fingerprints_.emplace(std::string(pem), fingerprint);
  return fingerprint;
}

}  // namespace tandem::common
