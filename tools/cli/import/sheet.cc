#include "tools/cli/import/sheet.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tools/cli/display.h"
#include "tools/cli/table.h"

namespace tandem::cli {
namespace {

constexpr int kShownWidth = 60;

// Plain printable ASCII: needs no closer look.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isprint(c); });
}

// The name of a column as people may write it, "Hours per month", in our form.
std::string ColumnName(absl::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)),
                             {{" ", "_"}, {"-", "_"}});
}

// Every missing, every unknown and every repeated column in one message.
absl::Status CheckHeader(const base::CsvReader& reader, const std::string& file,
                         const std::vector<ColumnSpec>& columns) {
  std::vector<std::string> known;
  std::vector<std::string> missing;
  std::vector<std::string> twice;
  std::map<std::string, int> there;
  for (const std::string& name : reader.header()) {
    if (++there[ColumnName(name)] == 2) twice.push_back(Shortened(name));
  }
  for (const ColumnSpec& column : columns) {
    known.emplace_back(column.name);
    if (column.required && there.count(known.back()) == 0) missing.push_back(known.back());
  }
  std::vector<std::string> unknown;
  for (const std::string& name : reader.header()) {
    if (std::find(known.begin(), known.end(), ColumnName(name)) == known.end()) {
      unknown.push_back(Shortened(name));
    }
  }
  if (missing.empty() && unknown.empty() && twice.empty()) return absl::OkStatus();
  std::string message = absl::StrCat(file, ":1:1: ");
  if (!twice.empty()) absl::StrAppend(&message, "twice: ", absl::StrJoin(twice, ", "), ". ");
  if (!missing.empty()) absl::StrAppend(&message, "missing: ", absl::StrJoin(missing, ", "), ". ");
  if (!unknown.empty()) absl::StrAppend(&message, "unknown: ", absl::StrJoin(unknown, ", "), ". ");
  absl::StrAppend(&message, "The columns are: ", absl::StrJoin(known, ", "),
                  ". --columns explains them.");
  return absl::InvalidArgumentError(message);
}

}  // namespace

Problem ProblemOfReader(absl::string_view message) {
  Problem problem;
  const std::vector<absl::string_view> head = absl::StrSplit(message, absl::MaxSplits(": ", 1));
  problem.reason = std::string(head.back());
  std::vector<absl::string_view> place = absl::StrSplit(head.front(), ':');
  if (place.size() >= 3 && absl::SimpleAtoi(place[place.size() - 2], &problem.line) &&
      absl::SimpleAtoi(place.back(), &problem.position)) {
    return problem;
  }
  problem.reason = std::string(message);
  return problem;
}

std::string Shortened(absl::string_view value) {
  // Long values are cut before anything looks at each of their characters.
  return CutToWidth(Harmless(value.substr(0, 4 * kShownWidth)), kShownWidth);
}

void Problems::Add(Problem problem) {
  cells_.emplace(problem.line, problem.column);
  problems_.push_back(std::move(problem));
}

bool Problems::Has(int64_t line, absl::string_view column) const {
  return cells_.count({line, std::string(column)}) > 0;
}

std::vector<Problem> Problems::Sorted() const {
  const auto key = [](const Problem& p) {
    return std::tie(p.line, p.position, p.column, p.reason, p.value);
  };
  std::vector<Problem> sorted = problems_;
  std::sort(sorted.begin(), sorted.end(),
            [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  const auto same = [&](const Problem& a, const Problem& b) { return key(a) == key(b); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

std::string Problems::AsCsv() const {
  Table table({"line", "position", "column", "value", "reason"});
  for (const Problem& p : Sorted()) {
    table.AddRow({absl::StrCat(p.line), absl::StrCat(p.position), p.column, p.value, p.reason});
  }
  return table.AsCsv();
}

Sheet::Sheet(std::unique_ptr<base::CsvReader> reader, const std::vector<ColumnSpec>& columns,
             Problems* problems)
    : reader_(std::move(reader)), columns_(columns), problems_(problems) {
  for (size_t i = 0; i < reader_->header().size(); ++i) {
    index_[ColumnName(reader_->header()[i])] = static_cast<int>(i);
  }
}

absl::StatusOr<Sheet> Sheet::Open(absl::string_view text, const std::string& file,
                                  const std::vector<ColumnSpec>& columns, Problems* problems) {
  base::CsvOptions options;
  options.file_name = file;
  options.separator = 0;
  options.unnamed_columns_at_end = true;
  absl::StatusOr<base::CsvReader> reader = base::CsvReader::Open(text, options);
  if (!reader.ok()) return absl::InvalidArgumentError(reader.status().message());
  TANDEM_RETURN_IF_ERROR(CheckHeader(*reader, file, columns));
  return Sheet(std::make_unique<base::CsvReader>(*std::move(reader)), columns, problems);
}

bool Sheet::IsEmptyRow() const {
  return std::all_of(reader_->row().begin(), reader_->row().end(), [](const base::CsvField& field) {
    return absl::StripAsciiWhitespace(field.text).empty();
  });
}

bool Sheet::NextRow() {
  row_ok_ = true;
  for (;;) {
    const absl::StatusOr<bool> more = reader_->Next();
    if (more.ok() && !*more) return false;
    if (!more.ok()) {
      problems_->Add(ProblemOfReader(more.status().message()));
      if (reader_->can_go_on()) continue;
      row_ok_ = false;
      return false;
    }
    if (IsEmptyRow()) continue;
    CheckCells();
    return true;
  }
}

absl::string_view Sheet::Get(absl::string_view column) const {
  const auto found = index_.find(column);
  if (found == index_.end()) return "";
  return absl::StripAsciiWhitespace(reader_->row()[found->second].text);
}

int64_t Sheet::LineOf(absl::string_view column) const {
  const auto found = index_.find(column);
  return found == index_.end() ? line() : reader_->row()[found->second].line;
}

int64_t Sheet::Position(absl::string_view column) const {
  const auto found = index_.find(column);
  return found == index_.end() ? 1 : reader_->row()[found->second].column;
}

void Sheet::Fail(absl::string_view column, absl::string_view reason) {
  row_ok_ = false;
  Problem problem;
  problem.line = LineOf(column);
  problem.position = Position(column);
  problem.column = std::string(column);
  problem.value = Shortened(Get(column));
  problem.reason = std::string(reason);
  problems_->Add(std::move(problem));
}

// What holds for every cell: there where it must be, not endless, nothing that disguises text.
void Sheet::CheckCells() {
  for (const ColumnSpec& column : columns_) {
    const absl::string_view text = Get(column.name);
    if (text.empty()) {
      if (column.required) Fail(column.name, "must not be empty");
      continue;
    }
    if (static_cast<int64_t>(text.size()) > kMaxCellBytes) {
      Fail(column.name, absl::StrCat(text.size(), " bytes; at most ", kMaxCellBytes));
      continue;
    }
    if (IsPlain(text)) continue;
    const std::string disguising = DisguisingCharacter(text, /*one_line=*/false);
    if (!disguising.empty()) {
      Fail(column.name,
           absl::StrCat("contains ", disguising, ", which can disguise text; remove it"));
    }
  }
}

}  // namespace tandem::cli
