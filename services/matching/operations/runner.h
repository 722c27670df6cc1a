// Runs the long work behind operations: a bounded number at once, each on its own thread, with
// progress that can be read and a cancellation that can be asked for while it runs.
//
//   OperationRunner runner(2);
//   TANDEM_RETURN_IF_ERROR(runner.Start("operations/7", [&](OperationControl& control) {
//     control.Report("reading", 5);
//     if (control.Cancelled()) return;
//   }));
//
// It knows nothing about what is stored: the work itself records how it ended, before it returns.
// Thread-safe.
#ifndef TANDEM_SERVICES_MATCHING_OPERATIONS_RUNNER_H_
#define TANDEM_SERVICES_MATCHING_OPERATIONS_RUNNER_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tandem::matching {

// How far some work is.
struct OperationProgress {
  std::string step;
  int percent = 0;  // 0 to 100, never falling
  bool cancel_requested = false;
};

// What the work sees of its operation. Thread-safe.
class OperationControl {
 public:
  // Tells how far the work is; a smaller percentage than before keeps the one before.
  void Report(absl::string_view step, int percent);

  // True when somebody asked for the end, or the process is about to end.
  bool Cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }

  OperationProgress Progress() const;

 private:
  std::atomic<bool> cancelled_{false};
  mutable absl::Mutex mutex_;
  OperationProgress progress_ ABSL_GUARDED_BY(mutex_);
};

class OperationRunner {
 public:
  using Work = std::function<void(OperationControl&)>;

  // At most `max_running` at once, at least 1.
  explicit OperationRunner(int max_running);

  // Stop()s.
  ~OperationRunner();

  OperationRunner(const OperationRunner&) = delete;
  OperationRunner& operator=(const OperationRunner&) = delete;

  // Starts `work`. RESOURCE_EXHAUSTED when too many run already: retry when one has ended;
  // UNAVAILABLE after Stop(); ALREADY_EXISTS when one of this name runs.
  absl::Status Start(const std::string& name, Work work);

  // The progress of work that still runs, or std::nullopt.
  std::optional<OperationProgress> ProgressOf(absl::string_view name) const;

  // Asks work that runs to end soon; false when none of this name runs.
  bool Cancel(absl::string_view name);

  // Blocks until no work of this name runs (true) or the deadline has passed (false).
  bool WaitUntilEnded(absl::string_view name, absl::Time deadline) const;

  // Cancels everything, waits until it has ended, and refuses new work. Repeating it is fine.
  void Stop();

 private:
  struct Running {
    OperationControl control;
    std::thread thread;
    bool ended = false;
  };

  void JoinEnded() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int max_running_;
  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::shared_ptr<Running>, std::less<>> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_OPERATIONS_RUNNER_H_
