#include "storage/arguments.h"

#include "absl/strings/str_cat.h"
#include "storage/store.h"

namespace tandem::storage {

absl::Status CheckHistoryArguments(int limit) {
  if (limit >= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("limit is ", limit, "; ask for at least 1"));
}

absl::Status CheckFeedArguments(int max_commits, int64_t max_bytes) {
  if (max_commits < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_commits is ", max_commits, "; ask for at least 1"));
  }
  if (max_bytes < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_bytes is ", max_bytes, "; ask for at least 1"));
  }
  return absl::OkStatus();
}

absl::Status CheckPinArguments(absl::string_view owner) {
  if (!owner.empty() && owner.size() <= kMaxKeyBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the owner of a pin has ", owner.size(),
                                                 " bytes; name it with 1 to ", kMaxKeyBytes));
}

}  // namespace tandem::storage
