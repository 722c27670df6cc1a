// Checks of arguments that both backends share: INVALID_ARGUMENT says what is allowed.
#ifndef STORAGE_ARGUMENTS_H_
#define STORAGE_ARGUMENTS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tandem::storage {

absl::Status CheckHistoryArguments(int limit);
absl::Status CheckFeedArguments(int max_commits, int64_t max_bytes);
absl::Status CheckPinArguments(absl::string_view owner);

}  // namespace tandem::storage

#endif  // STORAGE_ARGUMENTS_H_
