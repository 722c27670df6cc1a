// Who wrote, held against who was allowed to: every writing call of the fuzzer has an actor of its
// own, and the feeds of the stores name the actor of each change. A change whose actor's every call
// was refused is a fault, and so is one of a call that has no side effects. Background work (a
// cohort that is solved) is recorded under the actor that asked for it.
#ifndef TANDEM_TESTS_BOUNDARY_WRITE_LEDGER_H_
#define TANDEM_TESTS_BOUNDARY_WRITE_LEDGER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"

namespace tandem::tests {

class WriteLedger {
 public:
  // Starts at the heads of the stores: what was written until now is nobody's fault. Read() first.
  explicit WriteLedger(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {}

  // The outcome of a call of `actor` lets it write. Thread-safe.
  void Allow(const std::string& actor) ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the feeds from where it stopped. Returns a text per fault: a change by an actor without
  // leave, or more commits without a change than calls with leave, which may keep an answer alone.
  // Call it while no call runs.
  std::vector<std::string> Read() ABSL_LOCKS_EXCLUDED(mutex_);
  // Makes all that stands in the feeds so far nobody's fault.
  void Begin();

  int64_t changes() const { return changes_; }

 private:
  void ReadFeed(const std::string& service, std::vector<std::string>* faults)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<grpc::Channel> channel_;
  absl::Mutex mutex_;
  std::unordered_set<std::string> allowed_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> read_ ABSL_GUARDED_BY(mutex_);  // revision, by service
  int64_t changes_ = 0;
  // Commits that keep an answer alone, of calls that changed nothing.
  int64_t silent_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_BOUNDARY_WRITE_LEDGER_H_
