#include "storage/rocksdb/rocksdb_store.h"

#include <atomic>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/status_macros.h"
#include "storage/arguments.h"
#include "storage/commit_gate.h"
#include "storage/errors.h"
#include "storage/record_cache.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/feed.h"
#include "storage/rocksdb/format.h"
#include "storage/rocksdb/ledger.h"
#include "storage/rocksdb/snapshot.h"
#include "storage/rocksdb/trim.h"
#include "storage/sequencer.h"

namespace tandem::storage {
namespace {

// Where background errors are reported, which may begin before the sequencer exists.
class FailureReport {
 public:
  // From now on failures go to `sequencer`, an earlier one at once.
  void Attach(Sequencer* sequencer) {
    absl::MutexLock lock(&mutex_);
    sequencer_ = sequencer;
    if (!first_.ok()) sequencer_->Fail(first_);
  }
  void Detach() {
    absl::MutexLock lock(&mutex_);
    sequencer_ = nullptr;
  }
  void Report(const absl::Status& error) {
    absl::MutexLock lock(&mutex_);
    const absl::Status refusal = absl::UnavailableError(
        absl::StrCat("the store refuses writes since this error: ", error.message(),
                     "; nothing of this commit was written; solve its cause, then restart the "
                     "process"));
    if (first_.ok()) first_ = refusal;
    if (sequencer_ != nullptr) sequencer_->Fail(refusal);
  }

 private:
  absl::Mutex mutex_;
  Sequencer* sequencer_ ABSL_GUARDED_BY(mutex_) = nullptr;
  absl::Status first_ ABSL_GUARDED_BY(mutex_);
};

class RocksDbStore : public Store {
 public:
  RocksDbStore(std::unique_ptr<Database> database, std::shared_ptr<FailureReport> failures,
               size_t record_cache_bytes)
      : database_(std::move(database)),
        failures_(std::move(failures)),
        cache_(record_cache_bytes, database_->range_at_open().head),
        ledger_(database_.get(), &cache_,
                [report = failures_](absl::Status error) { report->Report(error); }),
        oldest_(database_->range_at_open().oldest),
        gate_(database_->range_at_open().head),
        sequencer_(&ledger_, &gate_) {
    failures_->Attach(&sequencer_);
  }

  ~RocksDbStore() override {
    Close().IgnoreError();  // everything acknowledged is durable already
    failures_->Detach();
  }

  void ApplyAsync(Commit commit, Callback done) override {
    sequencer_.Submit(std::move(commit), std::move(done));
  }

  absl::StatusOr<std::unique_ptr<Snapshot>> Latest() const override {
    // The newest revision is never trimmed, but it may be an older one by the time it is opened.
    absl::MutexLock lock(&keep_mutex_);
    const Revision head = gate_.head();
    std::shared_ptr<const SnapshotState> state = newest_state_.lock();
    if (state == nullptr || state->revision() != head) {
      state = std::make_shared<const SnapshotState>(database_.get(), &cache_, head);
      newest_state_ = state;
    }
    return std::make_unique<RocksDbSnapshot>(std::move(state));
  }

  absl::StatusOr<std::unique_ptr<Snapshot>> At(Revision revision) const override {
    absl::MutexLock lock(&keep_mutex_);
    TANDEM_RETURN_IF_ERROR(CheckReadable(revision));
    return std::make_unique<RocksDbSnapshot>(
        std::make_shared<const SnapshotState>(database_.get(), &cache_, revision));
  }

  absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(
      absl::string_view request_id) const override {
    return ReadAnswer(*database_, request_id);
  }

  absl::StatusOr<int64_t> ForgetAnswers(absl::Time now) override {
    TANDEM_RETURN_IF_ERROR(Health());
    absl::MutexLock lock(&maintenance_mutex_);
    return Reported(DeleteExpiredAnswers(database_.get(), now));
  }

  absl::StatusOr<FeedBatch> ReadFeed(Revision after, int max_commits,
                                     int64_t max_bytes) const override;

  absl::Status WaitForCommit(Revision after, absl::Time deadline,
                             Cancellation* cancellation) const override {
    return gate_.Wait(after, deadline, cancellation);
  }

  RevisionRange Revisions() const override { return {oldest_.load(), gate_.head()}; }

  absl::Status Pin(Revision revision, absl::string_view owner) override {
    TANDEM_RETURN_IF_ERROR(Health());
    TANDEM_RETURN_IF_ERROR(CheckPinArguments(owner));
    absl::MutexLock lock(&keep_mutex_);
    TANDEM_RETURN_IF_ERROR(CheckReadable(revision));
    return Reported(WritePin(database_.get(), revision, owner));
  }

  absl::Status Unpin(Revision revision, absl::string_view owner) override {
    TANDEM_RETURN_IF_ERROR(Health());
    absl::MutexLock lock(&keep_mutex_);
    return Reported(DeletePin(database_.get(), revision, owner));
  }

  absl::StatusOr<std::vector<PinnedRevision>> Pins() const override { return ReadPins(*database_); }

  absl::Status Trim(Revision oldest) override;

  absl::Status Health() const override { return sequencer_.Health(); }

  absl::Status Close() override;

 private:
  // OK, or OUT_OF_RANGE.
  absl::Status CheckReadable(Revision revision) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(keep_mutex_);

  // Passes the result of a write on; after an error the store refuses writes.
  absl::Status Reported(absl::Status written) const {
    if (!written.ok()) failures_->Report(written);
    return written;
  }
  absl::StatusOr<int64_t> Reported(absl::StatusOr<int64_t> written) const {
    if (!written.ok()) failures_->Report(written.status());
    return written;
  }

  const std::unique_ptr<Database> database_;
  const std::shared_ptr<FailureReport> failures_;
  mutable RecordCache cache_;
  RocksDbLedger ledger_;
  absl::Mutex maintenance_mutex_;  // one deletion of old data at a time; before keep_mutex_
  // What may be read: nobody opens or pins a revision while a trim decides what it keeps.
  mutable absl::Mutex keep_mutex_;
  std::atomic<Revision> oldest_;  // written under keep_mutex_
  // What the last snapshot of the newest revision reads, for as long as somebody holds one.
  mutable std::weak_ptr<const SnapshotState> newest_state_ ABSL_GUARDED_BY(keep_mutex_);
  mutable CommitGate gate_;
  absl::Mutex close_mutex_;
  bool closed_ ABSL_GUARDED_BY(close_mutex_) = false;
  Sequencer sequencer_;
};

absl::Status RocksDbStore::CheckReadable(Revision revision) const {
  const RevisionRange range = Revisions();
  if (revision >= range.oldest && revision <= range.head) return absl::OkStatus();
  if (revision < range.oldest) {
    TANDEM_ASSIGN_OR_RETURN(const bool pinned, IsPinned(*database_, revision));
    if (pinned) return absl::OkStatus();
  }
  return RevisionOutOfRangeError(revision, range);
}

absl::StatusOr<FeedBatch> RocksDbStore::ReadFeed(Revision after, int max_commits,
                                                 int64_t max_bytes) const {
  TANDEM_RETURN_IF_ERROR(CheckFeedArguments(max_commits, max_bytes));
  const RevisionRange range = Revisions();
  if (after < range.oldest || after > range.head) return FeedOutOfRangeError(after, range);
  absl::StatusOr<FeedBatch> batch =
      ReadFeedRecords(*database_, after, range.head, max_commits, max_bytes);
  // A trim that came in between looks like a gap.
  const RevisionRange now = Revisions();
  if (!batch.ok() && after < now.oldest) return FeedOutOfRangeError(after, now);
  return batch;
}

absl::Status RocksDbStore::Trim(Revision oldest) {
  TANDEM_RETURN_IF_ERROR(Health());
  absl::MutexLock maintenance_lock(&maintenance_mutex_);
  std::set<Revision> pinned;
  {
    absl::MutexLock lock(&keep_mutex_);
    const RevisionRange range = Revisions();
    if (oldest > range.head) return RevisionOutOfRangeError(oldest, range);
    if (oldest < range.oldest) return absl::OkStatus();
    // First it is durable that these are gone, then they go: so a crash in between shows nobody a
    // state with holes. The next trim finishes the work.
    TANDEM_RETURN_IF_ERROR(Reported(WriteOldest(database_.get(), oldest)));
    oldest_ = oldest;
    TANDEM_ASSIGN_OR_RETURN(const std::vector<PinnedRevision> pins, ReadPins(*database_));
    for (const PinnedRevision& pin : pins) pinned.insert(pin.revision);
  }
  return Reported(DropVersions(database_.get(), oldest, pinned));
}

absl::Status RocksDbStore::Close() {
  sequencer_.Stop(ClosedError());
  gate_.Close();
  absl::MutexLock lock(&close_mutex_);
  if (closed_) return absl::OkStatus();
  closed_ = true;
  return database_->RecordHead(gate_.head(), /*sync=*/true);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(std::string path,
                                                        const RocksDbOptions& options) {
  auto failures = std::make_shared<FailureReport>();
  TANDEM_ASSIGN_OR_RETURN(
      std::unique_ptr<Database> database,
      Database::Open(std::move(path), options,
                     [failures](const absl::Status& error) { failures->Report(error); }));
  return std::make_unique<RocksDbStore>(std::move(database), std::move(failures),
                                        options.record_cache_bytes);
}

}  // namespace tandem::storage
