// Versions of policies in the store: written once, published once by an approver, never changed
// otherwise. Thread-safe.
//
// Four eyes: who wrote and who published a version are both recorded. The same person may do both
// unless the version's approval rules ask for two, and the change feed then says so with the reason
// code "PUBLISHED_BY_AUTHOR".
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_POLICY_STORE_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_POLICY_STORE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/call_context.h"
#include "services/common/reference_data.h"
#include "services/common/resource_store.h"
#include "storage/store.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

inline constexpr absl::string_view kPublishedByAuthor = "PUBLISHED_BY_AUTHOR";

class PolicyStore {
 public:
  // `resources` must outlive this. Codes in policies are those of `reference`.
  PolicyStore(common::ResourceStore* resources,
              std::shared_ptr<const common::ReferenceData> reference)
      : resources_(resources), reference_(std::move(reference)) {}

  // Writes the next version of the policy as a draft. INVALID_ARGUMENT naming every field.
  absl::StatusOr<v1::Policy> Create(const common::CallContext& call,
                                    const v1::CreatePolicyRequest& request);

  // Puts a draft in force from its effective date on. NOT_FOUND; FAILED_PRECONDITION, reason
  // POLICY_ALREADY_PUBLISHED, or FOUR_EYES where the policy asks for another person than its
  // author; ABORTED when the etag is not the current one.
  absl::StatusOr<v1::Policy> Publish(const common::CallContext& call,
                                     const v1::PublishPolicyRequest& request);

  absl::StatusOr<v1::ListPoliciesResponse> List(const common::CallContext& call,
                                                const v1::ListPoliciesRequest& request) const;

  // The policy that decides at `time`, as of `snapshot`: `name` is a version ("policies/P/versions/
  // N", a draft too), a policy ("policies/P": its version in force) or empty (the version in force
  // of all policies). NOT_FOUND; FAILED_PRECONDITION, reason NO_POLICY_IN_FORCE, where none is.
  absl::StatusOr<v1::Policy> Find(const storage::Snapshot& snapshot, absl::string_view name,
                                  absl::Time time) const;

 private:
  using Versions = std::shared_ptr<const std::vector<v1::Policy>>;

  // Every version of every policy, read once for each revision that decisions look at.
  absl::StatusOr<Versions> AllVersions(const storage::Snapshot& snapshot) const;
  absl::StatusOr<v1::Policy> ReadBack(const common::WriteOutcome& outcome) const;

  common::ResourceStore* const resources_;
  const std::shared_ptr<const common::ReferenceData> reference_;
  mutable absl::Mutex mutex_;
  mutable Versions kept_ ABSL_GUARDED_BY(mutex_);  // as of kept_revision_
  mutable storage::Revision kept_revision_ ABSL_GUARDED_BY(mutex_) = 0;
};

// FAILED_PRECONDITION, reason FOUR_EYES: two people are needed, and one tried to do both.
absl::Status FourEyes(absl::string_view message);

// The version in force at `time` among `versions`: the published one with the latest effective date
// that is not after the (UTC) day of `time`; of equal dates the one published last, whichever
// policy it is of, then the highest version, then the first policy by id. Without an effective date
// a version takes effect on the day of its publication. nullptr: none is.
const v1::Policy* InForce(const std::vector<v1::Policy>& versions, absl::Time time);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_POLICY_STORE_H_
