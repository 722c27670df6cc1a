// A small table, shown to people with aligned columns or to programs as CSV.
//
//   Table table({"rank", "mentor", "resource"});
//   table.MakeOptional("resource");
//   table.AddRow({"1", "Abebe", "mentors/x1"});
//   out << table.AsText({kCellWidth, /*terminal_width=*/80});
//
// Not thread-safe.

#ifndef TANDEM_TOOLS_CLI_TABLE_H_
#define TANDEM_TOOLS_CLI_TABLE_H_

#include <string>
#include <vector>

namespace tandem::cli {

// The widest that a cell is shown, in columns of a terminal, unless a table says otherwise.
inline constexpr int kCellWidth = 60;

// How a table is laid out for people.
struct TextLayout {
  // Cells wider than this are cut; on a terminal that is narrower they are wrapped.
  int max_cell_width = kCellWidth;
  // Columns of the terminal; 0: no terminal, so each row is one line, however long.
  int terminal_width = 0;
};

class Table {
 public:
  explicit Table(std::vector<std::string> header);

  // Leaves the column out where a terminal is too narrow for the whole table; of several the first
  // that was named goes first.
  void MakeOptional(const std::string& column);

  // `cells` has one entry per column of the header.
  void AddRow(std::vector<std::string> cells);

  // Adds a column behind the others, with `cell` in every row.
  void AddColumn(std::string column, const std::string& cell);

  bool empty() const { return rows_.empty(); }
  size_t size() const { return rows_.size(); }

  // Aligned columns, two spaces between them; a column of numbers stands to the right. Characters
  // that would steer the terminal become '?'. What does not fit the terminal is wrapped by words;
  // where that is not enough, each row becomes a block of lines "column  cell".
  std::string AsText(const TextLayout& layout = TextLayout()) const;

  // CSV with a header line (RFC 4180, LF), whole cells.
  std::string AsCsv() const;

 private:
  std::vector<std::string> header_;
  std::vector<size_t> optional_;  // columns in the order in which they are left out
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_TABLE_H_
