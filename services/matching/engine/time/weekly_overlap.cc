#include "services/matching/engine/time/weekly_overlap.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace tandem::engine {
namespace {

constexpr int kSecondsPerQuarter = 900;
constexpr int kMinutesPerDay = 1440;
constexpr int kQuartersPerDay = 96;
constexpr int kDaysPerWeek = 7;
constexpr int64_t kSecondsPerWeek = int64_t{kDaysPerWeek} * kSecondsPerDay;
constexpr int64_t kLargestOffset = kSecondsPerDay;  // Exclusive.
// The mentor's days on which a week of the counterparts can lie, from the week's first day.
constexpr int kFirstDayOfWeek = -2;
constexpr int kLastDayOfWeek = 8;
// Of weeks: before and after a change of offset, and the week of it.
constexpr size_t kUsualKinds = 3;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Calls `visit(begin, end, offset)` for the parts of [begin, end), in seconds UTC, that have one
// offset in `zone`, in rising order.
template <typename Visitor>
void ForEachOffset(const ZoneTransitions& zone, int64_t begin, int64_t end, Visitor visit) {
  auto next =
      std::upper_bound(zone.transitions.begin(), zone.transitions.end(), begin,
                       [](int64_t at, const ZoneTransition& change) { return at < change.at; });
  int32_t offset = next == zone.transitions.begin() ? zone.first_offset : std::prev(next)->offset;
  while (begin < end) {
    const int64_t stop = next == zone.transitions.end() ? end : std::min(end, next->at);
    if (begin < stop) visit(begin, stop, offset);
    begin = stop;
    if (next != zone.transitions.end()) offset = (next++)->offset;
  }
}

// The instants whose local reading lies in [from, to), in seconds since local 1970-01-01.
void AppendInstants(const ZoneTransitions& zone, int64_t from, int64_t to,
                    std::vector<EngagementWeeks::Instants>* out) {
  ForEachOffset(zone, from - kLargestOffset, to + kLargestOffset,
                [&](int64_t begin, int64_t end, int32_t offset) {
                  begin = std::max(begin, from - offset);
                  end = std::min(end, to - offset);
                  if (begin < end) out->push_back({begin, end});
                });
}

bool SameShape(const std::vector<EngagementWeeks::Instants>& week,
               const std::vector<EngagementWeeks::Instants>& next) {
  return std::equal(week.begin(), week.end(), next.begin(), next.end(),
                    [](const EngagementWeeks::Instants& a, const EngagementWeeks::Instants& b) {
                      return a.begin + kSecondsPerWeek == b.begin &&
                             a.end + kSecondsPerWeek == b.end;
                    });
}

// The value that at least `count` of `values` reach; 0 if there are fewer.
int ReachedBy(int count, std::vector<int> values) {
  if (count < 1 || count > static_cast<int>(values.size())) return 0;
  std::nth_element(values.begin(), values.begin() + (count - 1), values.end(), std::greater<int>());
  return values[count - 1];
}

bool IsDayOff(Day day, absl::Span<const DayRange> days_off) {
  for (const DayRange& range : days_off) {
    if (day < range.first) return false;
    if (day <= range.last) return true;
  }
  return false;
}

}  // namespace

WeeklySpans NormalSpans(absl::Span<const WeeklyWindow> windows) {
  std::vector<QuarterSpan> spans;
  for (const WeeklyWindow& window : windows) {
    const int start = std::max(window.start_minute, 0);
    const int end = std::min(window.end_minute, kMinutesPerDay);
    const int first = (start + 14) / 15;
    const int last = end < 0 ? 0 : end / 15;
    if (window.weekday < 1 || window.weekday > kDaysPerWeek || first >= last) continue;
    const int day = (window.weekday - 1) * kQuartersPerDay;
    spans.push_back({static_cast<uint16_t>(day + first), static_cast<uint16_t>(day + last)});
  }
  std::sort(spans.begin(), spans.end(),
            [](QuarterSpan a, QuarterSpan b) { return a.begin < b.begin; });
  WeeklySpans merged;
  for (const QuarterSpan& span : spans) {
    const bool same_day =
        !merged.empty() && merged.back().begin / kQuartersPerDay == span.begin / kQuartersPerDay;
    if (same_day && span.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, span.end);
    } else {
      merged.push_back(span);
    }
  }
  return merged;
}

EngagementWeeks::EngagementWeeks(const ZoneTransitions* zone, const WeeklySpans& windows,
                                 DayRange period)
    : first_day_(period.first) {
  const int days = period.last - period.first + 1;
  const int count = std::max(days / kDaysPerWeek, 1);
  weeks_.resize(count);
  repeats_.assign(count, false);
  if (zone == nullptr) return;
  for (int day = 0; day < std::min(days, count * kDaysPerWeek); ++day) {
    const int64_t midnight = int64_t{period.first + day} * kSecondsPerDay;
    const int weekday = WeekdayIndex(period.first + day);
    for (const QuarterSpan& span : windows) {
      if (span.begin / kQuartersPerDay != weekday) continue;
      const int64_t from = midnight + (span.begin - weekday * kQuartersPerDay) * kSecondsPerQuarter;
      const int64_t to = midnight + (span.end - weekday * kQuartersPerDay) * kSecondsPerQuarter;
      AppendInstants(*zone, from, to, &weeks_[day / kDaysPerWeek]);
    }
  }
  for (int i = 1; i < count; ++i) repeats_[i] = SameShape(weeks_[i - 1], weeks_[i]);
}

int EngagementWeeks::AssuredMinutes(int weeks) const {
  std::vector<int> minutes;
  for (const std::vector<Instants>& week : weeks_) {
    int64_t seconds = 0;
    for (const Instants& instants : week) seconds += instants.end - instants.begin;
    minutes.push_back(static_cast<int>(seconds / 60));
  }
  return ReachedBy(weeks, std::move(minutes));
}

ZoneOverlap::ZoneOverlap(const EngagementWeeks& weeks, const ZoneTransitions& zone)
    : first_day_(weeks.first_day()) {
  kinds_.reserve(kUsualKinds);
  kind_of_week_.reserve(static_cast<size_t>(weeks.count()));
  int64_t known_until = std::numeric_limits<int64_t>::min();  // No change of offset before it.
  for (int i = 0; i < weeks.count(); ++i) {
    const std::vector<EngagementWeeks::Instants>& week = weeks.week(i);
    if (i > 0 && weeks.RepeatsPrevious(i) && (week.empty() || week.back().end <= known_until)) {
      kind_of_week_.push_back(kind_of_week_.back());
      ++kinds_[kind_of_week_.back()].weeks;
      continue;
    }
    Kind kind;
    const int64_t first_midnight = int64_t{first_day_ + i * kDaysPerWeek} * kSecondsPerDay;
    for (const EngagementWeeks::Instants& instants : week) {
      ForEachOffset(zone, instants.begin, instants.end,
                    [&](int64_t begin, int64_t end, int32_t offset) {
                      // Split at the mentor's midnights.
                      begin += offset - first_midnight;
                      end += offset - first_midnight;
                      while (begin < end) {
                        const int64_t day = FloorDivide(begin, kSecondsPerDay);
                        const int64_t stop = std::min(end, (day + 1) * kSecondsPerDay);
                        kind.pieces.push_back({static_cast<int32_t>(day),
                                               static_cast<int32_t>(begin - day * kSecondsPerDay),
                                               static_cast<int32_t>(stop - day * kSecondsPerDay)});
                        begin = stop;
                      }
                    });
    }
    if (!week.empty()) {
      const auto next =
          std::upper_bound(zone.transitions.begin(), zone.transitions.end(), week.front().begin,
                           [](int64_t at, const ZoneTransition& change) { return at < change.at; });
      known_until = next == zone.transitions.end() ? std::numeric_limits<int64_t>::max() : next->at;
    }
    auto same = std::find_if(kinds_.begin(), kinds_.end(),
                             [&](const Kind& other) { return other.pieces == kind.pieces; });
    if (same == kinds_.end()) {
      SumUp(&kind);
      same = kinds_.insert(kinds_.end(), std::move(kind));
    }
    ++same->weeks;
    kind_of_week_.push_back(static_cast<uint16_t>(same - kinds_.begin()));
  }
}

void ZoneOverlap::SumUp(Kind* kind) const {
  std::array<int32_t, kQuartersPerWeek> seconds = {};
  for (const Piece& piece : kind->pieces) {
    const int day = WeekdayIndex(first_day_ + piece.day) * kQuartersPerDay;
    for (int32_t from = piece.from; from < piece.to;) {
      const int32_t quarter = from / kSecondsPerQuarter;
      const int32_t stop = std::min(piece.to, (quarter + 1) * kSecondsPerQuarter);
      seconds[day + quarter] += stop - from;
      from = stop;
    }
  }
  for (int i = 0; i < kQuartersPerWeek; ++i) {
    kind->seconds_before[i + 1] = kind->seconds_before[i] + seconds[i];
  }
  kind->day_of_weekday.fill(kNoDayOfWeek);
  for (const Piece& piece : kind->pieces) {
    int8_t& day = kind->day_of_weekday[WeekdayIndex(first_day_ + piece.day)];
    if (day == kNoDayOfWeek) day = static_cast<int8_t>(piece.day);
    kind->one_day_per_weekday = kind->one_day_per_weekday && day == piece.day;
  }
}

int32_t ZoneOverlap::SecondsOf(const Kind& kind, const WeeklySpans& windows) {
  int32_t seconds = 0;
  for (const QuarterSpan& window : windows) {
    seconds += kind.seconds_before[window.end] - kind.seconds_before[window.begin];
  }
  return seconds;
}

int32_t ZoneOverlap::SecondsOn(int weekday, const Kind& kind, const WeeklySpans& windows) {
  int32_t seconds = 0;
  for (const QuarterSpan& window : windows) {
    if (window.begin / kQuartersPerDay != weekday) continue;
    seconds += kind.seconds_before[window.end] - kind.seconds_before[window.begin];
  }
  return seconds;
}

int ZoneOverlap::MinutesOf(const Kind& kind, const WeeklySpans& windows) {
  return SecondsOf(kind, windows) / 60;
}

int ZoneOverlap::MinutesWithout(int week, const WeeklySpans& windows,
                                absl::Span<const DayRange> days_off) const {
  const Kind& kind = kinds_[kind_of_week_[week]];
  if (!kind.one_day_per_weekday) return MinutesByPiece(week, windows, days_off);
  int32_t seconds = SecondsOf(kind, windows);
  const Day first_day = first_day_ + week * kDaysPerWeek;
  for (const DayRange& range : days_off) {
    const Day last = std::min(range.last, first_day + kLastDayOfWeek);
    for (Day day = std::max(range.first, first_day + kFirstDayOfWeek); day <= last; ++day) {
      const int weekday = WeekdayIndex(day);
      if (kind.day_of_weekday[weekday] != day - first_day) continue;
      seconds -= SecondsOn(weekday, kind, windows);
    }
  }
  return seconds / 60;
}

int ZoneOverlap::MinutesByPiece(int week, const WeeklySpans& windows,
                                absl::Span<const DayRange> days_off) const {
  int32_t seconds = 0;
  const Day first_day = first_day_ + week * kDaysPerWeek;
  for (const Piece& piece : kinds_[kind_of_week_[week]].pieces) {
    if (IsDayOff(first_day + piece.day, days_off)) continue;
    const int midnight = WeekdayIndex(first_day + piece.day) * kQuartersPerDay;
    for (const QuarterSpan& window : windows) {
      const int from = std::max(piece.from, (window.begin - midnight) * kSecondsPerQuarter);
      const int to = std::min(piece.to, (window.end - midnight) * kSecondsPerQuarter);
      seconds += std::max(to - from, 0);
    }
  }
  return seconds / 60;
}

int ZoneOverlap::WeeksReached(const WeeklySpans& windows, int required_minutes) const {
  int weeks = 0;
  for (const Kind& kind : kinds_) {
    if (MinutesOf(kind, windows) >= required_minutes) weeks += kind.weeks;
  }
  return weeks;
}

int ZoneOverlap::AssuredMinutes(const WeeklySpans& windows, int weeks_asked) const {
  std::vector<int> minutes;
  for (const Kind& kind : kinds_) {
    minutes.insert(minutes.end(), kind.weeks, MinutesOf(kind, windows));
  }
  return ReachedBy(weeks_asked, std::move(minutes));
}

std::vector<int> ZoneOverlap::WeeklyMinutes(const WeeklySpans& windows,
                                            absl::Span<const DayRange> days_off) const {
  absl::InlinedVector<int, 8> of_kind;
  for (const Kind& kind : kinds_) of_kind.push_back(MinutesOf(kind, windows));
  std::vector<int> minutes;
  minutes.reserve(kind_of_week_.size());
  for (const uint16_t kind : kind_of_week_) minutes.push_back(of_kind[kind]);
  for (const DayRange& range : days_off) {
    const WeekRange weeks = WeeksTouchedBy(range);
    for (int week = weeks.begin; week < weeks.end; ++week) {
      minutes[week] = MinutesWithout(week, windows, days_off);
    }
  }
  return minutes;
}

bool ZoneOverlap::Reaches(const WeeklySpans& windows, absl::Span<const DayRange> days_off,
                          int required_minutes, int weeks_asked, int reached_without) const {
  int reached = reached_without;
  int next_week = 0;  // Weeks before it have been looked at.
  int left = 0;       // Weeks that days off may touch and that have not been looked at.
  for (const DayRange& range : days_off) {
    const WeekRange weeks = WeeksTouchedBy(range);
    left += std::max(weeks.end - weeks.begin, 0);
  }
  for (const DayRange& range : days_off) {
    if (reached < weeks_asked || reached - left >= weeks_asked) break;
    const WeekRange weeks = WeeksTouchedBy(range);
    for (int week = weeks.begin; week < weeks.end && reached >= weeks_asked; ++week, --left) {
      if (week < next_week) continue;  // The range before touched it too.
      next_week = week + 1;
      const bool reached_before =
          MinutesOf(kinds_[kind_of_week_[week]], windows) >= required_minutes;
      if (reached_before && MinutesWithout(week, windows, days_off) < required_minutes) --reached;
    }
  }
  return reached >= weeks_asked;
}

ZoneOverlap::WeekRange ZoneOverlap::WeeksTouchedBy(const DayRange& days) const {
  // The mentor's days of a week can lie up to two days off the counterparts'.
  const int64_t first = FloorDivide(int64_t{days.first} - first_day_ - 2, kDaysPerWeek);
  const int64_t last = FloorDivide(int64_t{days.last} - first_day_ + 2, kDaysPerWeek);
  const auto weeks = static_cast<int64_t>(kind_of_week_.size());
  return {static_cast<int>(std::clamp<int64_t>(first, 0, weeks)),
          static_cast<int>(std::clamp<int64_t>(last + 1, 0, weeks))};
}

}  // namespace tandem::engine
