#include "services/matching/operations/runner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tandem::matching {

void OperationControl::Report(absl::string_view step, int percent) {
  absl::MutexLock lock(&mutex_);
  progress_.step = std::string(step);
  progress_.percent = std::max(progress_.percent, std::min(percent, 100));
}

OperationProgress OperationControl::Progress() const {
  absl::MutexLock lock(&mutex_);
  OperationProgress progress = progress_;
  progress.cancel_requested = Cancelled();
  return progress;
}

OperationRunner::OperationRunner(int max_running) : max_running_(std::max(1, max_running)) {}

OperationRunner::~OperationRunner() { Stop(); }

absl::Status OperationRunner::Start(const std::string& name, Work work) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return absl::UnavailableError("the service is stopping: send the call again");
  JoinEnded();
  if (running_.count(name) > 0) {
    return absl::AlreadyExistsError(absl::StrCat(name, " is under way already"));
  }
  if (static_cast<int>(running_.size()) >= max_running_) {
    return absl::ResourceExhaustedError(
        absl::StrCat(max_running_, " runs are under way, the most at once: ",
                     "wait until one has ended, then send the call again"));
  }
  auto running = std::make_shared<Running>();
  running_.emplace(name, running);
  running->thread = std::thread([this, running, work = std::move(work)] {
    work(running->control);
    absl::MutexLock end_lock(&mutex_);
    running->ended = true;
  });
  return absl::OkStatus();
}

std::optional<OperationProgress> OperationRunner::ProgressOf(absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  auto found = running_.find(std::string(name));
  if (found == running_.end() || found->second->ended) return std::nullopt;
  return found->second->control.Progress();
}

bool OperationRunner::Cancel(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  auto found = running_.find(std::string(name));
  if (found == running_.end() || found->second->ended) return false;
  found->second->control.Cancel();
  return true;
}

bool OperationRunner::WaitUntilEnded(absl::string_view name, absl::Time deadline) const {
  std::shared_ptr<Running> running;
  absl::MutexLock lock(&mutex_);
  auto found = running_.find(std::string(name));
  if (found == running_.end()) return true;
  running = found->second;
  return mutex_.AwaitWithDeadline(absl::Condition(&running->ended), deadline);
}

void OperationRunner::Stop() {
  std::vector<std::shared_ptr<Running>> to_join;
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    for (auto& [name, running] : running_) {
      running->control.Cancel();
      to_join.push_back(running);
    }
    running_.clear();
  }
  for (const std::shared_ptr<Running>& running : to_join) running->thread.join();
}

void OperationRunner::JoinEnded() {
  for (auto it = running_.begin(); it != running_.end();) {
    if (!it->second->ended) {
      ++it;
      continue;
    }
    it->second->thread.join();  // it holds no lock any more and returns at once
    it = running_.erase(it);
  }
}

}  // namespace tandem::matching
