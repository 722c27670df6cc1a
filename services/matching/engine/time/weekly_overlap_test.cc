#include "services/matching/engine/time/weekly_overlap.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/time/calendar.h"
#include "services/matching/engine/time/zone_table.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

using ::testing::ElementsAre;

Day On(int year, int month, int day) { return DayOf(absl::CivilDay(year, month, day)); }

struct Side {
  std::string zone;
  std::vector<WeeklyWindow> windows;
  std::vector<DayRange> days_off;
};

std::vector<WeeklyWindow> EveryDay(int start, int end, std::vector<int> weekdays) {
  std::vector<WeeklyWindow> windows;
  for (int weekday : weekdays) windows.push_back({weekday, start, end});
  return windows;
}

// The definition, minute by minute: an instant is common if both sides' local readings lie in a
// window, and the mentor's local day is no day off.
class Oracle {
 public:
  Oracle(const Side& counterpart, const Side& mentor) : counterpart_(counterpart), mentor_(mentor) {
    EXPECT_TRUE(absl::LoadTimeZone(counterpart.zone, &counterpart_zone_));
    EXPECT_TRUE(absl::LoadTimeZone(mentor.zone, &mentor_zone_));
  }

  std::vector<int> WeeklyMinutes(DayRange period) const {
    const int days = period.last - period.first + 1;
    std::vector<int> minutes(std::max(days / 7, 1), 0);
    const int64_t begin = int64_t{period.first - 2} * kSecondsPerDay;
    const int64_t end = int64_t{period.last + 3} * kSecondsPerDay;
    for (int64_t instant = begin; instant < end; instant += 60) {
      const absl::CivilMinute theirs(
          absl::ToCivilMinute(absl::FromUnixSeconds(instant), counterpart_zone_));
      const Day day = DayOf(absl::CivilDay(theirs));
      if (day < period.first || day > period.last) continue;
      const int week = (day - period.first) / 7;
      if (week >= static_cast<int>(minutes.size())) continue;
      if (!InWindow(counterpart_, theirs)) continue;
      const absl::CivilMinute mine(
          absl::ToCivilMinute(absl::FromUnixSeconds(instant), mentor_zone_));
      if (InWindow(mentor_, mine) && !IsOff(DayOf(absl::CivilDay(mine)))) ++minutes[week];
    }
    return minutes;
  }

 private:
  static bool InWindow(const Side& side, absl::CivilMinute at) {
    const int minute = at.hour() * 60 + at.minute();
    const int weekday = WeekdayIndex(DayOf(absl::CivilDay(at))) + 1;
    return std::any_of(side.windows.begin(), side.windows.end(), [&](const WeeklyWindow& window) {
      return window.weekday == weekday && window.start_minute <= minute &&
             minute < window.end_minute;
    });
  }

  bool IsOff(Day day) const {
    return std::any_of(
        mentor_.days_off.begin(), mentor_.days_off.end(),
        [day](const DayRange& range) { return range.first <= day && day <= range.last; });
  }

  const Side& counterpart_;
  const Side& mentor_;
  absl::TimeZone counterpart_zone_;
  absl::TimeZone mentor_zone_;
};

struct Computed {
  EngagementWeeks weeks;
  ZoneOverlap overlap;
  WeeklySpans windows;
  std::vector<int> minutes;
};

Computed Compute(const Side& counterpart, const Side& mentor, DayRange period) {
  const auto counterpart_zone = ReadZone(counterpart.zone, period);
  const auto mentor_zone = ReadZone(mentor.zone, period);
  if (!counterpart_zone.ok() || !mentor_zone.ok()) std::abort();
  const EngagementWeeks weeks(&*counterpart_zone, NormalSpans(counterpart.windows), period);
  const ZoneOverlap overlap(weeks, *mentor_zone);
  const WeeklySpans windows = NormalSpans(mentor.windows);
  return {weeks, overlap, windows, overlap.WeeklyMinutes(windows, mentor.days_off)};
}

std::vector<int> Minutes(const Side& counterpart, const Side& mentor, DayRange period) {
  const std::vector<int> minutes = Compute(counterpart, mentor, period).minutes;
  EXPECT_EQ(minutes, Oracle(counterpart, mentor).WeeklyMinutes(period));
  return minutes;
}

TEST(WeeklyOverlapTest, DaylightSavingMovesTheOverlap) {
  // Maseru is always UTC+2. Paris is UTC+1 in winter: 9 to 10 there is 10 to 11 in Maseru.
  const Side maseru = {"Africa/Maseru", EveryDay(540, 600, {1, 2, 3, 4, 5}), {}};
  const Side paris = {"Europe/Paris", EveryDay(540, 600, {1, 2, 3, 4, 5}), {}};
  EXPECT_THAT(Minutes(maseru, paris, {On(2026, 3, 16), On(2026, 4, 12)}),
              ElementsAre(0, 0, 300, 300));
}

TEST(WeeklyOverlapTest, TheSouthernHemisphereChangesTheOtherWay) {
  const Side maseru = {"Africa/Maseru", EveryDay(0, 1440, {1, 2, 3, 4, 5, 6, 7}), {}};
  const Side sydney = {"Australia/Sydney", EveryDay(540, 1020, {1, 2, 3, 4, 5}), {}};
  EXPECT_THAT(Minutes(maseru, sydney, {On(2026, 3, 30), On(2026, 4, 12)}),
              ElementsAre(5 * 480, 5 * 480));
}

TEST(WeeklyOverlapTest, MoroccoShiftsForRamadan) {
  const Side dakar = {"Africa/Dakar", EveryDay(540, 600, {1, 2, 3, 4, 5}), {}};
  const Side casablanca = {"Africa/Casablanca", EveryDay(540, 600, {1, 2, 3, 4, 5}), {}};
  const std::vector<int> minutes = Minutes(dakar, casablanca, {On(2026, 2, 2), On(2026, 4, 5)});
  EXPECT_EQ(minutes.front(), 0);
  EXPECT_EQ(*std::max_element(minutes.begin(), minutes.end()), 300);
  EXPECT_EQ(minutes.back(), 0);
}

TEST(WeeklyOverlapTest, TheDateLineMovesMondayToSunday) {
  const Side apia = {"Pacific/Apia", EveryDay(540, 720, {1}), {}};            // UTC+13.
  const Side pago_pago = {"Pacific/Pago_Pago", EveryDay(540, 720, {7}), {}};  // UTC-11.
  EXPECT_THAT(Minutes(apia, pago_pago, {On(2026, 6, 1), On(2026, 6, 14)}), ElementsAre(180, 180));
}

TEST(WeeklyOverlapTest, FridayAndSaturdayWeekendsFollowFromTheWindows) {
  const Side mogadishu = {"Africa/Mogadishu", EveryDay(480, 720, {7, 1, 2, 3, 4}), {}};
  const Side nairobi = {"Africa/Nairobi", EveryDay(480, 720, {1, 2, 3, 4, 5}), {}};
  EXPECT_THAT(Minutes(mogadishu, nairobi, {On(2026, 6, 1), On(2026, 6, 7)}), ElementsAre(4 * 240));
}

TEST(WeeklyOverlapTest, RepeatedAndSkippedHoursCountAsTheClockReads) {
  // Lord Howe Island changes by half an hour; Havana at midnight, so that a day begins at one.
  const Side everybody = {"Etc/UTC", EveryDay(0, 1440, {1, 2, 3, 4, 5, 6, 7}), {}};
  const Side lord_howe = {"Australia/Lord_Howe", EveryDay(0, 240, {7}), {}};
  Minutes(everybody, lord_howe, {On(2026, 3, 30), On(2026, 4, 12)});
  Minutes(everybody, lord_howe, {On(2026, 9, 28), On(2026, 10, 11)});
  const Side havana = {"America/Havana", EveryDay(0, 120, {6, 7}), {}};
  Minutes(everybody, havana, {On(2026, 10, 26), On(2026, 11, 8)});
  Minutes(havana, lord_howe, {On(2026, 3, 2), On(2026, 4, 26)});
}

TEST(WeeklyOverlapTest, ADayOffIsTheMentorsLocalDay) {
  const Side vientiane = {"Asia/Vientiane", EveryDay(480, 540, {1, 2, 3, 4, 5}), {}};
  // 8:00 on Tuesday in Vientiane is Monday evening in New York.
  const Side new_york = {"America/New_York",
                         EveryDay(0, 1440, {1, 2, 3, 4, 5, 6, 7}),
                         {{On(2026, 6, 1), On(2026, 6, 1)}}};
  EXPECT_THAT(Minutes(vientiane, new_york, {On(2026, 6, 1), On(2026, 6, 14)}),
              ElementsAre(240, 300));
}

TEST(WeeklyOverlapTest, OnlyWholeWeeksCountUnlessThereIsNone) {
  const Side side = {"Etc/UTC", EveryDay(480, 540, {1, 2, 3, 4, 5, 6, 7}), {}};
  EXPECT_THAT(Minutes(side, side, {On(2026, 6, 1), On(2026, 6, 20)}), ElementsAre(420, 420));
  EXPECT_THAT(Minutes(side, side, {On(2026, 6, 3), On(2026, 6, 9)}), ElementsAre(420));
  EXPECT_THAT(Minutes(side, side, {On(2026, 6, 3), On(2026, 6, 5)}), ElementsAre(180));
}

TEST(WeeklyOverlapTest, AnUnknownZoneOfTheCounterpartsGivesNothing) {
  const EngagementWeeks weeks(nullptr, NormalSpans(EveryDay(0, 1440, {1})), {0, 27});
  EXPECT_EQ(weeks.count(), 4);
  EXPECT_EQ(weeks.AssuredMinutes(1), 0);
}

TEST(WeeklyOverlapTest, WindowsAreMergedWithinADayAndShrunkToQuarterHours) {
  const WeeklySpans spans = NormalSpans(
      {{2, 600, 720}, {1, 480, 600}, {1, 595, 660}, {1, 1380, 1440}, {2, 0, 50}, {3, 61, 74}});
  EXPECT_THAT(spans, ElementsAre(QuarterSpan{32, 44}, QuarterSpan{92, 96}, QuarterSpan{96, 99},
                                 QuarterSpan{136, 144}));
}

// Random sides around the changes of 2026; set TANDEM_SEED to repeat a run.
class RandomSides {
 public:
  explicit RandomSides(uint64_t seed) : random_(seed) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }

  Side Next(DayRange period) {
    static constexpr const char* kZones[] = {
        "Africa/Casablanca", "Africa/Maseru",   "America/Havana", "America/Santiago",
        "Asia/Kathmandu",    "Asia/Tehran",     "Asia/Gaza",      "Australia/Lord_Howe",
        "Europe/Paris",      "Pacific/Chatham", "Pacific/Apia",   "Pacific/Pago_Pago",
        "America/New_York",  "Africa/Cairo",    "Etc/UTC",        "Pacific/Kiritimati"};
    Side side;
    side.zone = kZones[Below(std::size(kZones))];
    for (int i = Below(8); i >= 0; --i) {
      const int start = Below(96);
      side.windows.push_back({1 + Below(7), start * 15, (start + 1 + Below(96 - start)) * 15});
    }
    std::vector<DayRange> off;
    for (int i = Below(4); i > 0; --i) {
      const Day first = period.first - 3 + Below(period.last - period.first + 6);
      off.push_back({first, first + Below(5)});
    }
    std::sort(off.begin(), off.end(),
              [](const DayRange& a, const DayRange& b) { return a.first < b.first; });
    for (const DayRange& range : off) {
      if (side.days_off.empty() || range.first > side.days_off.back().last) {
        side.days_off.push_back(range);
      }
    }
    return side;
  }

 private:
  std::mt19937_64 random_;
};

TEST(WeeklyOverlapTest, AgreesWithEveryMinuteOfTheYear) {
  const char* given = std::getenv("TANDEM_SEED");
  const uint64_t seed = given == nullptr ? 20'260'301 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE("repeat with TANDEM_SEED=" + std::to_string(seed));
  RandomSides random(seed);
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE(round);
    const Day first = On(2026, 1, 1) + random.Below(365);
    const DayRange period = {first, first + random.Below(40)};
    Side counterpart = random.Next(period);
    counterpart.days_off.clear();
    const Side mentor = random.Next(period);
    const Computed computed = Compute(counterpart, mentor, period);
    const std::vector<int> expected = Oracle(counterpart, mentor).WeeklyMinutes(period);
    ASSERT_EQ(computed.minutes, expected) << counterpart.zone << " and " << mentor.zone;

    // The short cuts agree with the minutes of the weeks.
    const Side always = {mentor.zone, mentor.windows, {}};
    std::vector<int> without = Oracle(counterpart, always).WeeklyMinutes(period);
    const int required = 15 * random.Below(40);
    const int asked = 1 + random.Below(static_cast<int>(expected.size()));
    const auto reached = [required](const std::vector<int>& minutes) {
      return static_cast<int>(std::count_if(minutes.begin(), minutes.end(),
                                            [required](int m) { return m >= required; }));
    };
    const int weeks = computed.overlap.WeeksReached(computed.windows, required);
    EXPECT_EQ(weeks, reached(without));
    EXPECT_EQ(computed.overlap.Reaches(computed.windows, mentor.days_off, required, asked, weeks),
              reached(expected) >= asked);
    std::sort(without.begin(), without.end(), std::greater<int>());
    EXPECT_EQ(computed.overlap.AssuredMinutes(computed.windows, asked), without[asked - 1]);
  }
}

TEST(WeeklyOverlapTest, OffsetsNeedNotBeQuarterHours) {
  // A zone of 7 minutes: 9:00 to 10:00 there is 8:53 to 9:53 elsewhere.
  const DayRange period = {On(2026, 6, 1), On(2026, 6, 7)};
  ZoneTransitions utc = {"UTC", 0, int64_t{1} << 40, 0, {}};
  ZoneTransitions odd = {"Odd", 0, int64_t{1} << 40, 420, {}};
  const WeeklySpans nine_to_ten = NormalSpans(EveryDay(540, 600, {1}));
  const EngagementWeeks weeks(&utc, nine_to_ten, period);
  const ZoneOverlap overlap(weeks, odd);
  EXPECT_EQ(overlap.WeeksReached(nine_to_ten, 53), 1);
  EXPECT_EQ(overlap.WeeksReached(nine_to_ten, 54), 0);
  EXPECT_THAT(overlap.WeeklyMinutes(nine_to_ten, {}), ElementsAre(53));
}

}  // namespace
}  // namespace tandem::engine
