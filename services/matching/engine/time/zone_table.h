// Time zones as recorded inputs of a decision: plain lists of offset changes, so that a decision
// replays identically whatever zone data a machine has by then. `zone_transitions.h` reads them.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TABLE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/state_number.h"

namespace tandem::engine {

struct ZoneTransition {
  int64_t at = 0;      // Seconds since 1970-01-01 UTC.
  int32_t offset = 0;  // Local time minus UTC in seconds, from `at` on.

  friend bool operator==(const ZoneTransition& a, const ZoneTransition& b) {
    return a.at == b.at && a.offset == b.offset;
  }
};

// The offsets of one IANA zone over a span of time. Any whole seconds are exact: neither offsets
// nor transitions need be multiples of 15 minutes.
struct ZoneTransitions {
  std::string zone;                         // For example "Africa/Casablanca".
  int64_t from = 0;                         // First second described, since 1970-01-01 UTC.
  int64_t until = 0;                        // First second no longer described.
  int32_t first_offset = 0;                 // At `from`, in seconds.
  std::vector<ZoneTransition> transitions;  // In rising order, within (from, until).

  // Local time minus UTC in seconds at an instant within the span.
  int32_t OffsetAt(int64_t instant) const;
};

// The zones that a decision may meet, by name. A zone that is missing is treated as unknown:
// whoever states it has no weekly overlap. Not thread-safe while zones are added; then immutable.
class ZoneTable {
 public:
  struct ByName {
    using is_transparent = void;
    bool operator()(absl::string_view a, absl::string_view b) const { return a < b; }
  };
  using Zones = std::map<std::string, ZoneTransitions, ByName>;

  ZoneTable() = default;
  explicit ZoneTable(std::string tzdata_version) : tzdata_version_(std::move(tzdata_version)) {}

  // Adds or replaces a zone. INVALID_ARGUMENT if the transitions are not in rising order within the
  // span, or an offset is not below 24 hours.
  absl::Status Add(ZoneTransitions zone);

  // nullptr if there is no such zone. The pointer lives until the zone is replaced or the table
  // ends.
  const ZoneTransitions* Find(absl::string_view zone) const;

  // Changes whenever a zone is added; tables with the same number have the same zones.
  uint64_t state() const { return state_; }
  const std::string& tzdata_version() const { return tzdata_version_; }
  // In order of the names: part of the recorded inputs.
  const Zones& zones() const { return zones_; }

 private:
  uint64_t state_ = NewStateNumber();
  std::string tzdata_version_;
  Zones zones_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TABLE_H_
