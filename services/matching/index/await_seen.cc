#include "services/matching/index/await_seen.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/waiting/waiting_places.h"

namespace tandem::matching {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr absl::Duration kStep = absl::Milliseconds(50);  // how long a call that ended goes on
constexpr absl::Duration kRetryAfter = absl::Milliseconds(200);
// The index is never so many commits behind once it is loaded: a revision beyond is none that a
// write answered, and waiting for it would only occupy a thread.
constexpr int64_t kFarAhead = 1'000'000;

void CheckRevision(absl::string_view field, int64_t wanted, int64_t seen,
                   common::FieldViolations* violations) {
  if (wanted < 0) {
    violations->Add(absl::StrCat("at_least.", field), "must not be negative");
  } else if (wanted - seen > kFarAhead) {
    violations->Add(absl::StrCat("at_least.", field),
                    "is far beyond the store's revisions: give the revision that a write answered");
  }
}

absl::Status IndexBehind() {
  return common::Unavailable(
      "INDEX_BEHIND",
      "matching has not taken in yet what at_least asks for: send the call again in a moment",
      kRetryAfter);
}

}  // namespace

absl::Status AwaitSeen(const LiveIndex& index, const v1::SeenRevisions& at_least,
                       const common::CallContext& call) {
  TANDEM_ASSIGN_OR_RETURN(const IndexView view, index.View());
  v1::SeenRevisions seen;
  view.SetSeen(&seen);
  common::FieldViolations violations;
  CheckRevision("profiles", at_least.profiles(), seen.profiles(), &violations);
  CheckRevision("needs", at_least.needs(), seen.needs(), &violations);
  CheckRevision("organisations", at_least.organisations(), seen.organisations(), &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());

  if (index.WaitFor(at_least, absl::InfinitePast())) return absl::OkStatus();
  const std::optional<WaitingPlaces::Place> place = index.waiting().Take(call.principal().actor);
  if (!place.has_value()) return IndexBehind();
  const absl::Time end = absl::Now() + kPatience;
  while (!index.WaitFor(at_least, std::min(end, absl::Now() + kStep))) {
    TANDEM_RETURN_IF_ERROR(call.CheckAlive());
    if (absl::Now() >= end) return IndexBehind();
  }
  return absl::OkStatus();
}

}  // namespace tandem::matching
