#include "storage/in_memory/in_memory_store.h"

#include <algorithm>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "storage/arguments.h"
#include "storage/commit_gate.h"
#include "storage/errors.h"
#include "storage/in_memory/ledger.h"
#include "storage/sequencer.h"

namespace tandem::storage {
namespace {

constexpr size_t kScanChunk = 256;

class InMemorySnapshot : public Snapshot {
 public:
  // Takes over the reader that `ledger` opened at `revision`.
  InMemorySnapshot(InMemoryLedger* ledger, Revision revision)
      : ledger_(ledger), revision_(revision) {}
  ~InMemorySnapshot() override { ledger_->CloseReader(revision_); }

  Revision revision() const override { return revision_; }

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) const override {
    return ledger_->Get(key, revision_);
  }

  absl::Status Scan(absl::string_view start, absl::string_view end,
                    absl::FunctionRef<bool(const Record&)> visit) const override {
    // In chunks, because `visit` must not run under the ledger's lock: it may read or write too.
    std::string from(start);
    for (;;) {
      const std::vector<Record> chunk = ledger_->Range(from, end, revision_, kScanChunk);
      for (const Record& record : chunk) {
        if (!visit(record)) return absl::OkStatus();
      }
      if (chunk.size() < kScanChunk) return absl::OkStatus();
      from = chunk.back().key + '\0';
    }
  }

  absl::StatusOr<std::vector<Version>> History(absl::string_view key, Revision newest,
                                               int limit) const override {
    TANDEM_RETURN_IF_ERROR(CheckHistoryArguments(limit));
    return ledger_->History(key, std::min(newest, revision_), limit);
  }

 private:
  InMemoryLedger* const ledger_;
  const Revision revision_;
};

class InMemoryStore : public Store {
 public:
  InMemoryStore() : gate_(0), sequencer_(&ledger_, &gate_) {}
  ~InMemoryStore() override { Shut(); }

  void ApplyAsync(Commit commit, Callback done) override {
    sequencer_.Submit(std::move(commit), std::move(done));
  }

  absl::StatusOr<std::unique_ptr<Snapshot>> Latest() const override { return Open(std::nullopt); }

  absl::StatusOr<std::unique_ptr<Snapshot>> At(Revision revision) const override {
    return Open(revision);
  }

  absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(
      absl::string_view request_id) const override {
    return ledger_.FindAnswer(request_id);
  }

  absl::StatusOr<int64_t> ForgetAnswers(absl::Time now) override {
    TANDEM_RETURN_IF_ERROR(Health());
    return ledger_.ForgetAnswers(now);
  }

  absl::StatusOr<FeedBatch> ReadFeed(Revision after, int max_commits,
                                     int64_t max_bytes) const override {
    TANDEM_RETURN_IF_ERROR(CheckFeedArguments(max_commits, max_bytes));
    return ledger_.ReadFeed(after, max_commits, max_bytes);
  }

  absl::Status WaitForCommit(Revision after, absl::Time deadline,
                             Cancellation* cancellation) const override {
    return gate_.Wait(after, deadline, cancellation);
  }

  RevisionRange Revisions() const override { return ledger_.Revisions(); }

  absl::Status Pin(Revision revision, absl::string_view owner) override {
    TANDEM_RETURN_IF_ERROR(Health());
    TANDEM_RETURN_IF_ERROR(CheckPinArguments(owner));
    return ledger_.Pin(revision, owner);
  }

  absl::Status Unpin(Revision revision, absl::string_view owner) override {
    TANDEM_RETURN_IF_ERROR(Health());
    ledger_.Unpin(revision, owner);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<PinnedRevision>> Pins() const override { return ledger_.Pins(); }

  absl::Status Trim(Revision oldest) override {
    TANDEM_RETURN_IF_ERROR(Health());
    return ledger_.Trim(oldest);
  }

  absl::Status Health() const override { return sequencer_.Health(); }

  absl::Status Close() override {
    Shut();
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::unique_ptr<Snapshot>> Open(std::optional<Revision> revision) const {
    TANDEM_ASSIGN_OR_RETURN(const Revision opened, ledger_.OpenReader(revision));
    return std::make_unique<InMemorySnapshot>(&ledger_, opened);
  }

  void Shut() {
    sequencer_.Stop(ClosedError());
    gate_.Close();
  }

  // Readers register themselves, which changes no data.
  mutable InMemoryLedger ledger_;
  mutable CommitGate gate_;
  Sequencer sequencer_;
};

}  // namespace

std::unique_ptr<Store> NewInMemoryStore() { return std::make_unique<InMemoryStore>(); }

}  // namespace tandem::storage
