#include "services/matching/engine/files/problem_files.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/result_json.h"

namespace tandem::engine::files {
namespace {

constexpr int64_t kMaxFileBytes = int64_t{4} << 30;

// Names at most so much of a long id in an error.
std::string Shown(absl::string_view id) {
  constexpr size_t kMost = 60;
  return absl::StrCat("'", id.substr(0, kMost), id.size() > kMost ? "..." : "", "'");
}

// One row of a file, with its fields by the position of the columns asked for.
class Row {
 public:
  Row(const base::CsvReader& reader, const std::vector<int>& columns)
      : reader_(reader), columns_(columns) {}

  // The text in the column asked for at place `i`; empty if the file lacks the column.
  absl::string_view Text(size_t i) const {
    return columns_[i] < 0 ? absl::string_view() : reader_.row()[columns_[i]].text;
  }
  int64_t line() const { return reader_.row_line(); }

  absl::Status Error(size_t i, absl::string_view reason) const {
    return reader_.FieldError(columns_[i], reason);
  }

  absl::StatusOr<std::string> Id(size_t i) const {
    if (Text(i).empty()) return Error(i, "an id is missing");
    return std::string(Text(i));
  }

  absl::StatusOr<int64_t> Count(size_t i, int64_t max) const {
    absl::StatusOr<int64_t> count = ParseCount(Text(i), max);
    if (!count.ok()) return Error(i, count.status().message());
    return count;
  }

  absl::StatusOr<int64_t> Score(size_t i) const {
    absl::StatusOr<int64_t> score = ParseDecimal(Text(i));
    if (!score.ok()) return Error(i, score.status().message());
    return score;
  }

 private:
  const base::CsvReader& reader_;
  const std::vector<int>& columns_;
};

class ProblemReader {
 public:
  ProblemReader(const ProblemSource& source, const ReadOptions& options)
      : source_(source), options_(options) {}

  absl::StatusOr<AssignmentProblem> Read() {
    problem_.objective = source_.objective;
    problem_.fill = source_.fill;
    problem_.seed = source_.seed;
    problem_.change_penalty = source_.change_penalty;
    TANDEM_RETURN_IF_ERROR(ReadNeeds());
    TANDEM_RETURN_IF_ERROR(ReadMentors());
    TANDEM_RETURN_IF_ERROR(ReadPairs());
    TANDEM_RETURN_IF_ERROR(ReadQuotas());
    TANDEM_RETURN_IF_ERROR(ReadGroups());
    TANDEM_RETURN_IF_ERROR(RefuseGroupsThatCrossBeneficiaries());
    TANDEM_RETURN_IF_ERROR(ReadPairList(source_.pinned, &problem_.pinned));
    TANDEM_RETURN_IF_ERROR(ReadPairList(source_.forbidden, &problem_.forbidden));
    if (!source_.previous.empty()) {
      problem_.has_previous = true;
      TANDEM_ASSIGN_OR_RETURN(const std::string text, Bytes(source_.previous));
      TANDEM_ASSIGN_OR_RETURN(problem_.previous, MatchesOfResult(text, source_.previous));
    }
    TANDEM_RETURN_IF_ERROR(ValidateProblem(problem_));
    return std::move(problem_);
  }

 private:
  using RowFn = std::function<absl::Status(const Row&)>;
  using IdMap = absl::flat_hash_map<std::string, int32_t>;

  absl::StatusOr<std::string> Bytes(const std::string& path) const {
    return options_.read ? options_.read(path) : base::ReadFile(path, kMaxFileBytes);
  }

  // Calls `use` for each row of the file at `path`, if one is given.
  absl::Status ForEachRow(const std::string& path, const std::vector<base::CsvColumn>& columns,
                          const RowFn& use) const {
    if (path.empty()) return absl::OkStatus();
    TANDEM_ASSIGN_OR_RETURN(const std::string text, Bytes(path));
    base::CsvOptions options;
    options.file_name = path;
    options.max_rows = source_.max_rows;
    TANDEM_ASSIGN_OR_RETURN(base::CsvReader reader, base::CsvReader::Open(text, options));
    TANDEM_ASSIGN_OR_RETURN(const std::vector<int> positions, reader.FindColumns(columns));
    const Row row(reader, positions);
    while (true) {
      if (options_.cancelled && options_.cancelled()) return absl::CancelledError("cancelled");
      TANDEM_ASSIGN_OR_RETURN(bool more, reader.Next());
      if (!more) return absl::OkStatus();
      TANDEM_RETURN_IF_ERROR(use(row));
    }
  }

  // Reads `min` and `max` at the places `i` and `i + 1`.
  absl::Status ReadRange(const Row& row, size_t i, int64_t* min, int64_t* max) const {
    TANDEM_ASSIGN_OR_RETURN(*min, row.Count(i, kMaxCapacity));
    TANDEM_ASSIGN_OR_RETURN(*max, row.Count(i + 1, kMaxCapacity));
    if (*min > *max) {
      return row.Error(i, absl::StrCat("min ", *min, " is more than max ", *max));
    }
    return absl::OkStatus();
  }

  absl::Status RefuseUnderStable(const Row& row, size_t i, bool present,
                                 absl::string_view what) const {
    if (source_.objective != Objective::kStable || !present) return absl::OkStatus();
    return row.Error(i, absl::StrCat("the objective stable takes no ", what));
  }

  absl::Status ReadNeeds() {
    absl::flat_hash_set<std::string> requests;
    return ForEachRow(
        source_.needs,
        {{"need"}, {"min"}, {"max"}, {"tier", false}, {"beneficiary", false}, {"request", false}},
        [&](const Row& row) -> absl::Status {
          AssignmentNeed need;
          TANDEM_ASSIGN_OR_RETURN(need.id, row.Id(0));
          TANDEM_RETURN_IF_ERROR(ReadRange(row, 1, &need.min, &need.max));
          TANDEM_RETURN_IF_ERROR(RefuseUnderStable(row, 1, need.min > 0, "minimums"));
          if (!row.Text(3).empty()) {
            TANDEM_ASSIGN_OR_RETURN(int64_t tier, row.Count(3, 9));
            if (tier == 0) return row.Error(3, "tier is 0, not within 1 to 9");
            need.tier = static_cast<int>(tier);
          }
          need.beneficiary = std::string(row.Text(4));
          need.request = std::string(row.Text(5));
          const size_t where = row.Text(5).empty() ? 0 : 5;
          const absl::Status shared =
              RefuseUnderStable(row, where, true, "requests of several roles");
          if (!requests.insert(RequestOf(need)).second) TANDEM_RETURN_IF_ERROR(shared);
          if (!need.request.empty() && !shared.ok()) named_requests_[need.request] = shared;
          const int32_t index = static_cast<int32_t>(problem_.needs.size());
          if (!need_at_.emplace(need.id, index).second) {
            return row.Error(0, absl::StrCat("need ", Shown(need.id), " stands twice"));
          }
          problem_.needs.push_back(std::move(need));
          return absl::OkStatus();
        });
  }

  absl::Status ReadMentors() {
    return ForEachRow(
        source_.mentors, {{"mentor"}, {"min"}, {"max"}}, [this](const Row& row) -> absl::Status {
          AssignmentMentor mentor;
          TANDEM_ASSIGN_OR_RETURN(mentor.id, row.Id(0));
          TANDEM_RETURN_IF_ERROR(ReadRange(row, 1, &mentor.min, &mentor.max));
          TANDEM_RETURN_IF_ERROR(RefuseUnderStable(row, 1, mentor.min > 0, "minimums"));
          const int32_t index = static_cast<int32_t>(problem_.mentors.size());
          if (!mentor_at_.emplace(mentor.id, index).second) {
            return row.Error(0, absl::StrCat("mentor ", Shown(mentor.id), " stands twice"));
          }
          problem_.mentors.push_back(std::move(mentor));
          return absl::OkStatus();
        });
  }

  // The index of an id, added with the defaults if it is new.
  template <typename T>
  static int32_t FindOrAdd(absl::string_view id, IdMap* at, std::vector<T>* things) {
    const auto found = at->find(id);
    if (found != at->end()) return found->second;
    const int32_t index = static_cast<int32_t>(things->size());
    things->emplace_back();
    things->back().id = std::string(id);
    at->emplace(things->back().id, index);
    return index;
  }

  // Under stable a need that stands for itself shares its request with one that names it.
  absl::Status RefuseNamedRequest(int32_t need) const {
    if (named_requests_.empty()) return absl::OkStatus();
    const auto named = named_requests_.find(problem_.needs[need].id);
    const bool itself = problem_.needs[need].request.empty();
    return named == named_requests_.end() || !itself ? absl::OkStatus() : named->second;
  }

  absl::Status ReadPairs() {
    absl::flat_hash_map<uint64_t, int64_t> line_of;
    return ForEachRow(
        source_.pairs, {{"need"}, {"mentor"}, {"score"}, {"mentor_score", false}},
        [&](const Row& row) -> absl::Status {
          if (row.Text(0).empty()) return row.Error(0, "an id is missing");
          if (row.Text(1).empty()) return row.Error(1, "an id is missing");
          AssignmentPair pair;
          TANDEM_ASSIGN_OR_RETURN(pair.score, row.Score(2));
          if (!row.Text(3).empty()) {
            TANDEM_ASSIGN_OR_RETURN(pair.mentor_score, row.Score(3));
          }
          pair.need = FindOrAdd(row.Text(0), &need_at_, &problem_.needs);
          TANDEM_RETURN_IF_ERROR(RefuseNamedRequest(pair.need));
          pair.mentor = FindOrAdd(row.Text(1), &mentor_at_, &problem_.mentors);
          const uint64_t key =
              static_cast<uint64_t>(pair.need) << 32 | static_cast<uint32_t>(pair.mentor);
          const auto [first, added] = line_of.emplace(key, row.line());
          if (!added) {
            return row.Error(0, absl::StrCat("the pair of need ", Shown(row.Text(0)),
                                             " and mentor ", Shown(row.Text(1)),
                                             " stands twice, first on line ", first->second));
          }
          problem_.pairs.push_back(pair);
          return absl::OkStatus();
        });
  }

  absl::Status ReadQuotas() {
    // Where each quota's parent is named; parents may come later in the file.
    struct Parent {
      std::string name;
      absl::Status unknown;
      absl::Status wrong_side;
      absl::Status cycle;
    };
    std::vector<Parent> parents;
    TANDEM_RETURN_IF_ERROR(ForEachRow(
        source_.quotas, {{"group"}, {"side"}, {"min"}, {"max"}, {"parent", false}},
        [&](const Row& row) -> absl::Status {
          AssignmentQuota quota;
          TANDEM_RETURN_IF_ERROR(RefuseUnderStable(row, 0, true, "quotas"));
          TANDEM_ASSIGN_OR_RETURN(quota.id, row.Id(0));
          if (row.Text(1) != "need" && row.Text(1) != "mentor") {
            return row.Error(1, absl::StrCat(Shown(row.Text(1)), " is neither need nor mentor"));
          }
          quota.side = row.Text(1) == "need" ? Side::kNeed : Side::kMentor;
          if (row.Text(3).empty()) {
            TANDEM_ASSIGN_OR_RETURN(quota.min, row.Count(2, kMaxCapacity));
          } else {
            TANDEM_RETURN_IF_ERROR(ReadRange(row, 2, &quota.min, &quota.max));
          }
          Parent parent;
          parent.name = std::string(row.Text(4));
          if (!parent.name.empty()) {
            const std::string shown = Shown(parent.name);
            parent.unknown = row.Error(4, absl::StrCat("group ", shown, " is unknown"));
            parent.wrong_side =
                row.Error(4, absl::StrCat("group ", shown, " is of the other side"));
            parent.cycle =
                row.Error(4, absl::StrCat("group ", Shown(quota.id), " is its own ancestor"));
          }
          const int32_t index = static_cast<int32_t>(problem_.quotas.size());
          if (!quota_at_.emplace(quota.id, index).second) {
            return row.Error(0, absl::StrCat("group ", Shown(quota.id), " stands twice"));
          }
          problem_.quotas.push_back(std::move(quota));
          parents.push_back(std::move(parent));
          return absl::OkStatus();
        }));
    for (size_t q = 0; q < parents.size(); ++q) {
      if (parents[q].name.empty()) continue;
      const auto found = quota_at_.find(parents[q].name);
      if (found == quota_at_.end()) return parents[q].unknown;
      if (problem_.quotas[found->second].side != problem_.quotas[q].side) {
        return parents[q].wrong_side;
      }
      problem_.quotas[q].parent = found->second;
    }
    const int32_t cycle = FindCycle();
    return cycle < 0 ? absl::OkStatus() : parents[cycle].cycle;
  }

  // A quota that is its own ancestor, or -1: follows parents until one that is known to end.
  int32_t FindCycle() const {
    std::vector<int32_t> walk(problem_.quotas.size(), -1);  // The walk that came by first.
    for (size_t start = 0; start < walk.size(); ++start) {
      int32_t at = static_cast<int32_t>(start);
      while (at >= 0 && walk[at] < 0) {
        walk[at] = static_cast<int32_t>(start);
        at = problem_.quotas[at].parent;
      }
      if (at >= 0 && walk[at] == static_cast<int32_t>(start)) return at;
    }
    return -1;
  }

  absl::Status ReadGroups() {
    return ForEachRow(
        source_.groups, {{"member"}, {"group"}}, [this](const Row& row) -> absl::Status {
          const auto quota = quota_at_.find(row.Text(1));
          if (quota == quota_at_.end()) {
            return row.Error(1, absl::StrCat("group ", Shown(row.Text(1)), " is unknown"));
          }
          const bool is_need = problem_.quotas[quota->second].side == Side::kNeed;
          const IdMap& at = is_need ? need_at_ : mentor_at_;
          const auto member = at.find(row.Text(0));
          if (member == at.end()) {
            return row.Error(
                0, absl::StrCat(is_need ? "need " : "mentor ", Shown(row.Text(0)), " is unknown"));
          }
          int32_t& place = is_need ? problem_.needs[member->second].quota
                                   : problem_.mentors[member->second].quota;
          if (place >= 0) {
            return row.Error(0, absl::StrCat(Shown(row.Text(0)), " stands in a group already"));
          }
          place = quota->second;
          return absl::OkStatus();
        });
  }

  // Under coverage a group holds all needs of a beneficiary or none. Names the first member on
  // whose beneficiary that fails.
  absl::Status RefuseGroupsThatCrossBeneficiaries() const {
    if (source_.objective != Objective::kCoverage) return absl::OkStatus();
    absl::flat_hash_map<std::string, int32_t> quota_of;
    absl::flat_hash_set<std::string> crossed;  // Beneficiaries.
    for (const AssignmentNeed& need : problem_.needs) {
      const std::string& beneficiary = BeneficiaryOf(need);
      const int32_t first = quota_of.emplace(beneficiary, need.quota).first->second;
      if (first != need.quota) crossed.insert(beneficiary);
    }
    if (crossed.empty()) return absl::OkStatus();
    return ForEachRow(source_.groups, {{"member"}, {"group"}}, [&](const Row& row) {
      const auto need = need_at_.find(row.Text(0));
      if (need == need_at_.end()) return absl::OkStatus();
      const std::string& beneficiary = BeneficiaryOf(problem_.needs[need->second]);
      if (!crossed.contains(beneficiary)) return absl::OkStatus();
      return row.Error(0, absl::StrCat("the objective coverage needs every group to hold all needs "
                                       "of a beneficiary or none; those of ",
                                       Shown(beneficiary), " stand in different ones"));
    });
  }

  absl::Status ReadPairList(const std::string& path, std::vector<PairRef>* list) const {
    absl::flat_hash_map<uint64_t, int64_t> line_of;
    return ForEachRow(path, {{"need"}, {"mentor"}}, [&](const Row& row) -> absl::Status {
      const auto need = need_at_.find(row.Text(0));
      if (need == need_at_.end()) {
        return row.Error(0, absl::StrCat("need ", Shown(row.Text(0)), " is unknown"));
      }
      const auto mentor = mentor_at_.find(row.Text(1));
      if (mentor == mentor_at_.end()) {
        return row.Error(1, absl::StrCat("mentor ", Shown(row.Text(1)), " is unknown"));
      }
      const uint64_t key =
          static_cast<uint64_t>(need->second) << 32 | static_cast<uint32_t>(mentor->second);
      const auto [first, added] = line_of.emplace(key, row.line());
      if (!added) {
        return row.Error(0, absl::StrCat("the pair stands twice, first on line ", first->second));
      }
      list->push_back({need->second, mentor->second});
      return absl::OkStatus();
    });
  }

  const ProblemSource& source_;
  const ReadOptions& options_;
  AssignmentProblem problem_;
  // Under stable: requests that needs name, with the error of sharing one.
  absl::flat_hash_map<std::string, absl::Status> named_requests_;
  IdMap need_at_;
  IdMap mentor_at_;
  IdMap quota_at_;
};

}  // namespace

absl::StatusOr<AssignmentProblem> ReadProblem(const ProblemSource& source,
                                              const ReadOptions& options) {
  return ProblemReader(source, options).Read();
}

}  // namespace tandem::engine::files
