// The facts of needs, worked out when they are first asked for: rankings ask about the same needs
// again and again, and a need's facts change only with its request or an organisation.

#ifndef TANDEM_SERVICES_MATCHING_INDEX_KEPT_FACTS_H_
#define TANDEM_SERVICES_MATCHING_INDEX_KEPT_FACTS_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/facts.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::matching {

// For one state of requests and organisations. Thread-safe.
class KeptFacts {
 public:
  using Request = std::shared_ptr<const needs::v1::EngagementRequest>;

  // The facts of the role of this index; `make()` works them out.
  template <typename Make>
  engine::NeedFacts Of(const Request& request, int role, const Make& make) {
    const Key key = {request, role};
    {
      absl::ReaderMutexLock lock(&mutex_);
      const auto kept = facts_.find(key);
      if (kept != facts_.end()) return kept->second;
    }
    engine::NeedFacts facts = make();
    absl::MutexLock lock(&mutex_);
    if (facts_.size() < kMostNeeds) facts_.emplace(key, facts);
    return facts;
  }

 private:
  using Key = std::pair<Request, int>;
  // Some kilobytes each; the facts of others are worked out each time.
  static constexpr size_t kMostNeeds = 4096;

  absl::Mutex mutex_;
  absl::flat_hash_map<Key, engine::NeedFacts> facts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_KEPT_FACTS_H_
