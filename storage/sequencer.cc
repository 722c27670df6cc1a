#include "storage/sequencer.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/errors.h"

namespace tandem::storage {
namespace {

constexpr size_t kCachedKeysPerGeneration = 100000;
constexpr size_t kMaxGroupBytes = 8 * 1024 * 1024;
constexpr size_t kMaxGroupCommits = 1024;
// A group may wait for the writers that the last one released for this part of the last write's
// time: at first and at most a half, at least a 64th.
constexpr int kLeastDivisor = 2;
constexpr int kMostDivisor = 64;
constexpr absl::Duration kMaxPatience = absl::Milliseconds(5);

}  // namespace

struct Sequencer::Group {
  Revision head = 0;
  std::vector<NumberedCommit> accepted;
  std::vector<Store::Callback> accepted_done;
  std::vector<std::pair<absl::Status, Store::Callback>> rejected;
  // What the accepted commits change, over what the ledger holds.
  std::map<std::string, Revision> revisions;
  std::map<std::string, KeptAnswer> answers;
};

Sequencer::Sequencer(Ledger* ledger, CommitGate* gate)
    : ledger_(ledger),
      gate_(gate),
      cache_(kCachedKeysPerGeneration),
      last_write_(absl::ZeroDuration()),
      gather_divisor_(kLeastDivisor),
      thread_([this] { Run(); }) {}

Sequencer::~Sequencer() { Stop(ClosedError()); }

void Sequencer::Submit(Commit commit, Store::Callback done) {
  absl::Status refusal = ValidateCommit(commit);
  if (refusal.ok()) {
    absl::MutexLock lock(&mutex_);
    refusal = !failure_.ok() ? failure_ : stop_reason_;
    if (refusal.ok()) {
      queue_.push_back({std::move(commit), std::move(done)});
      return;
    }
  }
  done(std::move(refusal));
}

void Sequencer::Fail(absl::Status failure) {
  absl::MutexLock lock(&mutex_);
  if (failure_.ok()) failure_ = std::move(failure);
}

absl::Status Sequencer::Failure() const {
  absl::MutexLock lock(&mutex_);
  return failure_;
}

absl::Status Sequencer::Health() const {
  absl::MutexLock lock(&mutex_);
  return !failure_.ok() ? failure_ : stop_reason_;
}

void Sequencer::Stop(absl::Status reason) {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    stopping_ = true;
    stop_reason_ = std::move(reason);
  }
  thread_.join();
}

void Sequencer::Run() {
  for (;;) {
    std::vector<Waiting> waiting = TakeGroup();
    if (waiting.empty()) return;
    Process(std::move(waiting));
  }
}

bool Sequencer::EnoughWaiting() const { return stopping_ || queue_.size() >= wanted_; }

void Sequencer::GatherMore() {
  // The writers released by the last group usually come back soon: a group that waits for them is
  // about twice as large. Where they do not, the waits shrink. A lone writer never waits.
  const absl::Duration patience = std::min(last_write_ / gather_divisor_, kMaxPatience);
  const bool came_back =
      mutex_.AwaitWithTimeout(absl::Condition(this, &Sequencer::EnoughWaiting), patience);
  gather_divisor_ = came_back ? std::max(gather_divisor_ / 2, kLeastDivisor)
                              : std::min(gather_divisor_ * 2, kMostDivisor);
}

std::vector<Sequencer::Waiting> Sequencer::TakeGroup() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](Sequencer* self) ABSL_SHARED_LOCKS_REQUIRED(self->mutex_) {
        return self->stopping_ || !self->queue_.empty();
      },
      this));
  if (!EnoughWaiting()) GatherMore();
  std::vector<Waiting> group;
  size_t bytes = 0;
  while (!queue_.empty() && group.size() < kMaxGroupCommits && bytes < kMaxGroupBytes) {
    bytes += SizeOf(queue_.front().commit);
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Sequencer::Process(std::vector<Waiting> waiting) {
  const size_t taken = waiting.size();
  Group group;
  group.head = gate_->head();
  JudgeAll(std::move(waiting), &group);
  const absl::Status written = WriteAndPublish(group);
  {
    absl::MutexLock lock(&mutex_);
    wanted_ = std::min(taken + queue_.size(), kMaxGroupCommits);
  }
  Answer(written, &group);
}

void Sequencer::JudgeAll(std::vector<Waiting> waiting, Group* group) {
  const absl::Status failure = Failure();
  for (Waiting& one : waiting) {
    absl::Status status = failure.ok() ? Judge(one.commit, group) : failure;
    if (status.ok()) {
      Accept(std::move(one.commit), group);
      group->accepted_done.push_back(std::move(one.done));
    } else {
      group->rejected.emplace_back(std::move(status), std::move(one.done));
    }
  }
}

void Sequencer::Answer(const absl::Status& written, Group* group) {
  for (size_t i = 0; i < group->accepted.size(); ++i) {
    if (written.ok()) {
      group->accepted_done[i](group->accepted[i].revision);
    } else {
      group->accepted_done[i](written);
    }
  }
  // Some were rejected because of accepted ones, which perhaps never happened: ask again later.
  const absl::Status retry = absl::UnavailableError(
      "an earlier commit failed: nothing of this one was written; restart the process and retry");
  for (auto& [status, done] : group->rejected) done(written.ok() ? status : retry);
}

absl::Status Sequencer::Judge(const Commit& commit, Group* group) {
  if (commit.answer.has_value()) {
    const std::string& id = commit.answer->request_id;
    if (auto found = group->answers.find(id); found != group->answers.end()) {
      return AnswerKeptError(found->second);
    }
    absl::StatusOr<std::optional<KeptAnswer>> kept = ledger_->FindAnswer(id);
    if (!kept.ok()) return kept.status();
    if (kept->has_value()) return AnswerKeptError(**kept);
  }
  for (const Expectation& expectation : commit.expectations) {
    absl::StatusOr<Revision> actual = RevisionIn(*group, expectation.key);
    if (!actual.ok()) return actual.status();
    if (*actual != expectation.revision) {
      return ConflictError({expectation.key, expectation.revision, *actual});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Revision> Sequencer::RevisionIn(const Group& group, absl::string_view key) {
  if (auto found = group.revisions.find(std::string(key)); found != group.revisions.end()) {
    return found->second;
  }
  if (std::optional<Revision> cached = cache_.Find(key)) return *cached;
  absl::StatusOr<Revision> revision = ledger_->RevisionOf(key);
  if (revision.ok()) cache_.Put(key, *revision);
  return revision;
}

void Sequencer::Accept(Commit commit, Group* group) {
  const Revision revision = ++group->head;
  for (const Mutation& mutation : commit.mutations) {
    group->revisions[mutation.key] = mutation.value.has_value() ? revision : 0;
  }
  if (commit.answer.has_value()) {
    commit.answer->revision = revision;
    group->answers[commit.answer->request_id] = *commit.answer;
  }
  group->accepted.push_back({revision, std::move(commit)});
}

absl::Status Sequencer::WriteAndPublish(const Group& group) {
  if (group.accepted.empty()) return absl::OkStatus();
  const auto start = std::chrono::steady_clock::now();
  absl::Status written = ledger_->Write(group.accepted);
  last_write_ = absl::FromChrono(std::chrono::steady_clock::now() - start);
  if (!written.ok()) {
    Fail(absl::UnavailableError(absl::StrCat(
        "the store refuses writes since this error: ", written.message(),
        "; nothing of this commit was written; solve its cause, then restart the process")));
    return written;
  }
  for (const auto& [key, revision] : group.revisions) cache_.Put(key, revision);
  gate_->Publish(group.head);
  return absl::OkStatus();
}

}  // namespace tandem::storage
