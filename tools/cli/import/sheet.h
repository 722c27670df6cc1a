// A CSV file read row by row for an import: known columns, cells by name, and every problem kept
// with its place, so that one pass tells all that is wrong with a file.
//
//   Problems problems;
//   TANDEM_ASSIGN_OR_RETURN(Sheet sheet, Sheet::Open(text, "mentors.csv", kColumns, &problems));
//   while (sheet.NextRow()) {
//     sheet.Read("hours", [](auto text) { return ParseInteger(text, 0, 744); },
//                [&](int64_t hours) { mentor.set_hours(hours); });
//   }
//   if (!problems.empty()) ...
//
// Not thread-safe. Text and problems must outlive the sheet.

#ifndef TANDEM_TOOLS_CLI_IMPORT_SHEET_H_
#define TANDEM_TOOLS_CLI_IMPORT_SHEET_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/csv.h"
#include "tools/cli/cell.h"

namespace tandem::cli {

// A column that an import knows.
struct ColumnSpec {
  absl::string_view name;
  // Whether the header must have it, and every row a value in it.
  bool required;
  // What stands in it, with an example; shown by --columns.
  absl::string_view help;
};

// One thing that is wrong with a file.
struct Problem {
  int64_t line = 0;      // From 1.
  int64_t position = 0;  // Where the cell begins in its line, in characters from 1.
  std::string column;    // Name of the column; empty for a row as a whole.
  std::string value;     // What stands there, shortened.
  std::string reason;
};

// All that is wrong with a file.
class Problems {
 public:
  void Add(Problem problem);
  bool empty() const { return problems_.empty(); }
  // Whether there is one of the cell.
  bool Has(int64_t line, absl::string_view column) const;
  // In the order of the file, each reported once.
  std::vector<Problem> Sorted() const;
  // "line,position,column,value,reason" as CSV with a header.
  std::string AsCsv() const;

 private:
  std::vector<Problem> problems_;
  std::set<std::pair<int64_t, std::string>> cells_;  // With a problem.
};

// The problem that a message of the CSV reader, "FILE:LINE:COLUMN: REASON", tells.
Problem ProblemOfReader(absl::string_view message);

// `value` made fit for a message: one line, harmless, at most 60 characters wide.
std::string Shortened(absl::string_view value);

class Sheet {
 public:
  // The most characters in a cell.
  static constexpr int64_t kMaxCellBytes = 20'000;

  // INVALID_ARGUMENT if the file cannot be read as CSV with a header of these columns; it names
  // every missing, unknown and repeated column. Upper case, and spaces for "_", are fine.
  static absl::StatusOr<Sheet> Open(absl::string_view text, const std::string& file,
                                    const std::vector<ColumnSpec>& columns, Problems* problems);

  // Goes to the next row that is not empty (a spreadsheet writes rows of separators alone below its
  // table) and has the header's fields (else a problem); false at the end, or where the rest is not
  // CSV (a problem then).
  bool NextRow();

  int64_t line() const { return reader_->row_line(); }
  // False once a problem of the current row was recorded.
  bool row_ok() const { return row_ok_; }

  bool HasColumn(absl::string_view column) const { return index_.count(column) > 0; }
  // The cell without the spaces around it; empty if the file lacks the column.
  absl::string_view Get(absl::string_view column) const;
  // Where the cell begins: its line (rows may have several), and the character in it, from 1.
  int64_t LineOf(absl::string_view column) const;
  int64_t Position(absl::string_view column) const;

  // Records a problem of a cell of the current row.
  void Fail(absl::string_view column, absl::string_view reason);

  // Unless the cell is empty, parses it and gives the value to `store`, or records the reason.
  template <typename Parse, typename Store>
  void Read(absl::string_view column, const Parse& parse, const Store& store) {
    const absl::string_view text = Get(column);
    if (!text.empty()) ReadPart(column, text, parse, store);
  }

  // The same for each part of a list separated by "|".
  template <typename Parse, typename Store>
  void ReadEach(absl::string_view column, const Parse& parse, const Store& store) {
    for (const std::string& part : SplitList(Get(column))) ReadPart(column, part, parse, store);
  }

  // The same for each word of a list separated by "|" or spaces.
  template <typename Parse, typename Store>
  void ReadWords(absl::string_view column, const Parse& parse, const Store& store) {
    for (const std::string& part : SplitWords(Get(column))) ReadPart(column, part, parse, store);
  }

 private:
  Sheet(std::unique_ptr<base::CsvReader> reader, const std::vector<ColumnSpec>& columns,
        Problems* problems);

  template <typename Parse, typename Store>
  void ReadPart(absl::string_view column, absl::string_view text, const Parse& parse,
                const Store& store) {
    auto value = parse(text);
    if (value.ok()) {
      store(*std::move(value));
    } else {
      Fail(column, value.status().message());
    }
  }

  bool IsEmptyRow() const;
  void CheckCells();

  std::unique_ptr<base::CsvReader> reader_;
  std::vector<ColumnSpec> columns_;
  absl::flat_hash_map<std::string, int> index_;
  Problems* problems_;
  bool row_ok_ = true;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_SHEET_H_
