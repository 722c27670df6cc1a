#include "tools/cli/import/batches.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace tandem::cli {
namespace {

constexpr size_t kMaxRows = 1000;
constexpr size_t kMaxBytes = 2 << 20;
// Batches under way at once: while the server makes one durable it checks the next.
constexpr size_t kInFlight = 4;

}  // namespace

void BatchBuilder::Add(const google::protobuf::MessageLite& request, std::vector<int64_t> lines) {
  if (batches_.empty() || batches_.back().lines.size() >= kMaxRows ||
      batches_.back().bytes.size() >= kMaxBytes) {
    batches_.emplace_back();
  }
  // Serialized messages one after another are one message with all their repeated fields.
  request.AppendToString(&batches_.back().bytes);
  batches_.back().lines.push_back(std::move(lines));
  ++row_count_;
}

std::vector<grpc::Status> SendBatches(const std::vector<Batch>& batches,
                                      const std::function<grpc::Status(size_t batch)>& send,
                                      const std::function<bool(const grpc::Status&)>& go_on,
                                      const std::function<void(int64_t rows)>& done) {
  std::vector<grpc::Status> statuses(
      batches.size(), grpc::Status(grpc::StatusCode::CANCELLED, "an earlier batch failed"));
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  absl::Mutex mutex;
  int64_t rows = 0;  // Guarded by mutex.
  const auto work = [&] {
    while (!stop) {
      const size_t i = next++;
      if (i >= batches.size()) return;
      statuses[i] = send(i);
      if (!statuses[i].ok() && !go_on(statuses[i])) stop = true;
      absl::MutexLock lock(&mutex);
      rows += static_cast<int64_t>(batches[i].lines.size());
      done(rows);
    }
  };
  std::vector<std::thread> threads;
  const size_t count = std::min(kInFlight, batches.size());
  for (size_t i = 0; i < count; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return statuses;
}

}  // namespace tandem::cli
