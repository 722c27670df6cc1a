// How much time a mentor and the counterparts have for each other in the real weeks of an
// engagement.
//
// Both sides state weekly windows in their own zone. An instant is common if its local reading lies
// in a window on both sides and its local day (the mentor's) is no day off. Daylight saving, zones
// that change for Ramadan, repeated and skipped hours follow from that definition: nothing is
// assumed about offsets but that they are whole seconds.
//
// Weeks: week 1 begins on the first day of the period, by the counterparts' calendar, and each has
// seven days. Days left at the end that make no whole week are not counted; a period shorter than a
// week is one (short) week, of which the whole minutes are asked. Minutes are rounded down per
// week.
//
// How: for each week the counterparts' hours are laid out on the mentor's local week, as a running
// sum at every quarter hour. Since windows begin and end on quarter hours, a mentor's overlap is
// two look-ups per window. Weeks that look alike (all but those around a change of offset) share a
// sum.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_WEEKLY_OVERLAP_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_WEEKLY_OVERLAP_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "services/matching/engine/time/calendar.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

// A weekly window in quarter hours since Monday 00:00: [begin, end), 0 to 672, within one day.
struct QuarterSpan {
  uint16_t begin = 0;
  uint16_t end = 0;

  friend bool operator==(QuarterSpan a, QuarterSpan b) {
    return a.begin == b.begin && a.end == b.end;
  }
  template <typename H>
  friend H AbslHashValue(H h, QuarterSpan s) {
    return H::combine(std::move(h), s.begin, s.end);
  }
};

constexpr int kInlineSpans = 8;
using WeeklySpans = absl::InlinedVector<QuarterSpan, kInlineSpans>;

// Windows in rising order, overlapping ones merged, each within its day. Times that are no quarter
// hours shrink the window; windows that are empty or outside of a day are left out.
WeeklySpans NormalSpans(absl::Span<const WeeklyWindow> windows);

// The weeks of an engagement, with the instants at which the counterparts can meet. Immutable.
class EngagementWeeks {
 public:
  // A span of instants, [begin, end), in seconds since 1970-01-01 UTC.
  struct Instants {
    int64_t begin = 0;
    int64_t end = 0;
  };

  // `zone` is the counterparts'; nullptr (unknown): they can never meet. `period` must lie within
  // the span of `zone`, two days apart from its ends.
  EngagementWeeks(const ZoneTransitions* zone, const WeeklySpans& windows, DayRange period);

  int count() const { return static_cast<int>(weeks_.size()); }  // At least 1.
  Day first_day() const { return first_day_; }
  const std::vector<Instants>& week(int index) const { return weeks_[index]; }
  // The week looks like the one before it, seven days of 24 hours later.
  bool RepeatsPrevious(int index) const { return repeats_[index]; }
  // The minutes of the counterparts' windows that at least `weeks` weeks have.
  int AssuredMinutes(int weeks) const;

 private:
  Day first_day_;
  std::vector<std::vector<Instants>> weeks_;
  std::vector<bool> repeats_;
};

// The engagement's weeks as seen from one zone of mentors. Immutable.
class ZoneOverlap {
 public:
  // `zone` must cover the weeks; see EngagementWeeks. It is not kept.
  ZoneOverlap(const EngagementWeeks& weeks, const ZoneTransitions& zone);

  // The weeks that have at least the required minutes when no day is off.
  int WeeksReached(const WeeklySpans& windows, int required_minutes) const;

  // The common minutes that at least `weeks_asked` weeks have when no day is off.
  int AssuredMinutes(const WeeklySpans& windows, int weeks_asked) const;

  // Common minutes of each week. `days_off` merged and in rising order.
  std::vector<int> WeeklyMinutes(const WeeklySpans& windows,
                                 absl::Span<const DayRange> days_off) const;

  // Whether at least `weeks_asked` weeks have `required_minutes`, given that `reached_without`
  // of them do when no day is off (WeeksReached).
  bool Reaches(const WeeklySpans& windows, absl::Span<const DayRange> days_off,
               int required_minutes, int weeks_asked, int reached_without) const;

 private:
  // A span of the mentor's local time within one day that the counterparts have.
  struct Piece {
    int32_t day = 0;   // Since the first day of the week, in the mentor's calendar: -2 to 8.
    int32_t from = 0;  // Seconds after midnight.
    int32_t to = 0;

    friend bool operator==(const Piece& a, const Piece& b) {
      return a.day == b.day && a.from == b.from && a.to == b.to;
    }
  };
  // Weeks that look alike.
  struct Kind {
    std::vector<Piece> pieces;
    int weeks = 0;
    // Seconds of the pieces before each quarter hour of the local week that begins on Monday.
    std::array<int32_t, kQuartersPerWeek + 1> seconds_before = {};
    // By weekday, Monday 0: the `day` of its pieces, if they all have the same. It is not so where
    // both ends of the week lie on one weekday, as far-away zones see it.
    std::array<int8_t, 7> day_of_weekday = {};
    bool one_day_per_weekday = true;
  };
  static constexpr int8_t kNoDayOfWeek = 127;

  // Weeks by index, [begin, end).
  struct WeekRange {
    int begin = 0;
    int end = 0;
  };

  // The weeks that may have time on these days of the mentor.
  WeekRange WeeksTouchedBy(const DayRange& days) const;
  void SumUp(Kind* kind) const;
  static int32_t SecondsOf(const Kind& kind, const WeeklySpans& windows);
  static int32_t SecondsOn(int weekday, const Kind& kind, const WeeklySpans& windows);
  static int MinutesOf(const Kind& kind, const WeeklySpans& windows);
  int MinutesWithout(int week, const WeeklySpans& windows,
                     absl::Span<const DayRange> days_off) const;
  // The same, piece by piece, for weeks of any shape.
  int MinutesByPiece(int week, const WeeklySpans& windows,
                     absl::Span<const DayRange> days_off) const;

  Day first_day_;
  std::vector<Kind> kinds_;
  std::vector<uint16_t> kind_of_week_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_WEEKLY_OVERLAP_H_
