#include "services/common/validation.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

// True when `check` finds nothing wrong.
bool Fine(const std::function<void(FieldViolations*)>& check) {
  FieldViolations violations;
  check(&violations);
  for (const FieldViolation& violation : violations.violations()) {
    EXPECT_EQ(violation.field, "f");
    EXPECT_FALSE(violation.description.empty());
  }
  return violations.empty();
}

// Expects `check` to accept all of `good` and none of `bad`.
void ExpectTable(const std::function<void(const std::string&, FieldViolations*)>& check,
                 const std::vector<std::string>& good, const std::vector<std::string>& bad) {
  for (const std::string& text : good) {
    EXPECT_TRUE(Fine([&](FieldViolations* v) { check(text, v); })) << text;
  }
  for (const std::string& text : bad) {
    EXPECT_FALSE(Fine([&](FieldViolations* v) { check(text, v); })) << text;
  }
}

TEST(ValidationTest, DisplayNames) {
  ExpectTable([](const std::string& text,
                 FieldViolations* v) { CheckDisplayName(text, 20, Presence::kRequired, "f", v); },
              {"Ada", "Đặng Thị", "አበበ በቀለ", "محمد", "O'Neill-Smith", std::string(20, 'x')},
              {"", std::string(21, 'x'), " Ada", "Ada ", "A\nB", "A\tB",
               "A\x01"
               "B",
               "A\xE2\x80\xAE"
               "B",
               "A\xE2\x80\x8B"
               "B",
               "A\xEF\xBB\xBF",
               "A\xFF"
               "B",
               "A\xED\xA0\x80", "A\xEE\x80\x80", "A\xE3\x85\xA4",
               "A\xE2\x81\xA6"
               "B",
               std::string("A\0B", 3), std::string(5 << 20, 'x')});
  EXPECT_TRUE(
      Fine([](FieldViolations* v) { CheckDisplayName("", 20, Presence::kOptional, "f", v); }));
}

TEST(ValidationTest, FreeTexts) {
  ExpectTable([](const std::string& text, FieldViolations* v) { CheckFreeText(text, 10, "f", v); },
              {"", "two\nlines", "a\tb\r\n"},
              {"eleven char", "A\xE2\x80\xAE", "A\x1B", "\xC0\x80"});
}

TEST(ValidationTest, Ids) {
  ExpectTable([](const std::string& text,
                 FieldViolations* v) { CheckExternalId(text, Presence::kRequired, "f", v); },
              {"a", "A.b_c:d@e/f-1", std::string(128, 'x')},
              {"", "a b", "é", std::string(129, 'x'), "a\n"});
  ExpectTable([](const std::string& text, FieldViolations* v) { CheckLocalId(text, "f", v); },
              {"a", "Item-1", std::string(63, 'x')}, {"", "a.b", "a/b", std::string(64, 'x')});
  ExpectTable([](const std::string& text,
                 FieldViolations* v) { CheckReasonCode(text, Presence::kRequired, "f", v); },
              {"LEFT_PROGRAMME", "A", "A1"}, {"", "left", "1A", "A-B", std::string(64, 'A')});
  ExpectTable(
      [](const std::string& text, FieldViolations* v) {
        CheckResourceName(text, "mentors", Presence::kRequired, "f", v);
      },
      {"mentors/a", "mentors/A-1"},
      {"", "mentors", "mentors/", "mentors/a/b", "mentorsx/a", "organisations/a", "mentors/a b"});
}

TEST(ValidationTest, Contacts) {
  ExpectTable([](const std::string& text, FieldViolations* v) { CheckEmail(text, "f", v); },
              {"", "a@example.org", "a.b+c@mail.example.org"},
              {"a", "@example.org", "a@b", "a@@example.org", "a b@example.org", "a@.org", "a@org.",
               "a@ex\nample.org", std::string(250, 'x') + "@e.org"});
  ExpectTable([](const std::string& text, FieldViolations* v) { CheckPhone(text, "f", v); },
              {"", "+251 11 555 0100", "+1(555)555-0100"},
              {"0115550100", "+12", "+1234567890123456", "+1 555 CALL", "+"});
}

TEST(ValidationTest, Codes) {
  CodeList languages("language");
  languages.Add("fr", "French");
  languages.Add("pt", "Portuguese");
  ExpectTable([&](const std::string& text,
                  FieldViolations* v) { CheckLanguageTag(text, languages, "f", v); },
              {"fr", "pt-BR", "fr-Latn-CA", "fr-419", "fr-1994", "fr-x-ab"},
              {"", "xx", "FR", "fr_CA", "fr-", "-fr", "fr-toolongsubtag", std::string(1 << 20, 'f'),
               "pt-br", "fr-LATN-ca", "fr-X-AB"});
  FieldViolations violations;
  CheckCode("FR", languages, Presence::kRequired, "f", &violations);
  ASSERT_EQ(violations.violations().size(), 1u);
  EXPECT_EQ(violations.violations()[0].description,
            "is not a known language code; did you mean \"fr\"?");
}

TEST(ValidationTest, TimeZones) {
  ExpectTable([](const std::string& text,
                 FieldViolations* v) { CheckTimeZone(text, Presence::kRequired, "f", v); },
              {"Africa/Maseru", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires"},
              {"", "Africa/Nowhere", "Africa", "localtime", "/etc/passwd", "../../../etc/passwd",
               "libc:localtime", "zone.tab", "Fixed/UTC+01:00:00", std::string(1000, 'A')});
}

TEST(ValidationTest, Numbers) {
  for (const auto& [value, fine] :
       std::vector<std::pair<int64_t, bool>>{{0, false}, {1, true}, {5, true}, {6, false}}) {
    EXPECT_EQ(Fine([v = value](FieldViolations* f) { CheckRange(v, 1, 5, "f", f); }), fine);
  }
  for (const auto& [value, fine] : std::vector<std::pair<int, bool>>{
           {0, false}, {1, true}, {7, true}, {8, false}, {-1, false}}) {
    EXPECT_EQ(Fine([v = value](FieldViolations* f) {
                CheckEnum(static_cast<v1::Weekday>(v), v1::Weekday_IsValid, Presence::kRequired,
                          "f", f);
              }),
              fine)
        << value;
  }
}

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(ValidationTest, Dates) {
  EXPECT_TRUE(IsDate(Day(2028, 2, 29)));
  EXPECT_TRUE(IsDate(Day(1900, 1, 1)));
  for (const auto& date : {Day(2027, 2, 29), Day(2027, 13, 1), Day(2027, 0, 1), Day(2027, 1, 0),
                           Day(2027, 4, 31), Day(0, 1, 1), Day(2200, 1, 1), Day(-5, 1, 1)}) {
    EXPECT_FALSE(IsDate(date)) << date.ShortDebugString();
  }
  EXPECT_EQ(FromCivilDay(ToCivilDay(Day(2027, 3, 4))).ShortDebugString(),
            Day(2027, 3, 4).ShortDebugString());
}

std::vector<std::string> RangeProblems(bool start, bool end, Presence presence, int end_day) {
  v1::DateRange range;
  if (start) *range.mutable_start_date() = Day(2027, 1, 5);
  if (end) *range.mutable_end_date() = Day(2027, 1, end_day);
  FieldViolations violations;
  CheckDateRange(range, Presence::kRequired, presence, "f", &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations.violations()) fields.push_back(violation.field);
  return fields;
}

TEST(ValidationTest, DateRanges) {
  using Fields = std::vector<std::string>;
  EXPECT_EQ(RangeProblems(true, true, Presence::kRequired, 5), Fields());
  EXPECT_EQ(RangeProblems(true, true, Presence::kRequired, 4), Fields({"f.end_date"}));
  EXPECT_EQ(RangeProblems(true, true, Presence::kRequired, 32), Fields({"f.end_date"}));
  EXPECT_EQ(RangeProblems(true, false, Presence::kOptional, 0), Fields());
  EXPECT_EQ(RangeProblems(true, false, Presence::kRequired, 0), Fields({"f.end_date"}));
  EXPECT_EQ(RangeProblems(false, true, Presence::kOptional, 5), Fields({"f.start_date"}));
}

struct Window {
  int weekday, start, end;
};

std::vector<std::string> WindowProblems(const std::vector<Window>& windows) {
  google::protobuf::RepeatedPtrField<v1::WeeklyWindow> list;
  for (const Window& window : windows) {
    v1::WeeklyWindow* added = list.Add();
    added->set_weekday(static_cast<v1::Weekday>(window.weekday));
    added->set_start_minute(window.start);
    added->set_end_minute(window.end);
  }
  FieldViolations violations;
  CheckWeeklyWindows(list, "f", &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations.violations()) fields.push_back(violation.field);
  return fields;
}

TEST(ValidationTest, WeeklyWindows) {
  using Fields = std::vector<std::string>;
  EXPECT_EQ(WindowProblems({{1, 540, 600}, {1, 600, 660}, {7, 0, 1440}, {1, 0, 15}}), Fields());
  EXPECT_EQ(WindowProblems({{1, 540, 660}, {1, 645, 700}, {1, 600, 615}}),
            Fields({"f[1].end_minute", "f[2]"}));
  EXPECT_EQ(WindowProblems({{0, 540, 600}}), Fields({"f[0].weekday"}));
  EXPECT_EQ(WindowProblems({{1, 1440, 1440}}), Fields({"f[0].start_minute", "f[0].end_minute"}));
  EXPECT_EQ(WindowProblems({{1, 600, 540}}), Fields({"f[0].end_minute"}));
  EXPECT_EQ(WindowProblems({{1, -15, 15}}), Fields({"f[0].start_minute"}));
  EXPECT_EQ(WindowProblems({{1, 0, 1455}}), Fields({"f[0].end_minute"}));
  EXPECT_EQ(WindowProblems({{1, 0, 1440}, {2, 0, 15}}), Fields());
  EXPECT_EQ(WindowProblems({{1, 0, 1440}, {1, 15, 30}, {1, 45, 60}}), Fields({"f[1]", "f[2]"}));
  EXPECT_EQ(WindowProblems(std::vector<Window>(169, {1, 0, 15})), Fields({"f"}));
}

TEST(ValidationTest, UniqueValues) {
  std::set<std::string> seen;
  EXPECT_TRUE(Fine([&](FieldViolations* v) { CheckUnique("a", "f", &seen, v); }));
  EXPECT_TRUE(Fine([&](FieldViolations* v) { CheckUnique("b", "f", &seen, v); }));
  EXPECT_FALSE(Fine([&](FieldViolations* v) { CheckUnique("a", "f", &seen, v); }));
}

}  // namespace
}  // namespace tandem::common
