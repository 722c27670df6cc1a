// A small table, shown to people with aligned columns or to programs as CSV.
//
//   Table table({"rank", "mentor"});
//   table.AddRow({"1", "Abebe"});
//   out << table.AsText();
//
// Not thread-safe.

#ifndef TANDEM_TOOLS_CLI_TABLE_H_
#define TANDEM_TOOLS_CLI_TABLE_H_

#include <string>
#include <vector>

namespace tandem::cli {

// The widest that a cell is shown, in columns of a terminal, unless a table says otherwise.
inline constexpr int kCellWidth = 60;

class Table {
 public:
  explicit Table(std::vector<std::string> header);

  // `cells` has one entry per column of the header.
  void AddRow(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }
  size_t size() const { return rows_.size(); }

  // Aligned columns, two spaces between them; a column of numbers stands to the right. Cells wider
  // than `max_cell_width` are cut, and characters that would steer the terminal become '?'.
  std::string AsText(int max_cell_width = kCellWidth) const;

  // CSV with a header line (RFC 4180, LF), whole cells.
  std::string AsCsv() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_TABLE_H_
