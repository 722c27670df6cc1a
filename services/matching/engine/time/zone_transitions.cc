#include "services/matching/engine/time/zone_transitions.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace tandem::engine {
namespace {

// The compiled list of all rules, zones and links; its first line holds the version.
constexpr char kTzdataFile[] = "/usr/share/zoneinfo/tzdata.zi";

int32_t OffsetOf(absl::TimeZone zone, absl::Time time) { return zone.At(time).offset; }

}  // namespace

absl::StatusOr<ZoneTransitions> ReadZone(absl::string_view zone, DayRange days) {
  absl::TimeZone loaded;
  if (zone.empty() || !absl::LoadTimeZone(zone, &loaded)) {
    return absl::NotFoundError(absl::StrCat("The system's tzdata has no time zone \"", zone,
                                            "\"; use an IANA name such as Africa/Maseru."));
  }
  const absl::Time from = absl::FromUnixSeconds(int64_t{days.first - 2} * kSecondsPerDay);
  const absl::Time until = absl::FromUnixSeconds(int64_t{days.last + 3} * kSecondsPerDay);
  ZoneTransitions read;
  read.zone = std::string(zone);
  read.from = absl::ToUnixSeconds(from);
  read.until = absl::ToUnixSeconds(until);
  read.first_offset = OffsetOf(loaded, from);
  int32_t offset = read.first_offset;
  absl::Time at = from;
  absl::TimeZone::CivilTransition change;
  while (loaded.NextTransition(at, &change)) {
    // The instant of the change: both readings of the clock stand for it.
    at = loaded.At(change.to).trans;
    if (at >= until) break;
    const int32_t next = OffsetOf(loaded, at);
    if (next != offset) read.transitions.push_back({absl::ToUnixSeconds(at), next});
    offset = next;
  }
  return read;
}

std::string TzdataVersion() {
  std::ifstream file(kTzdataFile);
  std::string line;
  if (!std::getline(file, line)) return "unknown";
  absl::string_view version = line;
  return absl::ConsumePrefix(&version, "# version ") ? std::string(version) : "unknown";
}

absl::StatusOr<std::vector<std::string>> AllZoneNames() {
  std::ifstream file(kTzdataFile);
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    // "Z NAME ..." begins a zone, "L TARGET NAME" is a link.
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() >= 3 && words[0] == "Z") names.insert(words[1]);
    if (words.size() == 3 && words[0] == "L") names.insert(words[2]);
  }
  if (names.empty()) {
    return absl::NotFoundError(
        absl::StrCat("No time zones in ", kTzdataFile, "; install the package tzdata."));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::StatusOr<ZoneTable> ReadAllZones(DayRange days) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> names, AllZoneNames());
  ZoneTable table(TzdataVersion());
  for (const std::string& name : names) {
    absl::StatusOr<ZoneTransitions> zone = ReadZone(name, days);
    if (absl::IsNotFound(zone.status())) continue;  // Listed, but not installed.
    TANDEM_RETURN_IF_ERROR(zone.status());
    TANDEM_RETURN_IF_ERROR(table.Add(*std::move(zone)));
  }
  return table;
}

}  // namespace tandem::engine
