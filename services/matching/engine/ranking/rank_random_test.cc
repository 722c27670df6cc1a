// Generated rosters against a model that reads the plain facts, one mentor at a time, without any
// of the roster's columns, signatures or precomputed overlaps. Set TANDEM_SEED to repeat a run.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

bool Has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool Covers(const std::string& asked, const std::string& has, char separator) {
  const std::string a = absl::AsciiStrToLower(asked);
  const std::string h = absl::AsciiStrToLower(has);
  return h == a || absl::StartsWith(h, a + separator);
}

// The policy in plain words, from plain facts.
struct Model {
  const NeedFacts& need;
  const PolicyFacts& policy;
  const ServicePolicyFacts& service;
  const LoadFacts& load;
  Day today;
  int64_t now;

  Day FirstDay() const { return std::max(need.period.first, today); }

  bool Speaks(const MentorFacts& m) const {
    if (need.languages.empty()) return true;
    for (const LanguageNeed& asked : need.languages) {
      for (const LanguageFact& has : m.languages) {
        if (Covers(asked.language, has.language, '-') && has.spoken >= asked.min_spoken &&
            has.written >= asked.min_written) {
          return true;
        }
      }
    }
    return false;
  }

  bool Capacity(const MentorFacts& m) const {
    for (Month month = MonthOf(FirstDay()); month <= MonthOf(need.period.last); ++month) {
      int engagements = 0;
      int hours = 0;
      for (const Commitment& c : load.commitments) {
        if (c.mentor != m.id || c.need == need.id) continue;
        if (c.first_month > month || c.last_month < month) continue;
        ++engagements;
        hours += c.hours_per_month;
      }
      if (engagements >= m.max_engagements || hours + need.hours_per_month > m.hours_per_month) {
        return false;
      }
    }
    return true;
  }

  bool Topics(const MentorFacts& m) const {
    return std::all_of(need.topics.begin(), need.topics.end(), [&m](const TopicNeed& asked) {
      return asked.min_level == 0 ||
             std::any_of(m.expertise.begin(), m.expertise.end(), [&](const ExpertiseFact& has) {
               return Covers(asked.topic, has.topic, '.') && has.level >= asked.min_level;
             });
    });
  }

  static bool Off(const MentorFacts& m, Day day) {
    return std::any_of(m.days_off.begin(), m.days_off.end(), [day](const DayRange& range) {
      return range.first <= day && day <= range.last;
    });
  }

  static bool InWindow(const std::vector<WeeklyWindow>& windows, absl::CivilMinute at) {
    const int minute = at.hour() * 60 + at.minute();
    const int weekday = WeekdayIndex(DayOf(absl::CivilDay(at))) + 1;
    return std::any_of(windows.begin(), windows.end(), [&](const WeeklyWindow& window) {
      return window.weekday == weekday && window.start_minute <= minute &&
             minute < window.end_minute;
    });
  }

  // In steps of a quarter hour: the zones of the population change on quarter hours.
  bool Overlap(const MentorFacts& m) const {
    const int required = need.min_weekly_overlap_minutes > 0 ? need.min_weekly_overlap_minutes
                                                             : service.min_weekly_overlap_minutes;
    if ((need.modalities & kRemote) == 0 || required == 0) return true;
    absl::TimeZone theirs, mine;
    if (!absl::LoadTimeZone(need.time_zone, &theirs)) return false;
    if (!absl::LoadTimeZone(m.time_zone, &mine)) return false;
    const int days = need.period.last - need.period.first + 1;
    std::vector<int> minutes(std::max(days / 7, 1), 0);
    for (int64_t at = int64_t{need.period.first - 2} * kSecondsPerDay;
         at < int64_t{need.period.last + 3} * kSecondsPerDay; at += 900) {
      const absl::CivilMinute local(absl::ToCivilMinute(absl::FromUnixSeconds(at), theirs));
      const Day day = DayOf(absl::CivilDay(local));
      const int week = (day - need.period.first) / 7;
      if (day < need.period.first || week >= static_cast<int>(minutes.size())) continue;
      if (day > need.period.last || !InWindow(need.weekly_windows, local)) continue;
      const absl::CivilMinute own(absl::ToCivilMinute(absl::FromUnixSeconds(at), mine));
      if (InWindow(m.weekly_windows, own) && !Off(m, DayOf(absl::CivilDay(own)))) {
        minutes[week] += 15;
      }
    }
    const auto reached = std::count_if(minutes.begin(), minutes.end(),
                                       [required](int of_week) { return of_week >= required; });
    const auto weeks = static_cast<int64_t>(minutes.size());
    return reached >=
           (need.min_overlap_weeks == 0 ? weeks : std::min<int64_t>(need.min_overlap_weeks, weeks));
  }

  bool Visit(const MentorFacts& m) const {
    if (!need.visit.has_value()) return true;
    const Day from = std::max(
        need.visit->earliest == kNoDay ? need.period.first : need.visit->earliest, FirstDay());
    const Day to = std::min(need.visit->latest == kNoDay ? need.period.last : need.visit->latest,
                            need.period.last);
    int run = 0;
    for (Day day = from; day <= to; ++day) {
      run = Off(m, day) ? 0 : run + 1;
      if (run >= need.visit->consecutive_days) return true;
    }
    return false;
  }

  bool FreeDay(const MentorFacts& m) const {
    for (Day day = FirstDay(); day <= need.period.last; ++day) {
      if (!Off(m, day)) return true;
    }
    return false;
  }

  bool Tied(const MentorFacts& m, bool same) const {
    for (const RelationFact& r : m.relations) {
      if (!Has(need.organisations, r.organisation)) continue;
      if (r.kind == RelationKind::kNomination) {
        if (same) return true;
        continue;
      }
      if (r.first != kNoDay && r.first > need.period.last) continue;
      const bool lasts = r.last == kNoDay || r.last >= FirstDay();
      const bool employed = lasts && r.kind == RelationKind::kEmployment;
      const bool conflict =
          lasts ? !employed : AddMonths(r.last, service.cooling_off_months) >= FirstDay();
      if (same ? employed : conflict) return true;
    }
    return false;
  }

  bool Screened(const MentorFacts& m) const {
    return !Has(policy.restricted_mentors, m.id) &&
           !Has(policy.restricted_countries, m.residence_country) &&
           std::none_of(
               m.nationalities.begin(), m.nationalities.end(),
               [this](const std::string& c) { return Has(policy.restricted_countries, c); });
  }

  bool Excluded(const MentorFacts& m) const {
    return Has(need.excluded_mentors, m.id) ||
           std::any_of(need.organisations.begin(), need.organisations.end(),
                       [&m](const std::string& o) { return Has(m.excluded_organisations, o); });
  }

  bool Refused(const MentorFacts& m) const {
    return std::any_of(need.refusals.begin(), need.refusals.end(), [&](const EarlierRefusal& r) {
      return r.mentor == m.id && (service.declined_for_months == 0 ||
                                  AddMonths(r.day, service.declined_for_months) > today);
    });
  }

  RuleSet Broken(const MentorFacts& m) const {
    RuleSet broken;
    broken.AddIf(!m.active, Rule::kInactive);
    broken.AddIf(m.vetting != Vetting::kVetted, Rule::kNotVetted);
    broken.AddIf(m.consent_given_on == kNoDay || m.consent_given_on > today ||
                     (m.consent_withdrawn_on != kNoDay && m.consent_withdrawn_on <= today),
                 Rule::kConsentMissing);
    broken.AddIf(m.last_confirmed == kNever ||
                     now - m.last_confirmed > int64_t{service.stale_after_days} * kSecondsPerDay,
                 Rule::kProfileStale);
    broken.AddIf(!Capacity(m), Rule::kNoCapacity);
    broken.AddIf(!Speaks(m) && !(need.interpreter_available && service.interpreter_allowed),
                 Rule::kLanguage);
    broken.AddIf(!Topics(m), Rule::kTopicLevel);
    const int common = m.modalities & need.modalities;
    broken.AddIf(need.visit.has_value() ? (common & kOnSite) == 0 : common == 0, Rule::kModality);
    broken.AddIf(!FreeDay(m), Rule::kDates);
    broken.AddIf(!Overlap(m), Rule::kWeeklyOverlap);
    broken.AddIf(!Visit(m), Rule::kConsecutiveDays);
    broken.AddIf(Tied(m, true), Rule::kSameOrganisation);
    broken.AddIf(Tied(m, false), Rule::kConflictOfInterest);
    broken.AddIf(m.coi_declared_on == kNoDay || m.coi_declared_on > today ||
                     (m.coi_expires_on != kNoDay && m.coi_expires_on < today),
                 Rule::kCoiDeclaration);
    broken.AddIf(!Screened(m), Rule::kScreening);
    broken.AddIf(Excluded(m), Rule::kExcludedByParty);
    broken.AddIf(Refused(m), Rule::kDeclinedBefore);
    return broken.Without(service.waived_rules);
  }
};

class RankRandomTest : public ::testing::TestWithParam<int> {
 protected:
  RankRandomTest() {
    const char* given = std::getenv("TANDEM_SEED");
    const uint64_t base = given == nullptr ? 1'000 : std::strtoull(given, nullptr, 10);
    seed_ = base + static_cast<uint64_t>(GetParam());
    PopulationOptions options;
    options.weeks = 6;
    options.organisations = 12;
    options.awkward_percent = 4;
    Population population(seed_, options);
    for (int i = 0; i < 250; ++i) mentors_.push_back(population.NextMentor());
    need_ = population.NextNeed();
    policy_ = population.NextPolicy();
    load_ = population.NextLoad(mentors_, 60);
    // Lists of ids that stand in the roster.
    need_.excluded_mentors = {mentors_[3].id, mentors_[50].id, "mentors/unknown"};
    need_.preferred_mentors = {mentors_[4].id, mentors_[51].id};
    need_.refusals = {{mentors_[5].id, PopulationToday() - 100}, {mentors_[6].id, 0}};
    policy_.restricted_mentors = {mentors_[7].id};
  }

  DecisionInputs Inputs(const Roster& roster, const ZoneTable& zones) const {
    DecisionInputs inputs;
    inputs.roster = roster.Snapshot();
    inputs.policy = &policy_;
    inputs.load = &load_;
    inputs.zones = &zones;
    inputs.decision_time =
        absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay + 40'000);
    return inputs;
  }

  ZoneTable Zones() const {
    ZoneTable zones("test");
    for (const std::string& name : PopulationZones()) {
      auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
      EXPECT_TRUE(zone.ok() && zones.Add(*std::move(zone)).ok()) << name;
    }
    return zones;
  }

  uint64_t seed_;
  std::vector<MentorFacts> mentors_;
  NeedFacts need_;
  PolicyFacts policy_;
  LoadFacts load_;
};

TEST_P(RankRandomTest, TheScanAgreesWithTheModelForEveryMentor) {
  SCOPED_TRACE(absl::StrCat("repeat with TANDEM_SEED=", seed_ - GetParam()));
  Roster roster;
  for (const MentorFacts& mentor : mentors_) ASSERT_TRUE(roster.Upsert(mentor).ok());
  const ZoneTable zones = Zones();
  const DecisionInputs inputs = Inputs(roster, zones);
  const Model model = {
      need_, policy_,           policy_.services[static_cast<int>(need_.service_type) - 1],
      load_, PopulationToday(), absl::ToUnixSeconds(inputs.decision_time)};
  std::vector<std::string> eligible;
  std::array<int64_t, kRuleCount> failed = {};
  std::array<std::set<std::string>, kRuleCount> sole;
  for (const MentorFacts& mentor : mentors_) {
    const RuleSet broken = model.Broken(mentor);
    const auto explained = Explain(need_, mentor.id, inputs);
    ASSERT_TRUE(explained.ok()) << explained.status();
    RuleSet found;
    for (const Verdict& verdict : explained->verdicts) found.AddIf(!verdict.passed, verdict.rule);
    ASSERT_EQ(found.rules(), broken.rules()) << mentor.id;
    EXPECT_EQ(explained->eligible, broken.empty());
    if (broken.empty()) eligible.push_back(mentor.id);
    for (Rule rule : broken.rules()) ++failed[IndexOf(rule)];
    if (broken.HasExactlyOne()) sole[IndexOf(broken.rules()[0])].insert(mentor.id);
  }
  std::sort(eligible.begin(), eligible.end());
  const auto found = EligibleMentors(need_, inputs);
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<std::string> found_ids;
  for (const EligibleMentor& mentor : found->mentors) found_ids.push_back(mentor.mentor);
  EXPECT_EQ(found_ids, eligible);
  for (int i = 0; i < kRuleCount; ++i) {
    const RuleCount& count = found->pool.rules[i];
    EXPECT_EQ(count.failed, failed[i]) << CodeOf(RuleAt(i));
    EXPECT_EQ(count.sole, static_cast<int64_t>(sole[i].size())) << CodeOf(RuleAt(i));
    EXPECT_EQ(count.sole_examples.size(), std::min<size_t>(sole[i].size(), 5));
    for (const std::string& id : count.sole_examples) EXPECT_EQ(sole[i].count(id), 1u);
  }
}

TEST_P(RankRandomTest, TheRankingIsTheSameInAnyOrderOfArrivalAndExact) {
  SCOPED_TRACE(absl::StrCat("repeat with TANDEM_SEED=", seed_ - GetParam()));
  // Rules out of the way, so that many are eligible.
  for (ServicePolicyFacts& service : policy_.services) {
    for (int i = 0; i < kRuleCount; ++i) {
      if (i % 3 != GetParam() % 3) service.waived_rules.Add(RuleAt(i));
    }
  }
  Roster roster;
  Roster reversed;
  for (const MentorFacts& mentor : mentors_) ASSERT_TRUE(roster.Upsert(mentor).ok());
  for (auto mentor = mentors_.rbegin(); mentor != mentors_.rend(); ++mentor) {
    ASSERT_TRUE(reversed.Upsert(*mentor).ok());
  }
  const ZoneTable zones = Zones();
  const auto one = Rank(need_, Inputs(roster, zones), 12);
  const auto other = Rank(need_, Inputs(reversed, zones), 12);
  const auto all = EligibleMentors(need_, Inputs(roster, zones));
  ASSERT_TRUE(one.ok() && other.ok() && all.ok());
  ASSERT_EQ(one->best.size(), std::min<size_t>(all->mentors.size(), 12));
  ASSERT_EQ(other->best.size(), one->best.size());
  std::multiset<int64_t, std::greater<int64_t>> totals;
  for (const EligibleMentor& mentor : all->mentors) totals.insert(mentor.score.total);
  auto expected = totals.begin();
  for (size_t i = 0; i < one->best.size(); ++i) {
    EXPECT_EQ(one->best[i].mentor, other->best[i].mentor);
    EXPECT_EQ(one->best[i].score.total, *expected++);
    EXPECT_EQ(one->best[i].near_tie_with_next, other->best[i].near_tie_with_next);
    const auto explained = Explain(need_, one->best[i].mentor, Inputs(reversed, zones));
    ASSERT_TRUE(explained.ok()) << explained.status();
    EXPECT_EQ(explained->rank, static_cast<int64_t>(i) + 1);
    EXPECT_EQ(explained->score.total, one->best[i].score.total);
  }
  for (int i = 0; i < kRuleCount; ++i) {
    EXPECT_EQ(one->pool.rules[i].sole_examples, other->pool.rules[i].sole_examples);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RankRandomTest, ::testing::Range(0, 24));

}  // namespace
}  // namespace tandem::engine
