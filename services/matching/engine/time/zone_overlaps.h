// The weeks of an engagement as seen from each zone of the mentors, laid out when first asked for:
// most questions are about mentors of a few zones.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_OVERLAPS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_OVERLAPS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/call_once.h"
#include "services/matching/engine/time/weekly_overlap.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

// Thread-safe.
class ZoneOverlaps {
 public:
  // `zones` by number; nullptr: not known. They cover the weeks and outlive this, as `weeks` does.
  ZoneOverlaps(const EngagementWeeks& weeks, std::vector<const ZoneTransitions*> zones)
      : weeks_(weeks), zones_(std::move(zones)), laid_out_(zones_.size()) {}

  // nullptr: the zone is not known, there is no overlap.
  const ZoneOverlap* Of(uint32_t zone) const {
    if (zones_[zone] == nullptr) return nullptr;
    LaidOut& one = laid_out_[zone];
    absl::call_once(one.once, [this, zone, &one] {
      one.overlap = std::make_unique<const ZoneOverlap>(weeks_, *zones_[zone]);
    });
    return one.overlap.get();
  }

 private:
  struct LaidOut {
    absl::once_flag once;
    std::unique_ptr<const ZoneOverlap> overlap;
  };

  const EngagementWeeks& weeks_;
  const std::vector<const ZoneTransitions*> zones_;
  mutable std::vector<LaidOut> laid_out_;  // By number of the zone; never resized.
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_OVERLAPS_H_
