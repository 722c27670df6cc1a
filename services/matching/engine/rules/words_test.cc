#include "services/matching/engine/rules/words.h"

#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {
namespace {

Value Number(int64_t number) { return {ValueKind::kNumber, number}; }
Value Level(Cefr level) { return {ValueKind::kCefr, static_cast<int64_t>(level)}; }

TEST(WordsTest, AFailureSaysWhatTheMentorHasAndWhatIsAsked) {
  Verdict verdict;
  verdict.rule = Rule::kLanguage;
  verdict.compared = {
      {Item::kSpokenLevel, "fr", Level(Cefr::kB1), Level(Cefr::kB2), false},
      {Item::kWrittenLevel, "fr", Level(Cefr::kB2), Level(Cefr::kB1), true},
  };
  verdict.relaxations = {{RelaxationKind::kAcceptLanguageLevel, "fr", 3, 3}};
  EXPECT_EQ(SentenceOf(verdict), "fr spoken: B1 (asked: at least B2)");
  EXPECT_EQ(RemedyOf(verdict), "accept fr at B1 spoken and B1 written");
}

TEST(WordsTest, ValuesAreShownWithTheirUnits) {
  const ComparisonWords words = WordsOf({Item::kWeeklyOverlap, "", Number(90), Number(120), false});
  EXPECT_EQ(words.label, "common minutes per week");
  EXPECT_EQ(words.actual, "90 minutes");
  EXPECT_EQ(words.required, "at least 120 minutes");
}

TEST(WordsTest, WhatIsMissingIsSaid) {
  EXPECT_EQ(WordsOf({Item::kDaysSinceConfirmed, "", Number(-1), Number(365), false}).actual,
            "never");
  EXPECT_EQ(WordsOf({Item::kEmployment, "organisations/x", Value{}, Value{}, false}).actual,
            "it lasts");
  EXPECT_EQ(WordsOf({Item::kRefusedOn, "", {ValueKind::kDay, 20'485}, Value{}, false}).required,
            "counts for ever");
}

TEST(WordsTest, SeveralRemediesAreJoined) {
  Verdict verdict;
  verdict.relaxations = {{RelaxationKind::kAcceptTopicLevel, "testing", 2, 0},
                         {RelaxationKind::kAcceptTopicLevel, "governance", 0, 0}};
  EXPECT_EQ(RemedyOf(verdict),
            "accept level 2 in testing and ask for governance without a least level");
  EXPECT_EQ(RemedyOf(Verdict()), "");
}

TEST(WordsTest, AWaivedRuleSaysSo) {
  Verdict verdict;
  verdict.passed = true;
  verdict.waived = true;
  EXPECT_EQ(SentenceOf(verdict), "waived by the policy; nothing asked");
}

TEST(WordsTest, EveryItemHasALabel) {
  for (int item = 0; item <= static_cast<int>(Item::kRefusedOn); ++item) {
    const ComparisonWords words = WordsOf(
        {static_cast<Item>(item), "x", {ValueKind::kNumber, 1}, {ValueKind::kNumber, 2}, false});
    EXPECT_FALSE(words.label.empty()) << item;
    EXPECT_FALSE(words.actual.empty()) << item;
    EXPECT_FALSE(words.required.empty()) << item;
  }
}

TEST(WordsTest, EveryRelaxationHasASentence) {
  for (int kind = 0; kind <= static_cast<int>(RelaxationKind::kWaitUntil); ++kind) {
    Verdict verdict;
    verdict.relaxations = {{static_cast<RelaxationKind>(kind), "x", 1, 1}};
    EXPECT_FALSE(RemedyOf(verdict).empty()) << kind;
  }
}

}  // namespace
}  // namespace tandem::engine
