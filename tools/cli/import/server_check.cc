#include "tools/cli/import/server_check.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/server_error.h"

namespace tandem::cli {
namespace {

// Takes "FIELD[12]." off `path`; -1 if it does not begin so.
int64_t TakeIndex(absl::string_view field, absl::string_view* path) {
  int64_t index = -1;
  const std::string head = absl::StrCat(field, "[");
  const size_t close = path->find(']');
  if (!absl::StartsWith(*path, head) || close == absl::string_view::npos ||
      !absl::SimpleAtoi(path->substr(head.size(), close - head.size()), &index)) {
    return -1;
  }
  path->remove_prefix(close + 1);
  if (!path->empty() && path->front() == '.') path->remove_prefix(1);
  return index;
}

// Where in the file a refused field stands.
Problem PlaceOf(const FieldViolation& violation, const ImportTarget& target, const Batch& batch) {
  absl::string_view path = violation.field;
  Problem problem;
  problem.reason = violation.reason;
  const int64_t index = TakeIndex(target.field, &path);
  if (index < 0 || index >= static_cast<int64_t>(batch.lines.size())) {
    problem.line = batch.lines.empty() ? 0 : batch.lines.front().front();
    problem.reason = absl::StrCat(violation.field, ": ", violation.reason);
    return problem;
  }
  const std::vector<int64_t>& lines = batch.lines[index];
  problem.line = lines.front();
  absl::string_view item = path;
  const int64_t item_index = TakeIndex("items", &item);
  if (item_index >= 0 && item_index < static_cast<int64_t>(lines.size())) {
    problem.line = lines[item_index];
    if (!item.empty()) path = item;
  }
  problem.column = target.column_of(path);
  if (problem.column.empty()) problem.reason = absl::StrCat(path, ": ", violation.reason);
  return problem;
}

void Add(const ImportCounts& part, size_t batch, ImportCounts* sum) {
  sum->created += part.created;
  sum->updated += part.updated;
  sum->unchanged += part.unchanged;
  if (!part.names.empty()) sum->names[batch] = part.names.front();
}

bool IsRefusal(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT;
}

// Sends all batches and sums up what the server answered.
std::vector<grpc::Status> SendAll(Program& program, const ImportTarget& target,
                                  const std::vector<Batch>& batches, bool validate_only,
                                  ImportCounts* sum) {
  int64_t total = 0;
  for (const Batch& batch : batches) total += static_cast<int64_t>(batch.lines.size());
  std::vector<ImportCounts> parts(batches.size());
  const std::string verb = validate_only ? "checking" : "writing";
  const auto statuses = SendBatches(
      batches, [&](size_t i) { return target.send(batches[i], i, validate_only, &parts[i]); },
      [&](const grpc::Status& status) { return validate_only && IsRefusal(status); },
      [&](int64_t rows) {
        program.Progress(absl::StrCat(verb, " ", target.what, ": ", rows, " of ", total));
      });
  program.Progress("");
  sum->names.resize(batches.size());
  for (size_t i = 0; i < batches.size(); ++i) {
    if (statuses[i].ok()) Add(parts[i], i, sum);
  }
  return statuses;
}

// Reads the file again and calls `visit(sheet, problem)` at the row of each problem.
template <typename Visit>
void ForEachRowWith(absl::string_view text, const std::string& file,
                    const std::vector<ColumnSpec>& columns, std::vector<Problem>* found,
                    const Visit& visit) {
  std::multimap<int64_t, Problem*> by_line;
  for (Problem& problem : *found) by_line.emplace(problem.line, &problem);
  Problems ignored;
  absl::StatusOr<Sheet> sheet = Sheet::Open(text, file, columns, &ignored);
  while (sheet.ok() && sheet->NextRow()) {
    const auto [first, last] = by_line.equal_range(sheet->line());
    for (auto at = first; at != last; ++at) visit(*sheet, at->second);
  }
}

}  // namespace

grpc::Status WithPatience(const std::function<grpc::Status()>& call) {
  constexpr int kAttempts = 6;
  absl::Duration pause = absl::Milliseconds(50);
  grpc::Status status = call();
  for (int i = 1; i < kAttempts; ++i) {
    if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED &&
        status.error_code() != grpc::StatusCode::ABORTED) {
      break;
    }
    absl::SleepFor(pause);
    pause *= 2;
    status = call();
  }
  return status;
}

absl::StatusOr<ImportCounts> CheckOnServer(Program& program, const ImportTarget& target,
                                           const std::vector<Batch>& batches,
                                           std::vector<Problem>* problems) {
  ImportCounts counts;
  const auto statuses = SendAll(program, target, batches, /*validate_only=*/true, &counts);
  for (size_t i = 0; i < batches.size(); ++i) {
    if (statuses[i].ok() || statuses[i].error_code() == grpc::StatusCode::CANCELLED) continue;
    if (!IsRefusal(statuses[i])) return program.session().Describe(statuses[i]);
    std::vector<FieldViolation> violations = FieldViolations(statuses[i]);
    if (violations.empty()) violations.push_back({"", statuses[i].error_message()});
    for (const FieldViolation& violation : violations) {
      problems->push_back(PlaceOf(violation, target, batches[i]));
    }
  }
  return counts;
}

absl::StatusOr<ImportCounts> WriteToServer(Program& program, const ImportTarget& target,
                                           const std::vector<Batch>& batches) {
  const InterruptNote note(
      "The import stopped on the way: what is written stays. Import the same file again; what is "
      "there already counts as unchanged.\n");
  ImportCounts counts;
  const auto statuses = SendAll(program, target, batches, /*validate_only=*/false, &counts);
  for (const grpc::Status& status : statuses) {
    if (status.ok() || status.error_code() == grpc::StatusCode::CANCELLED) continue;
    const absl::Status described = program.session().Describe(status);
    const int64_t written = counts.created + counts.updated + counts.unchanged;
    return absl::Status(
        described.code() == absl::StatusCode::kInvalidArgument ? absl::StatusCode::kAborted
                                                               : described.code(),
        absl::StrCat(described.message(), "\nThe import stopped on the way: ", written, " ",
                     target.what,
                     " are written and stay, the others may not be. Import the same "
                     "file again; what is there already counts as unchanged."));
  }
  return counts;
}

void AddWithPlaces(absl::string_view text, const std::string& file,
                   const std::vector<ColumnSpec>& columns, std::vector<Problem> found,
                   Problems* all) {
  ForEachRowWith(text, file, columns, &found, [](const Sheet& sheet, Problem* problem) {
    problem->line = sheet.LineOf(problem->column);
    problem->position = sheet.Position(problem->column);
    problem->value = Shortened(sheet.Get(problem->column));
  });
  for (Problem& problem : found) all->Add(std::move(problem));
}

void AddBesideOthers(absl::string_view text, const std::string& file,
                     const std::vector<ColumnSpec>& columns,
                     const std::vector<std::vector<std::string>>& related,
                     std::vector<Problem> found, Problems* all) {
  std::vector<Problem> kept;
  ForEachRowWith(text, file, columns, &found, [&](const Sheet& sheet, Problem* problem) {
    if (problem->column.empty()) return;
    std::vector<std::string> looked_at = {problem->column};
    for (const std::vector<std::string>& group : related) {
      if (std::find(group.begin(), group.end(), problem->column) == group.end()) continue;
      looked_at.insert(looked_at.end(), group.begin(), group.end());
    }
    for (const std::string& column : looked_at) {
      if (all->Has(sheet.LineOf(column), column)) return;
    }
    kept.push_back(*problem);
  });
  AddWithPlaces(text, file, columns, std::move(kept), all);
}

}  // namespace tandem::cli
