// Runs that people ask about, kept ready: a run's record is read, checked and indexed once, and
// then each question about it takes milliseconds.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_OPEN_RUNS_H_
#define TANDEM_SERVICES_MATCHING_RUNS_OPEN_RUNS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/assignment/why_not.h"
#include "services/matching/runs/replay.h"
#include "services/matching/runs/run_store.h"
#include "storage/store.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

// A run with its plan ready for questions. Thread-safe.
struct OpenRun {
  RecordedRun recorded;                      // without its bytes
  std::unique_ptr<engine::SolvedPlan> plan;  // null for a run without a plan
};

// The runs that were asked about last. Thread-safe.
class OpenRuns {
 public:
  // Keeps at most `max_runs` runs with at most `max_pairs` eligible pairs in all, but always the
  // last one. A pair takes about 250 bytes.
  OpenRuns(int max_runs, int64_t max_pairs) : max_runs_(max_runs), max_pairs_(max_pairs) {}

  // Errors: those of ReadRecordedRun; DATA_LOSS for a plan that its own prices do not prove.
  absl::StatusOr<std::shared_ptr<OpenRun>> Open(const RunStore& runs,
                                                const storage::Snapshot& snapshot,
                                                const v1::CohortRun& run);

 private:
  struct Entry {
    std::string key;  // the run and the digests of its problem and result
    std::shared_ptr<OpenRun> run;
  };

  std::shared_ptr<OpenRun> Find(const std::string& key);
  void Keep(const std::string& key, std::shared_ptr<OpenRun> run);

  const int max_runs_;
  const int64_t max_pairs_;
  absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the last one asked about first
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_OPEN_RUNS_H_
