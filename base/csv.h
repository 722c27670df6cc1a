// Reads CSV as RFC 4180 defines it, and as spreadsheets write it: with a byte order mark, quoted
// fields (line breaks and doubled quotes inside), LF or CRLF, and on request with semicolons or
// tabs as separators.
//
// Strict: text must be valid UTF-8 without NUL characters; a quote may stand only around a whole
// field; every row has as many fields as the header. Each error names file, line and column as
// "FILE:LINE:COLUMN: what is wrong". Lines and columns count from 1; columns count characters.
//
//   TANDEM_ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(bytes, {"mentors.csv"}));
//   TANDEM_ASSIGN_OR_RETURN(std::vector<int> at,
//                           reader.FindColumns({{"mentor", true}, {"max", false}}));
//   while (true) {
//     TANDEM_ASSIGN_OR_RETURN(bool more, reader.Next());
//     if (!more) break;
//     Use(reader.row()[at[0]].text);
//   }
//
// Not thread-safe. The text given to Open must outlive the reader.

#ifndef TANDEM_BASE_CSV_H_
#define TANDEM_BASE_CSV_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::base {

struct CsvOptions {
  // How errors name the file.
  std::string file_name;
  // ',' or ';' or '\t'; 0 takes the one of the three that stands most often, outside quotes, in
  // the header line (',' when none does).
  char separator = ',';
  // A row longer than this is refused, line breaks inside quotes included.
  int64_t max_row_bytes = 1 << 20;
  // More rows than this, the header not counted, are refused.
  int64_t max_rows = 10'000'000;
  // Columns without a name at the end of the header, which spreadsheets write for cells that were
  // used once, are left out; a value in one of them is an error of its row.
  bool unnamed_columns_at_end = false;
};

struct CsvField {
  absl::string_view text;  // Valid until the next call of Next.
  int64_t line = 0;
  int64_t column = 0;
};

// A column looked for in the header.
struct CsvColumn {
  absl::string_view name;
  bool required = true;
};

class CsvReader {
 public:
  // Checks the encoding of the whole `text` and reads the header line. INVALID_ARGUMENT if the
  // encoding is wrong, the file is empty, or the header is malformed or names a column twice.
  static absl::StatusOr<CsvReader> Open(absl::string_view text, CsvOptions options);

  const std::vector<std::string>& header() const { return header_; }
  char separator() const { return options_.separator; }

  // The position of each of `columns` in a row, or -1 for an optional one that is not there.
  // INVALID_ARGUMENT if a required one is missing, or the header has a column that is not among
  // them: a misspelt name must not be taken for an absent one.
  absl::StatusOr<std::vector<int>> FindColumns(const std::vector<CsvColumn>& columns) const;

  // Reads the next row that is not an empty line; false at the end of the file.
  // INVALID_ARGUMENT for a malformed row and RESOURCE_EXHAUSTED for a row over the limits; see
  // can_go_on().
  absl::StatusOr<bool> Next();

  // After an error of Next: whether the rows behind are still found, so that Next may be called
  // again. It is so where a row has too few or too many fields only.
  bool can_go_on() const { return can_go_on_; }

  // The row that Next read; its fields correspond to the header's.
  const std::vector<CsvField>& row() const { return row_; }
  // The line on which that row starts.
  int64_t row_line() const { return row_line_; }

  // An error about field `index` of the current row: "FILE:LINE:COLUMN: column 'NAME': REASON".
  absl::Status FieldError(int index, absl::string_view reason) const;
  // An error about the current row as a whole: "FILE:LINE:1: REASON".
  absl::Status RowError(absl::string_view reason) const;

 private:
  explicit CsvReader(absl::string_view text, CsvOptions options);

  absl::Status ReadHeader();
  // Takes the columns without a name off the end of the header's row.
  void LeaveOutUnnamedColumns();
  // Whether the row has the header's fields; those of unnamed columns are taken off.
  absl::Status CheckFields();
  // Reads one row into row_; false at the end.
  absl::StatusOr<bool> ReadRow();
  absl::Status ReadField();
  absl::Status ReadQuotedField(CsvField& field);
  absl::Status ReadPlainField(CsvField& field);
  bool SkipLineBreak();
  void Advance();
  absl::Status CheckRowLength() const;
  absl::Status ErrorAt(int64_t line, int64_t column, absl::string_view reason) const;

  CsvOptions options_;
  absl::string_view text_;
  size_t position_ = 0;
  size_t row_start_ = 0;
  int64_t line_ = 1;
  int64_t column_ = 1;
  int64_t row_line_ = 1;
  int64_t rows_ = 0;
  bool can_go_on_ = true;
  size_t unnamed_columns_ = 0;  // at the end of the header
  std::vector<std::string> header_;
  std::vector<std::pair<int64_t, int64_t>> header_at_;  // Line and column of each.
  std::vector<CsvField> row_;
  // Quoted fields with doubled quotes have their text here; strings that do not move.
  std::vector<std::unique_ptr<std::string>> unquoted_;
};

// Appends `fields` as one row to `out`, ended by LF, with quotes where RFC 4180 needs them.
void AppendCsvRow(const std::vector<absl::string_view>& fields, char separator, std::string* out);

// Reads a whole file. NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a folder) or UNAVAILABLE with
// a message naming `path`; RESOURCE_EXHAUSTED if it has more than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path, int64_t max_bytes);

}  // namespace tandem::base

#endif  // TANDEM_BASE_CSV_H_
