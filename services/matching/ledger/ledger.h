// What people have decided about matches, as decisions read it: which capacity approved matches
// have reserved, and which pairs were rejected. It is derived from the matches in the store and
// follows the store's own change feed, so it shows exactly one revision.
#ifndef TANDEM_SERVICES_MATCHING_LEDGER_LEDGER_H_
#define TANDEM_SERVICES_MATCHING_LEDGER_LEDGER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/common/resource_store.h"
#include "services/matching/capacity/places.h"
#include "services/matching/engine/facts.h"
#include "storage/store.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

// An approved match, as far as decisions need it.
struct ApprovedMatch {
  std::string name;  // "matches/ID"
  std::string need;  // "engagementRequests/ID/roles/ROLE"
  std::string mentor;
  int64_t score = 0;  // micro-points, as recorded when it was proposed
  MonthlyWork work;
};

// One state of the ledger. Immutable.
struct LedgerState {
  storage::Revision revision = 0;                 // of the matching store
  std::map<std::string, ApprovedMatch> approved;  // by name
  // Rejected pairs by need, then match: refusals to come back to.
  std::map<std::string, std::map<std::string, engine::EarlierRefusal>> refusals;

  // Everything that is reserved, as the engine reads it.
  engine::LoadFacts Load() const;
  // The work promised by each mentor with an approved match.
  std::map<std::string, std::vector<MonthlyWork>> PromisedWork() const;
  // The refusals of a need, in order.
  std::vector<engine::EarlierRefusal> RefusalsOf(absl::string_view need) const;
};

// Reads the months and hours that a match reserves. DATA_LOSS for months that are none.
absl::StatusOr<MonthlyWork> WorkOf(const v1::Match& match);

// The ledger as of one snapshot, read in full.
absl::StatusOr<LedgerState> ReadLedger(const storage::Snapshot& snapshot);

// The ledger at the head of the store. Thread-safe.
class Ledger {
 public:
  // `resources` must outlive the ledger.
  explicit Ledger(const common::ResourceStore* resources) : resources_(resources) {}

  // The state at the newest revision: everything committed before the call is in it.
  absl::StatusOr<std::shared_ptr<const LedgerState>> Current();

 private:
  absl::Status CatchUp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const common::ResourceStore* const resources_;
  absl::Mutex mutex_;
  std::shared_ptr<const LedgerState> state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_LEDGER_LEDGER_H_
