#include "tools/benchmarks/closed_loop.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {

absl::StatusOr<double> CallsPerSecond(int clients, absl::Duration duration,
                                      const std::function<absl::Status(int client)>& call) {
  std::atomic<int64_t> answered = 0;
  std::atomic<bool> failed = false;
  absl::Mutex mutex;
  absl::Status first_error;
  const absl::Time start = absl::Now();
  std::vector<std::thread> threads;
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      while (!failed && absl::Now() - start < duration) {
        const absl::Status status = call(client);
        if (status.ok()) {
          ++answered;
          continue;
        }
        const absl::MutexLock lock(&mutex);
        first_error.Update(status);
        failed = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!first_error.ok()) return first_error;
  return static_cast<double>(answered) / SecondsSince(start);
}

}  // namespace tandem::benchmarks
