#include "tools/benchmarks/store_writes.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "storage/open.h"
#include "storage/store.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {
namespace {

storage::Commit UpdateCommit(int thread, int64_t number, int64_t value_bytes) {
  storage::Commit commit;
  commit.mutations.push_back({absl::StrFormat("mentors/%02d", thread),
                              std::string(static_cast<size_t>(value_bytes), 'v')});
  commit.feed_entries = {absl::StrFormat("mentors/%02d changed", thread)};
  commit.answer.emplace();
  commit.answer->request_id = absl::StrCat("update-", thread, "-", number);
  commit.answer->expires_at = absl::Now() + absl::Hours(24);
  return commit;
}

}  // namespace

absl::StatusOr<double> StoreCommitsPerSecond(const std::string& path, int threads,
                                             int64_t value_bytes, absl::Duration duration) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> store,
                          storage::Open(absl::StrCat("rocksdb:", path)));
  std::atomic<int64_t> committed = 0;
  std::atomic<bool> failed = false;
  const absl::Time start = absl::Now();
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      for (int64_t i = 0; absl::Now() - start < duration; ++i) {
        if (!store->Apply(UpdateCommit(t, i, value_bytes)).ok()) {
          failed = true;
          return;
        }
        ++committed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const double rate = static_cast<double>(committed) / SecondsSince(start);
  TANDEM_RETURN_IF_ERROR(store->Close());
  std::filesystem::remove_all(path);
  if (failed) return absl::InternalError("a commit failed");
  return rate;
}

}  // namespace tandem::benchmarks
