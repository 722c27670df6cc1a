// A service's store with what every write needs around it: one attempt after another until no
// other writer came in between, the answer kept for the request_id, and the feed entry that tells
// who changed what.
//
//   absl::StatusOr<WriteOutcome> outcome = resources->Write(
//       call, WriteMode::kCommit, [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
//         TANDEM_ASSIGN_OR_RETURN(Match match, matches.Read(snapshot, request.name()));
//         ...
//         return matches.StageUpdate(call, snapshot, options, before, &match, changes).status();
//       });
//
// Keys in the store: "NAME" of each resource ("mentors/..."), "ext/COLLECTION/KEY" of external ids,
// "meta/..." of this class. Services may add their own prefixes.
//
// Thread-safe.
#ifndef SERVICES_COMMON_RESOURCE_STORE_H_
#define SERVICES_COMMON_RESOURCE_STORE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/call_context.h"
#include "services/common/change_set.h"
#include "services/common/paging.h"
#include "services/common/resource_id.h"
#include "storage/store.h"

namespace tandem::common {

struct ResourceStoreOptions {
  std::string name;  // in changes: "profiles", "needs", "matching" or "access"
  // Key of the request digests (32 bytes). Empty: one is made at the first start and kept in the
  // store itself.
  std::string digest_key;
  IdGenerator new_id = RandomId;
  std::function<absl::Time()> now = absl::Now;
  // For how long a repeated request_id gets its first answer.
  absl::Duration answers_kept = absl::Hours(7 * 24);
};

enum class WriteMode {
  kCommit,
  kValidateOnly,  // everything but the commit; of a call that is validate_only, whatever is asked
                  // for
};

struct WriteOutcome {
  storage::Revision revision = 0;  // of the commit; of the state looked at if nothing changed
  bool repeated = false;           // a kept answer of an earlier call with the same request_id
  WriteAnswer answer;
};

class ResourceStore {
 public:
  // One attempt of a write: reads `snapshot`, stages what it wants. May run several times.
  using Attempt = absl::FunctionRef<absl::Status(const storage::Snapshot&, ChangeSet*)>;

  static absl::StatusOr<std::unique_ptr<ResourceStore>> Open(std::shared_ptr<storage::Store> store,
                                                             ResourceStoreOptions options);

  // Runs `attempt` on the newest state and commits what it staged; again if another writer came in
  // between. Nothing staged: nothing is committed but the answer of the request_id, if there is
  // one. Errors: those of `attempt`; ALREADY_EXISTS the request_id was used with another body;
  // ABORTED others kept interfering; CANCELLED, DEADLINE_EXCEEDED before a commit was tried;
  // storage errors as FromStorage() says.
  absl::StatusOr<WriteOutcome> Write(const CallContext& call, WriteMode mode, Attempt attempt);

  // The state now, or at `revision` when it is not 0. OUT_OF_RANGE with ErrorInfo.
  absl::StatusOr<std::unique_ptr<storage::Snapshot>> SnapshotAt(storage::Revision revision) const;

  // A new random id.
  std::string NewId() const { return options_.new_id(); }
  absl::Time Now() const { return options_.now(); }
  const std::string& name() const { return options_.name; }
  storage::Store& store() const { return *store_; }
  // Of the listings of this store.
  const PageTokens& page_tokens() const { return *page_tokens_; }

  // Forgets kept answers whose time is over. Write does so every hour. Returns how many.
  absl::StatusOr<int64_t> ForgetOldAnswers();

 private:
  ResourceStore(std::shared_ptr<storage::Store> store, ResourceStoreOptions options)
      : store_(std::move(store)),
        options_(std::move(options)),
        forgot_at_(absl::ToUnixSeconds(options_.now())) {}

  absl::Status LoadKeys();
  // The answer kept for the call, if any; RequestIdReused when it was for another body.
  absl::StatusOr<std::optional<WriteOutcome>> FindKept(const CallContext& call) const;
  absl::StatusOr<WriteOutcome> Replay(const CallContext& call,
                                      const storage::KeptAnswer& kept) const;
  void ForgetHourly();
  // `seen` as of EncodeAnswer.
  absl::StatusOr<storage::Commit> MakeCommit(const CallContext& call, storage::Revision seen,
                                             ChangeSet changes) const;

  const std::shared_ptr<storage::Store> store_;
  ResourceStoreOptions options_;
  std::unique_ptr<const PageTokens> page_tokens_;  // set by Open
  std::atomic<int64_t> forgot_at_;  // Unix seconds of the last ForgetHourly() that did so
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_STORE_H_
