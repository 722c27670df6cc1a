#include "services/matching/engine/time/zone_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tandem::engine {
namespace {

bool IsOffset(int32_t seconds) { return seconds > -86'400 && seconds < 86'400; }

}  // namespace

int32_t ZoneTransitions::OffsetAt(int64_t instant) const {
  const auto after =
      std::upper_bound(transitions.begin(), transitions.end(), instant,
                       [](int64_t at, const ZoneTransition& change) { return at < change.at; });
  return after == transitions.begin() ? first_offset : std::prev(after)->offset;
}

absl::Status ZoneTable::Add(ZoneTransitions zone) {
  state_ = NewStateNumber();
  if (zone.zone.empty()) return absl::InvalidArgumentError("A time zone needs a name.");
  bool offsets_fine = IsOffset(zone.first_offset);
  bool order_fine = zone.from < zone.until;
  int64_t previous = zone.from;
  for (const ZoneTransition& change : zone.transitions) {
    offsets_fine = offsets_fine && IsOffset(change.offset);
    order_fine = order_fine && previous < change.at && change.at < zone.until;
    previous = change.at;
  }
  if (!offsets_fine) {
    return absl::InvalidArgumentError(
        absl::StrCat("Time zone ", zone.zone, ": every offset must be below 24 hours."));
  }
  if (!order_fine) {
    return absl::InvalidArgumentError(
        absl::StrCat("Time zone ", zone.zone,
                     ": the transitions must be in rising order between `from` and `until`."));
  }
  std::string name = zone.zone;
  zones_.insert_or_assign(std::move(name), std::move(zone));
  return absl::OkStatus();
}

const ZoneTransitions* ZoneTable::Find(absl::string_view zone) const {
  const auto found = zones_.find(zone);
  return found == zones_.end() ? nullptr : &found->second;
}

}  // namespace tandem::engine
