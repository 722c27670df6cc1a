#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

// A relation with the scene's NSB. "" as a day is open.
RelationFact With(RelationKind kind, const char* first, const char* last) {
  return {"organisations/nsb", kind, *first == '\0' ? kNoDay : D(first),
          *last == '\0' ? kNoDay : D(last)};
}

TEST(ConflictsTest, NobodyOfTheNsbMentorsIt) {
  ExpectCases(
      Rule::kSameOrganisation,
      {
          {"employed",
           [](Scene& s) { s.mentor.relations = {With(RelationKind::kEmployment, "", "")}; }, false},
          {"employed until the first day",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "2020-01-01", "2026-03-02")};
           },
           false},
          {"begins within the period",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "2026-05-31", "")};
           },
           false},
          {"begins after the period",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "2026-06-01", "")};
           },
           true},
          {"nominated",
           [](Scene& s) { s.mentor.relations = {With(RelationKind::kNomination, "", "")}; }, false},
          {"another organisation",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "", "")};
             s.mentor.relations[0].organisation = "organisations/other";
           },
           true},
          {"the second NSB of a regional request",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "", "")};
             s.need.organisations.insert(s.need.organisations.begin(), "organisations/z");
           },
           false},
      });
}

TEST(ConflictsTest, RelationsCoolOff) {
  ExpectCases(
      Rule::kConflictOfInterest,
      {
          {"employment ended the day before",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "", "2026-03-01")};
           },
           false},
          {"24 months ago, to the day",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "", "2024-03-02")};
           },
           false},
          {"a day more",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kEmployment, "", "2024-03-01")};
           },
           true},
          {"no cooling off by policy",
           [](Scene& s) {
             s.service().cooling_off_months = 0;
             s.mentor.relations = {With(RelationKind::kEmployment, "", "2026-03-01")};
           },
           true},
          {"a contract that lasts",
           [](Scene& s) { s.mentor.relations = {With(RelationKind::kContract, "", "")}; }, false},
          {"a seat that begins within the period",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kGovernance, "2026-04-01", "")};
           },
           false},
          {"a seat that begins after it",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kGovernance, "2026-06-01", "")};
           },
           true},
          {"a financial interest, cooling off",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kFinancial, "", "2025-01-01")};
           },
           false},
          {"family elsewhere",
           [](Scene& s) {
             s.mentor.relations = {With(RelationKind::kFamily, "", "")};
             s.mentor.relations[0].organisation = "organisations/other";
           },
           true},
      });
}

TEST(ConflictsTest, TheRemedyIsToBeginWhenAllHasCooledOff) {
  Scene scene;
  scene.mentor.relations = {With(RelationKind::kEmployment, "", "2024-12-31"),
                            With(RelationKind::kContract, "", "2025-06-30")};
  const Verdict verdict = scene.Judge(Rule::kConflictOfInterest);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0],
            (Relaxation{RelaxationKind::kStartAfter, "", D("2027-07-01"), 0}));
  scene.need.period = {D("2027-07-01"), D("2027-09-29")};
  EXPECT_TRUE(scene.Judge(Rule::kConflictOfInterest).passed);
}

TEST(ConflictsTest, NothingHelpsAgainstARelationThatLasts) {
  Scene scene;
  scene.mentor.relations = {With(RelationKind::kFamily, "", "")};
  EXPECT_TRUE(scene.Judge(Rule::kConflictOfInterest).relaxations.empty());
}

}  // namespace
}  // namespace tandem::engine
