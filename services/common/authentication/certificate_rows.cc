#include "services/common/authentication/certificate_rows.h"

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/authentication/certificates.h"

namespace tandem::common {
namespace {

constexpr char kHeader[] = "fingerprint,actor,role,subject\n";

// The file as it is read: its header, and for each of the four columns where it stands in a row.
struct OpenFile {
  base::CsvReader reader;
  std::vector<int> columns;
};

absl::StatusOr<OpenFile> OpenRows(absl::string_view csv, const std::string& file_name) {
  TANDEM_RETURN_IF_ERROR(ParseCertificates(csv, file_name).status());
  base::CsvOptions options;
  options.file_name = file_name;
  TANDEM_ASSIGN_OR_RETURN(base::CsvReader reader, base::CsvReader::Open(csv, options));
  TANDEM_ASSIGN_OR_RETURN(std::vector<int> columns,
                          reader.FindColumns({{"fingerprint"}, {"actor"}, {"role"}, {"subject"}}));
  return OpenFile{std::move(reader), std::move(columns)};
}

// Header and rows, those left out that `drop` says of by their fingerprint.
absl::StatusOr<std::string> CopyRows(OpenFile* file,
                                     const std::function<bool(absl::string_view)>& drop) {
  std::string text;
  std::vector<absl::string_view> fields(file->reader.header().begin(), file->reader.header().end());
  base::AppendCsvRow(fields, ',', &text);
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool more, file->reader.Next());
    if (!more) return text;
    if (drop(file->reader.row()[file->columns[0]].text)) continue;
    fields.clear();
    for (const base::CsvField& field : file->reader.row()) fields.push_back(field.text);
    base::AppendCsvRow(fields, ',', &text);
  }
}

}  // namespace

absl::StatusOr<std::string> WithCertificate(absl::string_view csv, const std::string& file_name,
                                            const CertificateRow& row) {
  TANDEM_ASSIGN_OR_RETURN(OpenFile file, OpenRows(csv.empty() ? kHeader : csv, file_name));
  TANDEM_ASSIGN_OR_RETURN(std::string text,
                          CopyRows(&file, [](absl::string_view) { return false; }));
  std::vector<absl::string_view> fields(file.columns.size());
  fields[file.columns[0]] = row.fingerprint;
  fields[file.columns[1]] = row.actor;
  fields[file.columns[2]] = row.role;
  fields[file.columns[3]] = row.subject;
  base::AppendCsvRow(fields, ',', &text);
  TANDEM_RETURN_IF_ERROR(ParseCertificates(text, file_name).status());
  return text;
}

absl::StatusOr<std::string> WithoutCertificate(absl::string_view csv, const std::string& file_name,
                                               absl::string_view fingerprint) {
  TANDEM_ASSIGN_OR_RETURN(OpenFile file, OpenRows(csv, file_name));
  bool found = false;
  TANDEM_ASSIGN_OR_RETURN(std::string text, CopyRows(&file, [&](absl::string_view of_row) {
                            const bool same = PlainFingerprint(of_row) == fingerprint;
                            found = found || same;
                            return same;
                          }));
  if (found) return text;
  return absl::NotFoundError(absl::StrCat(file_name, ": no row has the fingerprint ", fingerprint));
}

}  // namespace tandem::common
