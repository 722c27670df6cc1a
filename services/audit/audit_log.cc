#include "services/audit/audit_log.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/timestamps.h"

namespace tandem::audit {
namespace {

using common::v1::Change;

constexpr absl::string_view kEntryPrefix = "entry/";
constexpr absl::string_view kCursorPrefix = "cursor/";
constexpr absl::string_view kHeadKey = "head";

absl::StatusOr<int64_t> ParseNumber(const storage::Record& record) {
  int64_t number = 0;
  if (absl::SimpleAtoi(record.value, &number) && number >= 0) return number;
  return absl::DataLossError(
      absl::StrCat("the audit log's record \"", record.key,
                   "\" is not understood; restore the log's folder from its backup"));
}

std::string Serialized(int64_t sequence, absl::Time record_time, const Change& change) {
  v1::AuditEntry entry;
  entry.set_name(absl::StrCat("auditEntries/", sequence));
  entry.set_sequence(sequence);
  *entry.mutable_record_time() = common::ToTimestamp(record_time);
  entry.set_outcome(v1::OUTCOME_COMMITTED);
  *entry.mutable_change() = change;
  return entry.SerializeAsString();
}

}  // namespace

std::string EntryKey(int64_t sequence) {
  return absl::StrFormat("%s%019d", kEntryPrefix, sequence);
}
std::string EntryKeysBegin() { return std::string(kEntryPrefix); }
std::string EntryKeysEnd() { return storage::EndOfPrefix(kEntryPrefix); }

absl::StatusOr<int64_t> LastSequence(const storage::Snapshot& snapshot) {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<storage::Record> head, snapshot.Get(kHeadKey));
  if (!head.has_value()) return 0;
  return ParseNumber(*head);
}

AuditLog::AuditLog(std::shared_ptr<storage::Store> store, std::function<absl::Time()> now)
    : store_(std::move(store)), now_(std::move(now)) {}

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(std::shared_ptr<storage::Store> store,
                                                         std::function<absl::Time()> now) {
  std::unique_ptr<AuditLog> log(new AuditLog(std::move(store), std::move(now)));
  TANDEM_RETURN_IF_ERROR(log->ReadState());
  log->writer_ = std::thread([raw = log.get()] { raw->Run(); });
  return log;
}

AuditLog::~AuditLog() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (writer_.joinable()) writer_.join();
}

absl::Status AuditLog::ReadState() {
  absl::MutexLock lock(&mutex_);
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Snapshot> snapshot, store_->Latest());
  TANDEM_ASSIGN_OR_RETURN(last_sequence_, LastSequence(*snapshot));
  absl::Status parsed;
  TANDEM_RETURN_IF_ERROR(snapshot->Scan(
      kCursorPrefix, storage::EndOfPrefix(kCursorPrefix),
      [&](const storage::Record& record) ABSL_NO_THREAD_SAFETY_ANALYSIS {
        const absl::StatusOr<int64_t> revision = ParseNumber(record);
        if (!revision.ok()) {
          parsed = revision.status();
          return false;
        }
        durable_[std::string(absl::StripPrefix(record.key, kCursorPrefix))] = *revision;
        return true;
      }));
  taken_ = durable_;
  return parsed;
}

absl::Status AuditLog::Enqueue(absl::string_view store_name,
                               const google::protobuf::RepeatedPtrField<Change>& changes,
                               int64_t revision) {
  absl::MutexLock lock(&mutex_);
  const auto room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return static_cast<int64_t>(waiting_.changes.size()) < kMaxWaitingChanges || !health_.ok() ||
           stopping_;
  };
  mutex_.Await(absl::Condition(&room));
  if (!health_.ok()) return health_;
  if (stopping_) return absl::UnavailableError("the audit log is closing");
  int64_t& taken = taken_[std::string(store_name)];
  if (revision <= taken) return absl::OkStatus();
  for (const Change& change : changes) {
    if (change.revision() > taken) waiting_.changes.push_back(change);
  }
  taken = revision;
  waiting_.revisions[std::string(store_name)] = revision;
  return absl::OkStatus();
}

int64_t AuditLog::DurableRevision(absl::string_view store_name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = durable_.find(std::string(store_name));
  return found == durable_.end() ? 0 : found->second;
}

int64_t AuditLog::last_sequence() const {
  absl::MutexLock lock(&mutex_);
  return last_sequence_;
}

absl::Status AuditLog::Health() const {
  absl::MutexLock lock(&mutex_);
  return health_;
}

void AuditLog::Run() {
  absl::Time gather_until = absl::InfinitePast();
  while (true) {
    Waiting waiting;
    {
      absl::MutexLock lock(&mutex_);
      const auto work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !waiting_.revisions.empty() || stopping_;
      };
      mutex_.Await(absl::Condition(&work));
      mutex_.AwaitWithDeadline(absl::Condition(&stopping_), gather_until);
      if (waiting_.revisions.empty()) return;
      std::swap(waiting, waiting_);
    }
    const absl::Status written = Write(waiting);
    gather_until = absl::Now() + kGatherTime;
    absl::MutexLock lock(&mutex_);
    if (!written.ok()) {
      health_ = absl::UnavailableError(
          absl::StrCat("the audit log cannot be written: ", written.message(),
                       "; mend that, then restart the process: it goes on where it stopped"));
      return;
    }
    last_sequence_ += static_cast<int64_t>(waiting.changes.size());
    for (const auto& [store_name, revision] : waiting.revisions) durable_[store_name] = revision;
  }
}

absl::Status AuditLog::Write(const Waiting& waiting) {
  const int64_t last = last_sequence();
  const absl::Time record_time = now_();
  storage::Commit commit;
  int64_t sequence = last;
  for (const Change& change : waiting.changes) {
    ++sequence;
    commit.mutations.push_back({EntryKey(sequence), Serialized(sequence, record_time, change)});
    // An entry is written once: whatever else happens, it is never written over.
    commit.expectations.push_back({EntryKey(sequence), 0});
  }
  if (sequence != last) commit.mutations.push_back({std::string(kHeadKey), absl::StrCat(sequence)});
  for (const auto& [store_name, revision] : waiting.revisions) {
    commit.mutations.push_back({absl::StrCat(kCursorPrefix, store_name), absl::StrCat(revision)});
  }
  return store_->Apply(std::move(commit)).status();
}

}  // namespace tandem::audit
