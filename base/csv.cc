#include "base/csv.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "base/utf8.h"

namespace tandem::base {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool StartsWith(absl::string_view text, absl::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// The separator that stands most often outside quotes in the first line.
char DetectSeparator(absl::string_view text) {
  int64_t commas = 0;
  int64_t semicolons = 0;
  int64_t tabs = 0;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (semicolons > commas && semicolons >= tabs) return ';';
  return tabs > commas ? '\t' : ',';
}

// An error for bytes that are not text in UTF-8, naming the usual ways out.
absl::Status CheckEncoding(absl::string_view text, const std::string& file) {
  if (StartsWith(text, "\xFF\xFE") || StartsWith(text, "\xFE\xFF")) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":1:1: the file is UTF-16; save it as \"CSV UTF-8\""));
  }
  const Utf8Error error = FindUtf8Error(text);
  if (error.kind == Utf8Error::Kind::kNone) return absl::OkStatus();
  const absl::string_view what =
      error.kind == Utf8Error::Kind::kNul
          ? "a NUL character; the file is not text: save it as \"CSV UTF-8\""
          : "bytes that are not UTF-8; save the file as \"CSV UTF-8\"";
  return absl::InvalidArgumentError(
      absl::StrCat(file, ":", error.line, ":", error.column, ": ", what));
}

}  // namespace

CsvReader::CsvReader(absl::string_view text, CsvOptions options)
    : options_(std::move(options)), text_(text) {}

absl::StatusOr<CsvReader> CsvReader::Open(absl::string_view text, CsvOptions options) {
  if (StartsWith(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  TANDEM_RETURN_IF_ERROR(CheckEncoding(text, options.file_name));
  if (options.separator == 0) options.separator = DetectSeparator(text);
  CsvReader reader(text, std::move(options));
  TANDEM_RETURN_IF_ERROR(reader.ReadHeader());
  return reader;
}

absl::Status CsvReader::ReadHeader() {
  TANDEM_ASSIGN_OR_RETURN(bool found, ReadRow());
  if (!found) return ErrorAt(1, 1, "the file is empty; it needs a header line");
  if (options_.unnamed_columns_at_end) LeaveOutUnnamedColumns();
  std::set<absl::string_view> seen;
  for (const CsvField& field : row_) {
    if (field.text.empty()) {
      return ErrorAt(field.line, field.column,
                     "a column without a name; name it, or delete it if it is empty");
    }
    if (!seen.insert(field.text).second) {
      return ErrorAt(field.line, field.column,
                     absl::StrCat("column '", field.text, "' stands twice in the header"));
    }
    header_.emplace_back(field.text);
    header_at_.push_back({field.line, field.column});
  }
  return absl::OkStatus();
}

void CsvReader::LeaveOutUnnamedColumns() {
  while (row_.size() > 1 && row_.back().text.empty()) {
    row_.pop_back();
    ++unnamed_columns_;
  }
}

absl::Status CsvReader::CheckFields() {
  if (row_.size() != header_.size() + unnamed_columns_) {
    return RowError(absl::StrCat(row_.size(), row_.size() == 1 ? " field" : " fields",
                                 " where the header has ", header_.size() + unnamed_columns_));
  }
  for (size_t i = header_.size(); i < row_.size(); ++i) {
    if (row_[i].text.empty()) continue;
    return ErrorAt(row_[i].line, row_[i].column,
                   "a value in a column without a name; name the column, or clear it");
  }
  row_.resize(header_.size());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int>> CsvReader::FindColumns(
    const std::vector<CsvColumn>& columns) const {
  std::vector<int> positions;
  std::set<absl::string_view> known;
  for (const CsvColumn& column : columns) {
    int position = -1;
    for (size_t i = 0; i < header_.size(); ++i) {
      if (header_[i] == column.name) position = static_cast<int>(i);
    }
    if (position < 0 && column.required) {
      return ErrorAt(1, 1,
                     absl::StrCat("column '", column.name, "' is missing; the header has ",
                                  absl::StrJoin(header_, ", ")));
    }
    positions.push_back(position);
    known.insert(column.name);
  }
  for (size_t i = 0; i < header_.size(); ++i) {
    if (known.count(header_[i]) > 0) continue;
    return ErrorAt(
        header_at_[i].first, header_at_[i].second,
        absl::StrCat("unknown column '", header_[i], "'; known are ", absl::StrJoin(known, ", ")));
  }
  return positions;
}

absl::StatusOr<bool> CsvReader::Next() {
  can_go_on_ = false;
  TANDEM_ASSIGN_OR_RETURN(bool found, ReadRow());
  if (!found) return false;
  if (++rows_ > options_.max_rows) {
    return absl::ResourceExhaustedError(absl::StrCat(options_.file_name, ":", row_line_,
                                                     ":1: more than ", options_.max_rows,
                                                     " rows, the limit"));
  }
  can_go_on_ = true;
  TANDEM_RETURN_IF_ERROR(CheckFields());
  return true;
}

absl::StatusOr<bool> CsvReader::ReadRow() {
  while (position_ < text_.size() && SkipLineBreak()) {
  }
  row_.clear();
  unquoted_.clear();
  if (position_ >= text_.size()) return false;
  row_start_ = position_;
  row_line_ = line_;
  while (true) {
    TANDEM_RETURN_IF_ERROR(ReadField());
    if (position_ >= text_.size() || SkipLineBreak()) return true;
    if (text_[position_] != options_.separator) {
      return ErrorAt(
          line_, column_,
          text_[position_] == '\r'
              ? "a carriage return without a line feed after it; save the file with line "
                "ends of Windows or Unix, or quote the field"
              : "text after the closing quote; double a quote inside a quoted field");
    }
    Advance();
  }
}

absl::Status CsvReader::ReadField() {
  CsvField field;
  field.line = line_;
  field.column = column_;
  if (position_ < text_.size() && text_[position_] == '"') {
    TANDEM_RETURN_IF_ERROR(ReadQuotedField(field));
  } else {
    TANDEM_RETURN_IF_ERROR(ReadPlainField(field));
  }
  row_.push_back(field);
  return absl::OkStatus();
}

absl::Status CsvReader::ReadPlainField(CsvField& field) {
  const size_t start = position_;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == options_.separator || c == '\n' || c == '\r') break;
    if (c == '"') {
      return ErrorAt(line_, column_,
                     "a quote inside a field that does not start with one; quote the whole field");
    }
    Advance();
    TANDEM_RETURN_IF_ERROR(CheckRowLength());
  }
  field.text = text_.substr(start, position_ - start);
  return absl::OkStatus();
}

absl::Status CsvReader::ReadQuotedField(CsvField& field) {
  Advance();
  size_t start = position_;
  std::string* joined = nullptr;
  while (position_ < text_.size()) {
    TANDEM_RETURN_IF_ERROR(CheckRowLength());
    if (text_[position_] != '"') {
      Advance();
      continue;
    }
    const absl::string_view piece = text_.substr(start, position_ - start);
    Advance();
    if (position_ >= text_.size() || text_[position_] != '"') {
      if (joined == nullptr) {
        field.text = piece;
      } else {
        joined->append(piece.data(), piece.size());
        field.text = *joined;
      }
      return absl::OkStatus();
    }
    if (joined == nullptr) {
      unquoted_.push_back(std::make_unique<std::string>());
      joined = unquoted_.back().get();
    }
    absl::StrAppend(joined, piece, "\"");
    Advance();
    start = position_;
  }
  return ErrorAt(field.line, field.column, "the quote that opens here is never closed");
}

// Steps over LF or CRLF.
bool CsvReader::SkipLineBreak() {
  if (text_[position_] == '\n') {
    Advance();
    return true;
  }
  if (text_[position_] != '\r' || position_ + 1 >= text_.size() || text_[position_ + 1] != '\n') {
    return false;
  }
  position_ += 1;
  Advance();
  return true;
}

// Steps over one byte, keeping count of lines and characters.
void CsvReader::Advance() {
  const char c = text_[position_++];
  if (c == '\n') {
    ++line_;
    column_ = 1;
  } else if (position_ >= text_.size() || (text_[position_] & 0xC0) != 0x80) {
    ++column_;
  }
}

absl::Status CsvReader::CheckRowLength() const {
  if (static_cast<int64_t>(position_ - row_start_) <= options_.max_row_bytes) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      options_.file_name, ":", row_line_, ":1: a row of more than ", options_.max_row_bytes,
      " bytes, the limit", line_ != row_line_ ? "; is a quote left open?" : ""));
}

absl::Status CsvReader::FieldError(int index, absl::string_view reason) const {
  const CsvField& field = row_[index];
  return ErrorAt(field.line, field.column, absl::StrCat("column '", header_[index], "': ", reason));
}

absl::Status CsvReader::RowError(absl::string_view reason) const {
  return ErrorAt(row_line_, 1, reason);
}

absl::Status CsvReader::ErrorAt(int64_t line, int64_t column, absl::string_view reason) const {
  return absl::InvalidArgumentError(
      absl::StrCat(options_.file_name, ":", line, ":", column, ": ", reason));
}

void AppendCsvRow(const std::vector<absl::string_view>& fields, char separator, std::string* out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out->push_back(separator);
    const absl::string_view field = fields[i];
    const bool lone_empty = fields.size() == 1 && field.empty();
    const bool quote = lone_empty || field.find_first_of("\"\r\n") != absl::string_view::npos ||
                       field.find(separator) != absl::string_view::npos;
    if (!quote) {
      absl::StrAppend(out, field);
      continue;
    }
    out->push_back('"');
    for (char c : field) {
      if (c == '"') out->push_back('"');
      out->push_back(c);
    }
    out->push_back('"');
  }
  out->push_back('\n');
}

absl::StatusOr<std::string> ReadFile(const std::string& path, int64_t max_bytes) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                       &std::fclose);
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  std::string bytes;
  char buffer[1 << 16];
  while (true) {
    const size_t count = std::fread(buffer, 1, sizeof(buffer), file.get());
    bytes.append(buffer, count);
    if (static_cast<int64_t>(bytes.size()) > max_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path, ": more than ", max_bytes, " bytes, the limit"));
    }
    if (count < sizeof(buffer)) break;
  }
  if (std::ferror(file.get()) != 0) {
    const int error = errno;
    if (error == EISDIR) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": this is a folder, not a file"));
    }
    return absl::UnavailableError(absl::StrCat("cannot read ", path, ": ", std::strerror(error)));
  }
  return bytes;
}

}  // namespace tandem::base
