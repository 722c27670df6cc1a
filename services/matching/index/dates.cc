#include "services/matching/index/dates.h"

#include "absl/time/civil_time.h"

namespace tandem::matching {

engine::Day ToDay(const google::type::Date& date) {
  if (date.year() == 0) return engine::kNoDay;
  return engine::DayOf(absl::CivilDay(date.year(), date.month(), date.day()));
}

std::vector<engine::WeeklyWindow> ToWindows(
    const google::protobuf::RepeatedPtrField<common::v1::WeeklyWindow>& windows) {
  std::vector<engine::WeeklyWindow> result;
  result.reserve(windows.size());
  for (const common::v1::WeeklyWindow& window : windows) {
    result.push_back(
        {static_cast<int>(window.weekday()), window.start_minute(), window.end_minute()});
  }
  return result;
}

}  // namespace tandem::matching
