#include "services/matching/index/live_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/index/mentor_facts.h"
#include "services/matching/index/need_facts.h"

namespace tandem::matching {
namespace {

// The next state of a map: a copy with the new states in it. Views keep the map they have.
template <typename T, typename Resources>
absl::StatusOr<std::shared_ptr<const ResourceMap<T>>> WithStates(const ResourceMap<T>& current,
                                                                 const Resources& states) {
  auto next = std::make_shared<ResourceMap<T>>(current);
  for (const T& state : states) {
    if (state.name().empty()) return absl::InvalidArgumentError("a resource came without a name");
    (*next)[state.name()] = std::make_shared<const T>(state);
  }
  return std::shared_ptr<const ResourceMap<T>>(std::move(next));
}

constexpr absl::Duration kRetryWhileLoading = absl::Seconds(1);

}  // namespace

absl::StatusOr<NeedRef> IndexView::FindNeed(absl::string_view name) const {
  const absl::string_view request_name = RequestOfNeed(name);
  const auto found = requests_->find(std::string(request_name));
  if (found == requests_->end()) return common::NotFound(name);
  const needs::v1::EngagementRequest& request = *found->second;
  if (request_name == name) {
    // The needs service takes none without roles; whatever the feed says, nothing is read beyond.
    if (request.roles_size() == 0) return common::NotFound(name);
    if (request.roles_size() == 1) return NeedRef{found->second, 0};
    return common::InvalidField(
        "need", absl::StrCat("has ", request.roles_size(), " roles: name one, for example \"",
                             NeedName(request_name, request.roles(0).role_id()), "\""));
  }
  for (int i = 0; i < request.roles_size(); ++i) {
    if (NeedName(request_name, request.roles(i).role_id()) == name) {
      return NeedRef{found->second, i};
    }
  }
  return common::NotFound(name);
}

engine::NeedFacts IndexView::Facts(const NeedRef& need) const {
  return facts_->Of(need.request, need.role, [this, &need] {
    return ToNeedFacts(
        *need.request, need.request->roles(need.role),
        [this](absl::string_view name) -> const profiles::v1::Organisation* {
          const auto found = organisations_->find(std::string(name));
          return found == organisations_->end() ? nullptr : found->second.get();
        },
        [this](absl::string_view country) { return regions_->CountriesAround(country); });
  });
}

std::string IndexView::DisplayName(absl::string_view organisation) const {
  const auto found = organisations_->find(std::string(organisation));
  if (found == organisations_->end() || found->second->display_name().empty()) {
    return std::string(organisation);
  }
  return found->second->display_name();
}

void IndexView::SetSeen(v1::SeenRevisions* seen) const {
  seen->set_profiles(roster_.revision());
  seen->set_organisations(organisations_revision_);
  seen->set_needs(requests_revision_);
}

LiveIndex::LiveIndex(Regions regions)
    : regions_(std::make_shared<const Regions>(std::move(regions))),
      organisations_(std::make_shared<const OrganisationMap>()),
      requests_(std::make_shared<const RequestMap>()),
      facts_(std::make_shared<KeptFacts>()) {}

absl::Status LiveIndex::Apply(const profiles::v1::WatchMentorsResponse& step) {
  // Held for the whole step, so that no view shows half of it under the revision before.
  absl::MutexLock lock(&mutex_);
  for (const profiles::v1::Mentor& mentor : step.mentors()) {
    TANDEM_RETURN_IF_ERROR(roster_.Upsert(ToMentorFacts(mentor)).status());
  }
  if (step.revision() > 0) roster_.AdvanceTo(step.revision());
  mentors_revision_ = std::max(mentors_revision_, step.revision());
  mentors_complete_ = mentors_complete_ || step.snapshot_complete();
  return absl::OkStatus();
}

absl::Status LiveIndex::Apply(const profiles::v1::WatchOrganisationsResponse& step) {
  absl::MutexLock lock(&mutex_);
  if (step.organisations_size() > 0) {
    TANDEM_ASSIGN_OR_RETURN(organisations_, WithStates<profiles::v1::Organisation>(
                                                *organisations_, step.organisations()));
    facts_ = std::make_shared<KeptFacts>();
  }
  organisations_revision_ = std::max(organisations_revision_, step.revision());
  organisations_complete_ = organisations_complete_ || step.snapshot_complete();
  return absl::OkStatus();
}

absl::Status LiveIndex::Apply(const needs::v1::WatchEngagementRequestsResponse& step) {
  absl::MutexLock lock(&mutex_);
  if (step.engagement_requests_size() > 0) {
    TANDEM_ASSIGN_OR_RETURN(requests_, WithStates<needs::v1::EngagementRequest>(
                                           *requests_, step.engagement_requests()));
    facts_ = std::make_shared<KeptFacts>();
  }
  requests_revision_ = std::max(requests_revision_, step.revision());
  requests_complete_ = requests_complete_ || step.snapshot_complete();
  return absl::OkStatus();
}

void LiveIndex::BeginSnapshot(Source source) {
  absl::MutexLock lock(&mutex_);
  if (source == Source::kMentors) mentors_complete_ = false;
  if (source == Source::kOrganisations) organisations_complete_ = false;
  if (source == Source::kRequests) requests_complete_ = false;
}

void LiveIndex::ExplainGapsBy(std::function<absl::Status()> trouble) {
  absl::MutexLock lock(&mutex_);
  trouble_ = std::move(trouble);
}

absl::StatusOr<IndexView> LiveIndex::View() const {
  {
    absl::MutexLock lock(&mutex_);
    if (Ready()) return ViewLocked();
  }
  return WhyNotReady();
}

absl::Status LiveIndex::WhyNotReady() const {
  std::function<absl::Status()> ask;
  {
    absl::MutexLock lock(&mutex_);
    ask = trouble_;
  }
  const absl::Status trouble = ask ? ask() : absl::OkStatus();
  if (absl::IsDataLoss(trouble)) {
    return common::MakeError(
        absl::StatusCode::kDataLoss, "STORE_DAMAGED",
        absl::StrCat("matching cannot read the roster and the needs: ", trouble.message()));
  }
  return common::Unavailable(
      "INDEX_LOADING",
      absl::StrCat(
          "matching is still reading the roster and the needs: send the call again in a second",
          trouble.ok() ? "" : "; the last attempt ended with: ", trouble.message()),
      kRetryWhileLoading);
}

bool LiveIndex::WaitUntilReady(absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return Ready(); };
  return mutex_.AwaitWithDeadline(absl::Condition(&ready), deadline);
}

bool LiveIndex::WaitFor(const v1::SeenRevisions& seen, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto there = [this, &seen]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return Ready() && mentors_revision_ >= seen.profiles() &&
           organisations_revision_ >= seen.organisations() && requests_revision_ >= seen.needs();
  };
  return mutex_.AwaitWithDeadline(absl::Condition(&there), deadline);
}

bool LiveIndex::Ready() const {
  return mentors_complete_ && organisations_complete_ && requests_complete_;
}

IndexView LiveIndex::ViewLocked() const {
  IndexView view;
  view.roster_ = roster_.Snapshot();
  view.organisations_ = organisations_;
  view.requests_ = requests_;
  view.facts_ = facts_;
  view.organisations_revision_ = organisations_revision_;
  view.requests_revision_ = requests_revision_;
  view.regions_ = regions_;
  return view;
}

}  // namespace tandem::matching
