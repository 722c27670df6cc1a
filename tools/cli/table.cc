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

constexpr int kGap = 2;
// Words up to this width are never broken: the name of any resource is shorter.
constexpr int kLongestWhole = 46;
// A block's cells are not squeezed below this, however narrow the terminal.
constexpr int kLeastBlockCell = 20;

using Cells = std::vector<std::string>;

bool IsNumber(absl::string_view text) {
  if (text.empty()) return true;
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || !absl::ascii_isdigit(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(c) || c == '.' || c == ','; });
}

// One column, with the widths that its cells ask for.
struct Column {
  size_t index = 0;  // In the table.
  bool numeric = false;
  int natural = 0;  // As wide as its widest cell.
  int least = 0;    // No word is broken.
  int width = 0;    // As shown.
};

int TotalWidth(const std::vector<Column>& columns, int Column::*width) {
  int total = columns.empty() ? 0 : kGap * (static_cast<int>(columns.size()) - 1);
  for (const Column& column : columns) total += column.*width;
  return total;
}

Column Measure(size_t index, const Cells& header, const std::vector<Cells>& rows) {
  Column column;
  column.index = index;
  column.numeric = !rows.empty();
  column.natural = DisplayWidth(header[index]);
  int longest = LongestWord(header[index]);
  for (const Cells& row : rows) {
    column.numeric = column.numeric && IsNumber(row[index]);
    column.natural = std::max(column.natural, DisplayWidth(row[index]));
    longest = std::max(longest, std::min(LongestWord(row[index]), kLongestWhole));
  }
  column.least = column.numeric ? column.natural : std::min(column.natural, longest);
  return column;
}

// Gives each column its width so that all fit into `terminal_width`, leaving out optional ones
// where they must be; the widest are narrowed first. False if they cannot fit.
bool Fit(int terminal_width, const std::vector<size_t>& optional, std::vector<Column>* columns) {
  for (size_t index : optional) {
    if (TotalWidth(*columns, &Column::natural) <= terminal_width) break;
    columns->erase(std::remove_if(columns->begin(), columns->end(),
                                  [index](const Column& column) { return column.index == index; }),
                   columns->end());
  }
  if (TotalWidth(*columns, &Column::least) > terminal_width) return false;
  int level = 0;
  for (const Column& column : *columns) level = std::max(level, column.natural);
  for (; level > 0; --level) {
    for (Column& column : *columns) {
      column.width = std::max(column.least, std::min(column.natural, level));
    }
    if (TotalWidth(*columns, &Column::width) <= terminal_width) break;
  }
  return true;
}

// The lines of a row, cells wrapped to the width of their columns.
std::string AlignedRow(const Cells& cells, const std::vector<Column>& columns) {
  std::vector<std::vector<std::string>> wrapped;
  size_t height = 1;
  for (const Column& column : columns) {
    const std::string& cell = cells[column.index];
    const bool fits = DisplayWidth(cell) <= column.width;
    wrapped.push_back(fits ? Cells{cell} : WrapWords(cell, std::max(column.width, 2)));
    height = std::max(height, wrapped.back().size());
  }
  std::string text;
  for (size_t i = 0; i < height; ++i) {
    std::string line;
    for (size_t c = 0; c < columns.size(); ++c) {
      const std::string part = i < wrapped[c].size() ? wrapped[c][i] : "";
      if (c > 0) line.append(kGap, ' ');
      line +=
          columns[c].numeric ? PadLeft(part, columns[c].width) : PadRight(part, columns[c].width);
    }
    absl::StripTrailingAsciiWhitespace(&line);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string AlignedRows(const Cells& header, const std::vector<Cells>& rows,
                        const std::vector<Column>& columns) {
  std::string text = AlignedRow(header, columns);
  Cells rule(header.size());
  for (const Column& column : columns) rule[column.index] = std::string(column.width, '-');
  absl::StrAppend(&text, AlignedRow(rule, columns));
  for (const Cells& row : rows) absl::StrAppend(&text, AlignedRow(row, columns));
  return text;
}

// Each row as lines "column  cell", a blank line between rows.
std::string Blocks(const Cells& header, const std::vector<Cells>& rows, int terminal_width) {
  int names = 0;
  for (const std::string& name : header) names = std::max(names, DisplayWidth(name));
  const int cell_width = std::max(terminal_width - names - kGap, kLeastBlockCell);
  std::string text;
  for (const Cells& row : rows) {
    if (!text.empty()) text.push_back('\n');
    for (size_t i = 0; i < header.size(); ++i) {
      std::string name = header[i];
      for (const std::string& part : WrapWords(row[i], cell_width)) {
        std::string line = absl::StrCat(PadRight(name, names + kGap), part);
        absl::StripTrailingAsciiWhitespace(&line);
        absl::StrAppend(&text, line, "\n");
        name.clear();
      }
    }
  }
  return text;
}

void AppendCsv(const Cells& cells, std::string* out) {
  base::AppendCsvRow(std::vector<absl::string_view>(cells.begin(), cells.end()), ',', out);
}

}  // namespace

Table::Table(std::vector<std::string> header) : header_(std::move(header)) {}

void Table::MakeOptional(const std::string& column) {
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == column) optional_.push_back(i);
  }
}

void Table::AddColumn(std::string column, const std::string& cell) {
  header_.push_back(std::move(column));
  for (Cells& row : rows_) row.push_back(cell);
}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(header_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::AsText(const TextLayout& layout) const {
  std::vector<Cells> shown;
  for (const Cells& row : rows_) {
    Cells cells;
    for (const std::string& cell : row) {
      const std::string harmless = Harmless(cell);
      cells.push_back(layout.terminal_width > 0 ? harmless
                                                : CutToWidth(harmless, layout.max_cell_width));
    }
    shown.push_back(std::move(cells));
  }
  std::vector<Column> columns;
  for (size_t i = 0; i < header_.size(); ++i) {
    columns.push_back(Measure(i, header_, shown));
    columns.back().width = columns.back().natural;
  }
  if (layout.terminal_width > 0 && !Fit(layout.terminal_width, optional_, &columns)) {
    return Blocks(header_, shown, layout.terminal_width);
  }
  return AlignedRows(header_, shown, columns);
}

std::string Table::AsCsv() const {
  std::string out;
  AppendCsv(header_, &out);
  for (const std::vector<std::string>& row : rows_) AppendCsv(row, &out);
  return out;
}

}  // namespace tandem::cli
