#include "tools/cli/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/csv.h"
#include "tools/cli/display.h"

namespace tandem::cli {
namespace {

bool IsNumber(absl::string_view text) {
  if (text.empty()) return true;
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || !absl::ascii_isdigit(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(c) || c == '.' || c == ','; });
}

std::string AlignedRow(const std::vector<std::string>& cells, const std::vector<int>& widths,
                       const std::vector<bool>& numeric) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) absl::StrAppend(&line, "  ");
    absl::StrAppend(&line,
                    numeric[i] ? PadLeft(cells[i], widths[i]) : PadRight(cells[i], widths[i]));
  }
  absl::StripTrailingAsciiWhitespace(&line);
  return absl::StrCat(line, "\n");
}

void AppendCsv(const std::vector<std::string>& cells, std::string* out) {
  base::AppendCsvRow(std::vector<absl::string_view>(cells.begin(), cells.end()), ',', out);
}

}  // namespace

Table::Table(std::vector<std::string> header) : header_(std::move(header)) {}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(header_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::AsText(int max_cell_width) const {
  std::vector<int> widths;
  for (const std::string& name : header_) widths.push_back(DisplayWidth(name));
  std::vector<bool> numeric(header_.size(), !rows_.empty());
  std::vector<std::vector<std::string>> shown;
  for (const std::vector<std::string>& row : rows_) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < row.size(); ++i) {
      cells.push_back(CutToWidth(Harmless(row[i]), max_cell_width));
      widths[i] = std::max(widths[i], DisplayWidth(cells.back()));
      numeric[i] = numeric[i] && IsNumber(row[i]);
    }
    shown.push_back(std::move(cells));
  }
  std::string out = AlignedRow(header_, widths, numeric);
  std::vector<std::string> rule;
  for (int width : widths) rule.emplace_back(width, '-');
  absl::StrAppend(&out, AlignedRow(rule, widths, numeric));
  for (const auto& cells : shown) absl::StrAppend(&out, AlignedRow(cells, widths, numeric));
  return out;
}

std::string Table::AsCsv() const {
  std::string out;
  AppendCsv(header_, &out);
  for (const std::vector<std::string>& row : rows_) AppendCsv(row, &out);
  return out;
}

}  // namespace tandem::cli
