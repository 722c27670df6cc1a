// The roster and the needs in memory, as profiles and needs have told so far: what every decision
// reads. A view is one immutable state with the revisions that it shows; taking one is cheap, and
// nothing that comes in later changes it.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_LIVE_INDEX_H_
#define TANDEM_SERVICES_MATCHING_INDEX_LIVE_INDEX_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/index/kept_facts.h"
#include "services/matching/index/regions.h"
#include "services/matching/waiting/waiting_places.h"
#include "tandem/matching/v1/ranking.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/engagement_request_requests.pb.h"
#include "tandem/profiles/v1/mentor_requests.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"
#include "tandem/profiles/v1/organisation_requests.pb.h"

namespace tandem::matching {

// Resources by name, shared between states.
template <typename T>
using ResourceMap = std::map<std::string, std::shared_ptr<const T>, std::less<>>;

using OrganisationMap = ResourceMap<profiles::v1::Organisation>;
using RequestMap = ResourceMap<needs::v1::EngagementRequest>;

// One role of a request, with the request.
struct NeedRef {
  std::shared_ptr<const needs::v1::EngagementRequest> request;
  int role = 0;  // index in request->roles()
};

// One state of the index. Immutable; thread-safe.
class IndexView {
 public:
  const engine::RosterSnapshot& roster() const { return roster_; }
  const RequestMap& requests() const { return *requests_; }

  // "engagementRequests/ID/roles/ROLE", or the request's own name if it has one role only.
  // NOT_FOUND; INVALID_ARGUMENT, field "need", when the role must be named.
  absl::StatusOr<NeedRef> FindNeed(absl::string_view name) const;

  // The need as the engine reads it, without refusals.
  engine::NeedFacts Facts(const NeedRef& need) const;

  // The name of an organisation to show; its resource name while it is not known.
  std::string DisplayName(absl::string_view organisation) const;

  // Sets the revisions of profiles, organisations and needs.
  void SetSeen(v1::SeenRevisions* seen) const;

 private:
  friend class LiveIndex;

  engine::RosterSnapshot roster_;
  std::shared_ptr<const OrganisationMap> organisations_;
  std::shared_ptr<const RequestMap> requests_;
  std::shared_ptr<KeptFacts> facts_;
  int64_t organisations_revision_ = 0;
  int64_t requests_revision_ = 0;
  std::shared_ptr<const Regions> regions_;
};

// Thread-safe.
class LiveIndex {
 public:
  explicit LiveIndex(Regions regions);

  // Take in one step of following profiles or needs, in the order of the stream. INVALID_ARGUMENT
  // for a resource without a name.
  absl::Status Apply(const profiles::v1::WatchMentorsResponse& step);
  absl::Status Apply(const profiles::v1::WatchOrganisationsResponse& step);
  absl::Status Apply(const needs::v1::WatchEngagementRequestsResponse& step);

  // A snapshot of this source begins anew: until it is complete, states come without a revision of
  // their own, so there is no view that could name what it shows.
  enum class Source { kMentors, kOrganisations, kRequests };
  void BeginSnapshot(Source source);

  // `trouble` is asked, while snapshots are not complete, what the last attempt to read one ended
  // with; OK if none failed. It is called on any thread, and outlives the calls of View().
  void ExplainGapsBy(std::function<absl::Status()> trouble);

  // Until the snapshots of mentors, organisations and requests are complete: UNAVAILABLE, reason
  // INDEX_LOADING; or DATA_LOSS, reason STORE_DAMAGED, where they cannot be read.
  absl::StatusOr<IndexView> View() const;

  // Blocks until View() answers; false when `deadline` came first.
  bool WaitUntilReady(absl::Time deadline) const;

  // Blocks until the index has taken in at least `seen` of profiles, organisations and needs; false
  // when `deadline` came first.
  bool WaitFor(const v1::SeenRevisions& seen, absl::Time deadline) const;

  // Of calls that wait for the index, see await_seen.h.
  WaitingPlaces& waiting() const { return waiting_; }

  // Bytes that the roster of mentors holds.
  size_t RosterBytes() const { return roster_.MemoryBytes(); }

 private:
  bool Ready() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status WhyNotReady() const ABSL_LOCKS_EXCLUDED(mutex_);
  IndexView ViewLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  engine::Roster roster_;
  const std::shared_ptr<const Regions> regions_;
  mutable WaitingPlaces waiting_{{/*all=*/16, /*one_caller=*/8}};
  mutable absl::Mutex mutex_;
  std::function<absl::Status()> trouble_ ABSL_GUARDED_BY(mutex_);
  bool mentors_complete_ ABSL_GUARDED_BY(mutex_) = false;
  bool organisations_complete_ ABSL_GUARDED_BY(mutex_) = false;
  bool requests_complete_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const OrganisationMap> organisations_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const RequestMap> requests_ ABSL_GUARDED_BY(mutex_);
  // Of these two; a new one whenever one of them changes.
  std::shared_ptr<KeptFacts> facts_ ABSL_GUARDED_BY(mutex_);
  int64_t mentors_revision_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t organisations_revision_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t requests_revision_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_LIVE_INDEX_H_
