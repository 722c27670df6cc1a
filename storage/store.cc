#include "storage/store.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace tandem::storage {

absl::StatusOr<Revision> Store::Apply(Commit commit) {
  // Shared with the callback: the waiting thread may return before Notify() has.
  struct Outcome {
    absl::Notification done;
    absl::StatusOr<Revision> revision = absl::UnknownError("the commit has not finished");
  };
  auto outcome = std::make_shared<Outcome>();
  ApplyAsync(std::move(commit), [outcome](absl::StatusOr<Revision> revision) {
    outcome->revision = std::move(revision);
    outcome->done.Notify();
  });
  outcome->done.WaitForNotification();
  return outcome->revision;
}

std::string EndOfPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace tandem::storage
