// What one attempt of a write reads: a snapshot that remembers what was read last, since what a
// handler reads to change it is read again when the change is staged.
#ifndef SERVICES_COMMON_ATTEMPT_SNAPSHOT_H_
#define SERVICES_COMMON_ATTEMPT_SNAPSHOT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "storage/store.h"

namespace tandem::common {

// Thread-safe.
class AttemptSnapshot final : public storage::Snapshot {
 public:
  // How many records are remembered: those of one resource and what belongs to it. A batch reads
  // each of its resources to the end before the next.
  static constexpr size_t kRemembered = 16;

  explicit AttemptSnapshot(std::unique_ptr<storage::Snapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  storage::Revision revision() const override { return snapshot_->revision(); }
  absl::StatusOr<std::optional<storage::Record>> Get(absl::string_view key) const override;
  absl::Status Scan(absl::string_view start, absl::string_view end,
                    absl::FunctionRef<bool(const storage::Record&)> visit) const override {
    return snapshot_->Scan(start, end, visit);
  }
  absl::StatusOr<std::vector<storage::Version>> History(absl::string_view key,
                                                        storage::Revision newest,
                                                        int limit) const override {
    return snapshot_->History(key, newest, limit);
  }

 private:
  const std::unique_ptr<storage::Snapshot> snapshot_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<std::string, std::optional<storage::Record>> read_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_ATTEMPT_SNAPSHOT_H_
