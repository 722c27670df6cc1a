#include "services/matching/runs/open_runs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace tandem::matching {

absl::StatusOr<std::shared_ptr<OpenRun>> OpenRuns::Open(const RunStore& runs,
                                                        const storage::Snapshot& snapshot,
                                                        const v1::CohortRun& run) {
  const std::string key = absl::StrCat(run.name(), "@", run.inputs().problem_digest(), "@",
                                       run.inputs().result_digest());
  if (std::shared_ptr<OpenRun> known = Find(key)) return known;
  // Two callers may do this at once: they do the same, and one of them is kept.
  auto opened = std::make_shared<OpenRun>();
  TANDEM_ASSIGN_OR_RETURN(opened->recorded, ReadRecordedRun(runs, snapshot, run));
  opened->recorded.problem_bytes = std::string();
  opened->recorded.result_json = std::string();
  if (opened->recorded.result.outcome != engine::Outcome::kInfeasible) {
    auto plan = engine::SolvedPlan::Of(opened->recorded.problem, opened->recorded.result);
    if (!plan.ok()) {
      return absl::DataLossError(
          absl::StrCat("the recorded plan of ", run.name(), ": ", plan.status().message()));
    }
    opened->plan = *std::move(plan);
  }
  Keep(key, opened);
  return opened;
}

std::shared_ptr<OpenRun> OpenRuns::Find(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->key != key) continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return entries_.front().run;
  }
  return nullptr;
}

void OpenRuns::Keep(const std::string& key, std::shared_ptr<OpenRun> run) {
  absl::MutexLock lock(&mutex_);
  entries_.remove_if([&key](const Entry& entry) { return entry.key == key; });
  entries_.push_front({key, std::move(run)});
  int kept = 0;
  int64_t pairs = 0;
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    pairs += static_cast<int64_t>(entry->run->recorded.problem.pairs.size());
    if (kept > 0 && (kept >= max_runs_ || pairs > max_pairs_)) {
      entries_.erase(entry, entries_.end());
      return;
    }
    ++kept;
  }
}

}  // namespace tandem::matching
