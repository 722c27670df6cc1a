#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

TEST(TopicsTest, EveryRequiredTopicMustBeMetAtItsLevel) {
  ExpectCases(
      Rule::kTopicLevel,
      {
          {"the topic itself",
           [](Scene& s) {
             s.mentor.expertise = {{"testing", 3, kNoDay}};
           },
           true},
          {"a topic below",
           [](Scene& s) {
             s.mentor.expertise = {{"testing.food.milk", 3, kNoDay}};
           },
           true},
          {"level too low",
           [](Scene& s) {
             s.mentor.expertise = {{"testing", 2, kNoDay}};
           },
           false},
          {"only the topic above",
           [](Scene& s) {
             s.need.topics = {{"testing.food.milk", 1, 1}};
           },
           false},
          {"a topic that begins alike",
           [](Scene& s) {
             s.mentor.expertise = {{"testings", 5, kNoDay}};
           },
           false},
          {"nothing", [](Scene& s) { s.mentor.expertise = {}; }, false},
          {"the best of several",
           [](Scene& s) {
             s.mentor.expertise = {{"testing.food", 1, kNoDay}, {"testing.toys", 3, kNoDay}};
           },
           true},
          {"two topics, one met",
           [](Scene& s) {
             s.need.topics.push_back({"governance", 2, 1});
           },
           false},
          {"two topics, both met",
           [](Scene& s) {
             s.need.topics.push_back({"governance", 2, 1});
             s.mentor.expertise.push_back({"governance", 2, kNoDay});
           },
           true},
          {"a wish only",
           [](Scene& s) {
             s.need.topics = {{"governance", 0, 1}};
           },
           true},
          {"nothing asked", [](Scene& s) { s.need.topics = {}; }, true},
      });
}

TEST(TopicsTest, TheRemedyNamesEveryTopicThatFallsShort) {
  Scene scene;
  scene.need.topics = {{"testing", 5, 1}, {"governance", 2, 1}};
  const Verdict verdict = scene.Judge(Rule::kTopicLevel);
  ASSERT_EQ(verdict.relaxations.size(), 2u);
  EXPECT_EQ(verdict.relaxations[0],
            (Relaxation{RelaxationKind::kAcceptTopicLevel, "testing", 4, 0}));
  EXPECT_EQ(verdict.relaxations[1],
            (Relaxation{RelaxationKind::kAcceptTopicLevel, "governance", 0, 0}));
}

}  // namespace
}  // namespace tandem::engine
