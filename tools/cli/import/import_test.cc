// Imports against the real profiles and needs services, over gRPC.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/cli/display.h"
#include "tools/cli/import/import_fixture.h"

namespace tandem::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using ImportTest = ImportFixture;

TEST_F(ImportTest, SampleIsImportedOnceAndThenChangesNothing) {
  const struct {
    const char* what;
    const char* first;
    const char* again;
  } kFiles[] = {
      {"organisations", "organisations: 26 created, 0 changed, 0 unchanged\n",
       "organisations: 0 created, 0 changed, 26 unchanged\n"},
      {"mentors", "mentors: 66 created, 0 changed, 0 unchanged\n",
       "mentors: 0 created, 0 changed, 66 unchanged\n"},
      {"programme", "programmes: 1 created, 0 changed, 0 unchanged\n",
       "programmes: 0 created, 0 changed, 1 unchanged\n"},
      {"assessments",
       "assessments: 10 created, 0 changed, 0 unchanged\n"
       "engagement requests: 35 created, 0 changed, 0 unchanged\n",
       "assessments: 0 created, 0 changed, 10 unchanged\n"
       "engagement requests: 0 created, 0 changed, 35 unchanged\n"},
  };
  for (const auto& file : kFiles) {
    const Outcome first = ImportSample(file.what);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.out, file.first);
  }
  for (const auto& file : kFiles) EXPECT_EQ(ImportSample(file.what).out, file.again);
}

TEST_F(ImportTest, GeneratedProgrammeIsImportedWholeAndTheSameFilesChangeNothing) {
  const std::string out = folder_.Join("generated");
  ASSERT_EQ(Tandem({"generate", "--mentors", "400", "--needs", "120", "--seed", "11", "--out", out})
                .exit_code,
            0);
  const struct {
    const char* what;
    const char* file;
    const char* first;
    const char* again;
  } kFiles[] = {
      {"programme", "/programme.json", "programmes: 1 created", "0 changed, 1 unchanged"},
      {"organisations", "/organisations.csv", "organisations: 50 created",
       "0 changed, 50 unchanged"},
      {"mentors", "/mentors.csv", "mentors: 400 created", "0 changed, 400 unchanged"},
      {"assessments", "/assessments.csv", "engagement requests: 60 created",
       "requests: 0 created, 0 changed, 60 unchanged"},
  };
  for (const auto& file : kFiles) {
    const Outcome first = Tandem({"import", file.what, out + file.file});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_THAT(first.out, HasSubstr(file.first));
  }
  for (const auto& file : kFiles) {
    EXPECT_THAT(Tandem({"import", file.what, out + file.file}).out, HasSubstr(file.again));
  }
}

TEST_F(ImportTest, ProgressIsShownOnATerminalAndNowhereElse) {
  const std::string file = absl::StrCat(kSample, "organisations.csv");
  const Outcome shown = Tandem({"import", "organisations", file}, {/*out_width=*/80, true});
  const Outcome piped = Tandem({"import", "organisations", file});

  EXPECT_THAT(shown.err, AllOf(HasSubstr("checking organisations: 26 of 26"),
                               HasSubstr("writing organisations: 26 of 26")));
  EXPECT_EQ(shown.out, "organisations: 26 created, 0 changed, 0 unchanged\n");
  EXPECT_EQ(piped.err, "");
}

TEST_F(ImportTest, ListsFitTheTerminalAndKeepEachRowOnALineElsewhere) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);

  for (int width : {60, 80, 120}) {
    const std::string text = Tandem({"mentor", "list"}, {width, true}).out;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(DisplayWidth(line), width) << line;
    }
    EXPECT_THAT(text, HasSubstr("M-066"));
  }
  const std::string piped = Tandem({"mentor", "list"}).out;
  EXPECT_EQ(std::count(piped.begin(), piped.end(), '\n'), 66 + 2);
}

TEST_F(ImportTest, WhatOnlyARequestHasIsNotLostInARowWithoutOne) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  const std::string header =
      "assessment,organisation,item,area,baseline,target,request,title,tier,";
  const Outcome without =
      Tandem({"import", "assessments",
              File("a.csv", header + "lead_hours\nA-1,NSB-TG,1,wto-tbt,1,3,,Lost,2,6\n")});
  const Outcome visit =
      Tandem({"import", "assessments",
              File("v.csv",
                   header + "service,visit_days\nA-1,NSB-TG,1,wto-tbt,1,3,R-1,T,2,workshop,5\n")});

  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err,
              AllOf(HasSubstr("column 'title': 'Lost': means nothing without a request"),
                    HasSubstr("column 'tier': '2': means nothing without a request")));
  EXPECT_EQ(visit.exit_code, 2);
  EXPECT_THAT(visit.err,
              HasSubstr("column 'visit_days': '5': means nothing without visit_country"));
}

TEST_F(ImportTest, TheSampleIsAsLargeAsPromisedAndItsAddressesAreOfNobody) {
  const auto rows_of = [](const std::string& file) {
    std::vector<std::map<std::string, std::string>> rows;
    const std::string text = SampleText(file);
    auto reader = base::CsvReader::Open(text, base::CsvOptions());
    EXPECT_TRUE(reader.ok());
    while (reader.ok() && *reader->Next()) {
      auto& row = rows.emplace_back();
      for (size_t i = 0; i < reader->header().size(); ++i) {
        row[reader->header()[i]] = std::string(reader->row()[i].text);
      }
    }
    return rows;
  };
  std::set<std::string> countries;
  std::set<std::string> addresses;
  for (auto& row : rows_of("organisations.csv")) {
    if (row["kind"] == "nsb") countries.insert(row["country"]);
    addresses.insert(row["contact_email"]);
  }
  const auto mentors = rows_of("mentors.csv");
  for (auto row : mentors) addresses.insert(row["email"]);

  // The ten bodies of ISO's programme for least developed countries 2022-2025.
  const std::set<std::string> programme = {"TD", "ET", "LA", "LS", "ML",
                                           "SN", "SL", "SO", "TG", "UG"};
  EXPECT_THAT(countries, ::testing::IsSupersetOf(programme));
  EXPECT_GE(mentors.size(), 60u);
  EXPECT_GE(rows_of("assessments.csv").size(), 40u);
  for (const std::string& address : addresses) {
    EXPECT_TRUE(address.empty() || absl::EndsWith(address, "example.org")) << address;
  }
}

TEST_F(ImportTest, ChangedRowIsTheOnlyOneThatChanges) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  const std::string changed = absl::StrReplaceAll(Text(absl::StrCat(kSample, "organisations.csv")),
                                                  {{"Nile University", "Delta University"}});
  const Outcome outcome = Tandem({"import", "organisations", File("o.csv", changed)});
  EXPECT_EQ(outcome.out, "organisations: 0 created, 1 changed, 25 unchanged\n");
}

TEST_F(ImportTest, ContactDataWithoutANameAreRefusedAndNotLost) {
  const Outcome refused = Tandem({"import", "organisations",
                                  File("o.csv",
                                       "external_id,name,kind,country,time_zone,contact_email\n"
                                       "NSB-KE,Bureau,nsb,KE,Africa/Nairobi,ann@example.org\n")});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("o.csv:2:37: column 'contact_email'"),
                                 HasSubstr("means nothing without contact_name")));
}

TEST_F(ImportTest, OneBadRowKeepsEverythingOut) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  const std::string bad = absl::StrReplaceAll(
      Text(absl::StrCat(kSample, "mentors.csv")),
      {{",woman,MA,", ",woman,XX,"}, {"ORG-CAPE:2009-01-01..", "ORG-NOWHERE:2009-02-30.."}});
  const std::string errors = folder_.path() + "/errors.csv";
  const Outcome outcome = Tandem({"import", "mentors", File("m.csv", bad), "--errors", errors});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("m.csv:2:"), HasSubstr("column 'residence': 'XX'"),
                                 HasSubstr("m.csv:4:"), HasSubstr("is no day of the calendar"),
                                 HasSubstr("nothing was written")));
  EXPECT_THAT(Text(errors), AllOf(HasSubstr("line,position,column,value,reason\n2,"),
                                  HasSubstr(",residence,XX,")));
  EXPECT_EQ(Tandem({"--format", "csv", "mentor", "list"}).out,
            "mentor,name,country,languages,vetting,state,confirmed,resource\n");
}

TEST_F(ImportTest, UnknownOrganisationIsAProblemOfItsRow) {
  const Outcome outcome = ImportSample("mentors");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("column 'employments'"),
                                 HasSubstr("unknown organisation 'ORG-ATLAS'")));
}

TEST_F(ImportTest, RowsOfARequestMustAgree) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);
  ASSERT_EQ(ImportSample("programme").exit_code, 0);
  std::string text = Text(absl::StrCat(kSample, "assessments.csv"));
  const size_t last_visit = text.rfind("2027-06-07");
  ASSERT_NE(last_visit, std::string::npos);
  text.replace(last_visit, 10, "2027-06-08");
  const Outcome outcome = Tandem({"import", "assessments", File("a.csv", text)});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("column 'request': 'R-UG-3'"), HasSubstr("differs from line")));
  EXPECT_THAT(Tandem({"--format", "csv", "need", "list"}).out, ::testing::Not(HasSubstr("R-")));
}

TEST_F(ImportTest, DuplicateIdsNameBothLines) {
  const Outcome outcome = Tandem({"import", "organisations",
                                  File("o.csv",
                                       "external_id;name;kind;country;time_zone\r\n"
                                       "A;One;company;KE;Africa/Nairobi\r\n"
                                       "A;Two;company;KE;Africa/Nowhere\r\n")});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("o.csv:3:1: column 'external_id': 'A': stands already in line 2"),
                    HasSubstr("nothing was written")));
}

// The requests are written after the assessments: whatever the server would refuse about them must
// be found before, also what concerns items that it has not got yet.
TEST_F(ImportTest, ARequestOfTooManyNewItemsKeepsItsAssessmentOut) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("programme").exit_code, 0);
  std::string text =
      "assessment,organisation,programme,item,area,baseline,target,request,service,start,end,"
      "modalities,lead_hours\n";
  for (int i = 1; i <= 201; ++i) {
    absl::StrAppend(&text, "A-1,NSB-TG,LDC-2027,", i,
                    ",wto-tbt,1,3,R-1,workshop,2027-01-01,2027-06-30,remote,6\n");
  }

  const Outcome refused = Tandem({"import", "assessments", File("a.csv", text)});

  EXPECT_EQ(refused.exit_code, 2) << refused.out;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("a.csv:202:"), HasSubstr("has more than 200 items"),
                                 HasSubstr("1 problem"), HasSubstr("nothing was written")));
  EXPECT_THAT(
      Tandem({"import", "assessments", File("b.csv", text.substr(0, text.rfind("A-1")))}).out,
      HasSubstr("assessments: 1 created"));
}

TEST_F(ImportTest, ACheckCountsAsChangedOnlyWhatWouldChange) {
  for (const char* what : {"organisations", "mentors", "programme", "assessments"}) {
    ASSERT_EQ(ImportSample(what).exit_code, 0);
  }
  const std::string text = SampleText("assessments.csv");
  const std::string edited = absl::StrReplaceAll(
      text, {{"A working enquiry point for Mali", "A better enquiry point for Mali"}});

  const std::string same = Tandem({"import", "assessments", File("s.csv", text), "--dry-run"}).out;
  const std::string changed =
      Tandem({"import", "assessments", File("c.csv", edited), "--dry-run"}).out;
  const std::string of_item =
      Tandem({"import", "assessments",
              File("i.csv", absl::StrReplaceAll(text, {{",needs-met-trade-rules,", ",,"}})),
              "--dry-run"})
          .out;

  EXPECT_THAT(same, HasSubstr("requests: 0 created, 0 changed, 35 unchanged"));
  EXPECT_THAT(changed, HasSubstr("requests: 0 created, 1 changed, 34 unchanged"));
  EXPECT_THAT(of_item, AllOf(::testing::Not(HasSubstr("assessments: 0 created, 0 changed")),
                             HasSubstr("requests: 0 created, 0 changed, 35 unchanged")));
}

TEST_F(ImportTest, AllThatIsWrongWithARowIsToldAtOnceAndNothingThatOnlyFollows) {
  const std::string errors = folder_.Join("errors.csv");
  const Outcome refused = Tandem(
      {"import", "mentors",
       File("m.csv",
            "external_id,name,residence,hours_per_month,time_zone,max_engagements,modalities,"
            "expertise,evidence,coi_declared,coi_expires,windows\n"
            "M1,Ann,XX,-1,Mars/Phobos,1,remote,wto-tbt:9,wto-tbt: much,2026-02-30,2029-12-31,"
            "Mon 09:00-10:00\n"
            "M1,A\xE2\x80\x8Bn,XX,1,UTC,1,remote,,,,,\n"),
       "--errors", errors});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(Text(errors),
              AllOf(HasSubstr("2,8,residence,XX,\"is not a known country"),
                    HasSubstr("2,11,hours_per_month,-1,"), HasSubstr("2,14,time_zone,Mars/Phobos,"),
                    HasSubstr("2,35,expertise,wto-tbt:9,"), HasSubstr(",coi_declared,2026-02-30,"),
                    HasSubstr("3,1,external_id,M1,stands already in line 2")));
  EXPECT_THAT(Text(errors), AllOf(::testing::Not(HasSubstr(",evidence,")),
                                  ::testing::Not(HasSubstr("both be there"))));
}

TEST_F(ImportTest, WhatTheServerFindsIsReportedBesideWhatIsFoundHere) {
  for (const char* what : {"organisations", "mentors", "programme"}) {
    ASSERT_EQ(ImportSample(what).exit_code, 0);
  }
  const std::string bad = absl::StrReplaceAll(
      SampleText("assessments.csv"), {{"R-UG-3,in-country-advice", "R-UG-3,in-country-help"},
                                      {"R-SO-1,mentoring", "R-SO 1,mentoring"}});

  const Outcome refused = Tandem({"import", "assessments", File("a.csv", bad)});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("column 'service': 'in-country-help'"),
                                 HasSubstr("column 'request': 'R-SO 1'")));
}

TEST_F(ImportTest, DryRunChecksAndWritesNothing) {
  const Outcome outcome =
      Tandem({"import", "organisations", absl::StrCat(kSample, "organisations.csv"), "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("only checked, nothing written"));
  EXPECT_EQ(ImportSample("organisations").out,
            "organisations: 26 created, 0 changed, 0 unchanged\n");
}

TEST_F(ImportTest, AvailabilityIsChangedByFieldAndConfirmedInOneStep) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);
  const Outcome set = Tandem(
      {"availability", "set", "M-001", "--hours-per-month", "3", "--windows", "Sat 09:00-12:00"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.out, AllOf(HasSubstr("Sat 09:00-12:00"), HasSubstr("hours per month      3"),
                             HasSubstr("engagements at most  2")));
  EXPECT_THAT(Tandem({"availability", "confirm", "M-001"}).out,
              ::testing::Not(HasSubstr("2026-09-14T")));
  EXPECT_EQ(Tandem({"availability", "set", "M-001", "--windows", "Sat 9-12"}).exit_code, 2);
  EXPECT_EQ(Tandem({"availability", "set", "M-001"}).exit_code, 2);
  const Outcome unknown = Tandem({"availability", "show", "M-999"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("the server knows no mentor 'M-999'"));
}

TEST_F(ImportTest, AnEmptyEditOfAvailabilityIsRefusedAndNoneClears) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);
  ASSERT_EQ(Tandem({"availability", "set", "M-001", "--windows", "Sat 09:00-12:00"}).exit_code, 0);
  for (const std::string option : {"--windows", "--days-off", "--modalities"}) {
    for (const std::string empty : {"", " ", "|"}) {
      const Outcome unclear =
          Tandem({"availability", "set", "M-001", "--hours-per-month", "4", option, empty});
      EXPECT_EQ(unclear.exit_code, 2) << option << " '" << empty << "'";
      EXPECT_THAT(unclear.err, HasSubstr(option));
    }
  }
  EXPECT_THAT(Tandem({"availability", "show", "M-001"}).out, HasSubstr("Sat 09:00-12:00"));
  EXPECT_EQ(Tandem({"availability", "set", "M-001", "--windows", "none"}).exit_code, 0);
  EXPECT_THAT(Tandem({"availability", "show", "M-001"}).out,
              ::testing::Not(HasSubstr("Sat 09:00-12:00")));
}

TEST_F(ImportTest, AMentorReachesTheOwnAvailabilityAndNobodyElses) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);
  const std::string shown = Tandem({"--format", "json", "availability", "show", "M-001"}).out;
  const size_t start = shown.find("mentors/");
  ASSERT_NE(start, std::string::npos) << shown;
  const std::string name = shown.substr(start, shown.find('"', start) - start);
  const auto as_mentor = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--role", "mentor", "--subject", name});
    return Tandem(arguments);
  };
  const Outcome set = as_mentor({"availability", "set", "M-001", "--hours-per-month", "5"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.out, HasSubstr("hours per month      5"));
  EXPECT_EQ(as_mentor({"availability", "confirm", name}).exit_code, 0);
  const Outcome other = as_mentor({"availability", "show", "M-002"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("the server knows no mentor 'M-002'"));
}

TEST_F(ImportTest, ErasureNeedsAYesAndTheRoleOfAnAdministrator) {
  ASSERT_EQ(ImportSample("organisations").exit_code, 0);
  ASSERT_EQ(ImportSample("mentors").exit_code, 0);
  EXPECT_EQ(Tandem({"mentor", "erase", "M-002", "--reason", "PERSON_ASKED"}).exit_code, 2);
  EXPECT_EQ(
      Tandem({"mentor", "erase", "M-002", "--reason", "PERSON_ASKED", "--yes", "--role", "staff"})
          .exit_code,
      1);
  const Outcome erased = Tandem({"mentor", "erase", "M-002", "--reason", "PERSON_ASKED", "--yes"});
  EXPECT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_THAT(Tandem({"mentor", "list"}).out, ::testing::Not(HasSubstr("Kofi Asante")));
}

}  // namespace
}  // namespace tandem::cli
