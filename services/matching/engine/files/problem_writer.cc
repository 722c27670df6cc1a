#include "services/matching/engine/files/problem_writer.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/json.h"
#include "services/matching/engine/files/decimal.h"

namespace tandem::engine::files {
namespace {

using Record = std::vector<std::string>;

// The header and then the rows in the order of their first two fields.
std::string Table(const Record& header, std::vector<Record> rows) {
  std::sort(rows.begin(), rows.end());
  std::string text;
  const auto append = [&text](const Record& record) {
    base::AppendCsvRow(std::vector<absl::string_view>(record.begin(), record.end()), ',', &text);
  };
  append(header);
  for (const Record& row : rows) append(row);
  return text;
}

std::string Pairs(const AssignmentProblem& problem) {
  const bool mentor_scores =
      std::any_of(problem.pairs.begin(), problem.pairs.end(),
                  [](const AssignmentPair& pair) { return pair.mentor_score != kSameScore; });
  Record header = {"need", "mentor", "score"};
  if (mentor_scores) header.push_back("mentor_score");
  std::vector<Record> rows;
  for (const AssignmentPair& pair : problem.pairs) {
    Record row = {problem.needs[pair.need].id, problem.mentors[pair.mentor].id,
                  FormatDecimal(pair.score)};
    if (mentor_scores) {
      row.push_back(pair.mentor_score == kSameScore ? "" : FormatDecimal(pair.mentor_score));
    }
    rows.push_back(std::move(row));
  }
  return Table(header, std::move(rows));
}

std::string Needs(const AssignmentProblem& problem) {
  std::vector<Record> rows;
  for (const AssignmentNeed& need : problem.needs) {
    rows.push_back({need.id, absl::StrCat(need.min), absl::StrCat(need.max),
                    absl::StrCat(need.tier), BeneficiaryOf(need), RequestOf(need)});
  }
  return Table({"need", "min", "max", "tier", "beneficiary", "request"}, std::move(rows));
}

std::string Mentors(const AssignmentProblem& problem) {
  std::vector<Record> rows;
  for (const AssignmentMentor& mentor : problem.mentors) {
    rows.push_back({mentor.id, absl::StrCat(mentor.min), absl::StrCat(mentor.max)});
  }
  return Table({"mentor", "min", "max"}, std::move(rows));
}

std::string Quotas(const AssignmentProblem& problem) {
  std::vector<Record> rows;
  for (const AssignmentQuota& quota : problem.quotas) {
    rows.push_back({quota.id, quota.side == Side::kNeed ? "need" : "mentor",
                    absl::StrCat(quota.min), quota.max == kUnlimited ? "" : absl::StrCat(quota.max),
                    quota.parent < 0 ? "" : problem.quotas[quota.parent].id});
  }
  return Table({"group", "side", "min", "max", "parent"}, std::move(rows));
}

std::string Groups(const AssignmentProblem& problem) {
  std::vector<Record> rows;
  for (const AssignmentNeed& need : problem.needs) {
    if (need.quota >= 0) rows.push_back({need.id, problem.quotas[need.quota].id});
  }
  for (const AssignmentMentor& mentor : problem.mentors) {
    if (mentor.quota >= 0) rows.push_back({mentor.id, problem.quotas[mentor.quota].id});
  }
  return Table({"member", "group"}, std::move(rows));
}

std::string PairList(const AssignmentProblem& problem, const std::vector<PairRef>& pairs) {
  std::vector<Record> rows;
  for (const PairRef& pair : pairs) {
    rows.push_back({problem.needs[pair.need].id, problem.mentors[pair.mentor].id});
  }
  return Table({"need", "mentor"}, std::move(rows));
}

std::string Previous(const AssignmentProblem& problem) {
  std::vector<Record> rows;
  for (const PairOfIds& pair : problem.previous) rows.push_back({pair.need, pair.mentor});
  std::sort(rows.begin(), rows.end());
  std::string text = "{\"matches\": [";
  for (const Record& row : rows) {
    text += text.back() == '[' ? "\n  {\"need\": " : ",\n  {\"need\": ";
    base::AppendJsonString(row[0], &text);
    text += ", \"mentor\": ";
    base::AppendJsonString(row[1], &text);
    text += "}";
  }
  return text + "]}\n";
}

}  // namespace

std::map<std::string, std::string> ProblemToFiles(const AssignmentProblem& problem) {
  std::map<std::string, std::string> files = {
      {"pairs.csv", Pairs(problem)},
      {"needs.csv", Needs(problem)},
      {"mentors.csv", Mentors(problem)},
  };
  if (!problem.quotas.empty()) {
    files["quotas.csv"] = Quotas(problem);
    files["groups.csv"] = Groups(problem);
  }
  if (!problem.pinned.empty()) files["pinned.csv"] = PairList(problem, problem.pinned);
  if (!problem.forbidden.empty()) files["forbidden.csv"] = PairList(problem, problem.forbidden);
  if (problem.has_previous) files["previous.json"] = Previous(problem);
  return files;
}

}  // namespace tandem::engine::files
