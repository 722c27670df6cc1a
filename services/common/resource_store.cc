#include "services/common/resource_store.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/common/attempt_snapshot.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/common/token_sealer.h"

namespace tandem::common {
namespace {

constexpr char kDigestKeyKey[] = "meta/digest-key";
constexpr char kAnswerFormat[] = "1";
// Each lost attempt means that another writer's commit went through, so this many in a row mean
// far more contention on one resource than people and imports make.
constexpr int kMaxAttempts = 200;
// A write that lost so often waits a moment before each further attempt: on a busy machine those
// who commit quickly would have it lose for ever.
constexpr int kEagerAttempts = 20;
constexpr absl::Duration kPause = absl::Milliseconds(1);
constexpr int64_t kForgetEverySeconds = 3600;

// HMAC-SHA-256 in hexadecimal: without the key nobody can try out what a request may have said.
std::string KeyedDigest(const std::string& key, const std::string& digest) {
  return absl::BytesToHexString(HmacSha256(key, digest));
}

// A request_id belongs to its caller. Who has neither credentials nor a role is anybody: there it
// belongs to whoever sends the same request. `digest` is the request's, keyed.
std::string ScopedId(const CallContext& call, const std::string& digest) {
  const Principal& principal = call.principal();
  const bool anybody = principal.role == v1::ROLE_UNSPECIFIED && principal.credential.empty();
  const std::string whose = anybody ? absl::StrCat(principal.actor, "\n", digest) : principal.actor;
  return absl::StrCat(whose, "\n", call.request_id());
}

// `seen`: the revision that a write that changed nothing looked at; 0 if it changed something.
std::string EncodeAnswer(const WriteAnswer& answer, storage::Revision seen) {
  std::string text =
      absl::StrCat(kAnswerFormat, " ", answer.created, " ", answer.updated, " ", answer.unchanged);
  if (seen > 0) absl::StrAppend(&text, " ", seen);
  for (const std::string& name : answer.names) absl::StrAppend(&text, "\n", name);
  return text;
}

// The outcome that was kept; its revision is 0 unless the write changed nothing.
absl::StatusOr<WriteOutcome> DecodeAnswer(absl::string_view text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  const std::vector<std::string> counts = absl::StrSplit(lines[0], ' ');
  WriteOutcome outcome;
  WriteAnswer& answer = outcome.answer;
  if (counts.size() < 4 || counts.size() > 5 || counts[0] != kAnswerFormat ||
      !absl::SimpleAtoi(counts[1], &answer.created) ||
      !absl::SimpleAtoi(counts[2], &answer.updated) ||
      !absl::SimpleAtoi(counts[3], &answer.unchanged) ||
      (counts.size() == 5 && !absl::SimpleAtoi(counts[4], &outcome.revision))) {
    return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED",
                     "the kept answer of this request_id cannot be read: restore a backup");
  }
  answer.names.assign(std::make_move_iterator(lines.begin() + 1),
                      std::make_move_iterator(lines.end()));
  return outcome;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ResourceStore>> ResourceStore::Open(
    std::shared_ptr<storage::Store> store, ResourceStoreOptions options) {
  std::unique_ptr<ResourceStore> resources(new ResourceStore(std::move(store), std::move(options)));
  TANDEM_RETURN_IF_ERROR(FromStorage(resources->LoadKeys()));
  return resources;
}

absl::Status ResourceStore::LoadKeys() {
  if (options_.digest_key.empty()) {
    TANDEM_ASSIGN_OR_RETURN(options_.digest_key, LoadOrMakeKey(*store_, kDigestKeyKey));
  }
  page_tokens_ = std::make_unique<const PageTokens>(
      HmacSha256(options_.digest_key, "tandem page tokens"), options_.now);
  return absl::OkStatus();
}

absl::StatusOr<WriteOutcome> ResourceStore::Write(const CallContext& call, WriteMode mode,
                                                  Attempt attempt) {
  if (call.validate_only()) mode = WriteMode::kValidateOnly;
  if (mode == WriteMode::kCommit) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<WriteOutcome> kept, FindKept(call));
    if (kept.has_value()) return *std::move(kept);
  }
  std::string contended;
  for (int i = 0; i < kMaxAttempts; ++i) {
    TANDEM_RETURN_IF_ERROR(call.CheckAlive());
    if (i > kEagerAttempts) absl::SleepFor(kPause);
    TANDEM_ASSIGN_OR_RETURN(auto state, SnapshotAt(0));
    const AttemptSnapshot snapshot(std::move(state));
    ChangeSet changes;
    TANDEM_RETURN_IF_ERROR(FromStorage(attempt(snapshot, &changes)));
    WriteOutcome outcome{snapshot.revision(), false, changes.answer()};
    if (mode == WriteMode::kValidateOnly) return outcome;
    // What changes nothing is answered all the same, and its repetition must change nothing either.
    const storage::Revision seen = changes.empty() ? outcome.revision : 0;
    if (changes.empty() && call.request_id().empty()) return outcome;
    for (const auto& action : changes.before_commit_) {
      const absl::Status done = action();
      if (absl::IsResourceExhausted(done)) return FromStorage(done);  // a full disk, as below
      TANDEM_RETURN_IF_ERROR(done);
    }
    TANDEM_ASSIGN_OR_RETURN(storage::Commit commit, MakeCommit(call, seen, std::move(changes)));
    const absl::StatusOr<storage::Revision> revision = store_->Apply(std::move(commit));
    if (revision.ok()) {
      if (seen == 0) outcome.revision = *revision;
      ForgetHourly();
      return outcome;
    }
    const std::optional<storage::KeptAnswer> kept = storage::KeptAnswerOf(revision.status());
    if (kept.has_value()) return Replay(call, *kept);
    const std::optional<storage::Conflict> conflict = storage::ConflictOf(revision.status());
    if (!conflict.has_value()) return FromStorage(revision.status());
    contended = conflict->key;
  }
  // A key of the store may hold an external id: only the part before the last slash is told.
  return ConcurrentChange(contended.substr(0, contended.rfind('/')));
}

absl::StatusOr<std::unique_ptr<storage::Snapshot>> ResourceStore::SnapshotAt(
    storage::Revision revision) const {
  if (revision < 0) return InvalidField("revision", "must not be negative; 0 means now");
  auto snapshot = revision == 0 ? store_->Latest() : store_->At(revision);
  if (!snapshot.ok()) return FromStorage(snapshot.status());
  return snapshot;
}

absl::StatusOr<std::optional<WriteOutcome>> ResourceStore::FindKept(const CallContext& call) const {
  if (call.request_id().empty()) return std::optional<WriteOutcome>();
  const std::string digest = KeyedDigest(options_.digest_key, call.request_digest());
  auto kept = store_->FindAnswer(ScopedId(call, digest));
  if (!kept.ok()) return FromStorage(kept.status());
  if (!kept->has_value()) return std::optional<WriteOutcome>();
  TANDEM_ASSIGN_OR_RETURN(WriteOutcome outcome, Replay(call, **kept));
  return std::optional<WriteOutcome>(std::move(outcome));
}

absl::StatusOr<WriteOutcome> ResourceStore::Replay(const CallContext& call,
                                                   const storage::KeptAnswer& kept) const {
  if (kept.request_digest != KeyedDigest(options_.digest_key, call.request_digest())) {
    return RequestIdReused(call.request_id());
  }
  TANDEM_ASSIGN_OR_RETURN(WriteOutcome outcome, DecodeAnswer(kept.answer));
  if (outcome.revision == 0) outcome.revision = kept.revision;
  outcome.repeated = true;
  return outcome;
}

absl::StatusOr<storage::Commit> ResourceStore::MakeCommit(const CallContext& call,
                                                          storage::Revision seen,
                                                          ChangeSet changes) const {
  const std::string digest = KeyedDigest(options_.digest_key, call.request_digest());
  storage::Commit commit;
  if (!call.request_id().empty()) {
    commit.answer =
        storage::KeptAnswer{ScopedId(call, digest), digest, EncodeAnswer(changes.answer_, seen),
                            Now() + options_.answers_kept, 0};
  }
  commit.expectations = std::move(changes.expectations_);
  commit.mutations = std::move(changes.mutations_);
  if (changes.changes_.changes().empty()) return commit;
  // What is the same for all changes of a commit stands in the first one only.
  v1::Change* first = changes.changes_.mutable_changes(0);
  first->set_actor(call.principal().actor);
  first->set_role(call.principal().role);
  first->set_method(call.method());
  first->set_request_digest(digest);
  first->set_request_id(call.request_id());
  *first->mutable_commit_time() = ToTimestamp(Now());
  commit.feed_entries.push_back(changes.changes_.SerializeAsString());
  return commit;
}

void ResourceStore::ForgetHourly() {
  const int64_t now = absl::ToUnixSeconds(Now());
  int64_t last = forgot_at_.load();
  if (now - last < kForgetEverySeconds || !forgot_at_.compare_exchange_strong(last, now)) return;
  // The write is done and answered; a store in trouble shows in the next one.
  (void)store_->ForgetAnswers(Now());
}

absl::StatusOr<int64_t> ResourceStore::ForgetOldAnswers() {
  auto forgotten = store_->ForgetAnswers(Now());
  if (!forgotten.ok()) return FromStorage(forgotten.status());
  return forgotten;
}

}  // namespace tandem::common
