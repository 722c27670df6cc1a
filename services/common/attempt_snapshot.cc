#include "services/common/attempt_snapshot.h"

#include "base/status_macros.h"

namespace tandem::common {

absl::StatusOr<std::optional<storage::Record>> AttemptSnapshot::Get(absl::string_view key) const {
  absl::MutexLock lock(&mutex_);
  if (const auto found = read_.find(key); found != read_.end()) return found->second;
  TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> record, snapshot_->Get(key));
  if (read_.size() == kRemembered) read_.clear();
  read_.emplace(key, record);
  return record;
}

}  // namespace tandem::common
