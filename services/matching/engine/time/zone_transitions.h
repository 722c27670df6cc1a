// Reads the offset changes of time zones from the system's tzdata, once, so that decisions take
// them as recorded inputs. Not part of a decision. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TRANSITIONS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TRANSITIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/time/calendar.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

// The offsets of `zone` from the start of `days.first` - 2 to the end of `days.last` + 2 (UTC), so
// that every local day of the range is described. NOT_FOUND if tzdata has no such zone.
absl::StatusOr<ZoneTransitions> ReadZone(absl::string_view zone, DayRange days);

// The version of the system's tzdata, for example "2024b"; "unknown" if it does not say.
std::string TzdataVersion();

// All IANA names that the system's tzdata knows, links included, sorted. NOT_FOUND if it lists
// none.
absl::StatusOr<std::vector<std::string>> AllZoneNames();

// Every zone of the system's tzdata over `days`, with the version. Takes some 20 ms for 30 years.
absl::StatusOr<ZoneTable> ReadAllZones(DayRange days);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_ZONE_TRANSITIONS_H_
