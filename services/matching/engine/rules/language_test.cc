#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

void AllowInterpreter(Scene& s) {
  s.need.interpreter_available = true;
  s.service().interpreter_allowed = true;
}

TEST(LanguageTest, OneAskedLanguageAtBothLevelsSuffices) {
  ExpectCases(Rule::kLanguage,
              {
                  {"exactly the levels",
                   [](Scene& s) {
                     s.mentor.languages = {{"fr", Cefr::kB2, Cefr::kB1}};
                   },
                   true},
                  {"spoken too low",
                   [](Scene& s) {
                     s.mentor.languages = {{"fr", Cefr::kB1, Cefr::kC2}};
                   },
                   false},
                  {"written too low",
                   [](Scene& s) {
                     s.mentor.languages = {{"fr", Cefr::kC2, Cefr::kA2}};
                   },
                   false},
                  {"another language",
                   [](Scene& s) {
                     s.mentor.languages = {{"en", Cefr::kC2, Cefr::kC2}};
                   },
                   false},
                  {"no language at all", [](Scene& s) { s.mentor.languages = {}; }, false},
                  {"the second of two asked",
                   [](Scene& s) {
                     s.mentor.languages = {{"en", Cefr::kC2, Cefr::kC2}};
                     s.need.languages.push_back({"en", Cefr::kC1, Cefr::kNone});
                   },
                   true},
                  {"a variety of it",
                   [](Scene& s) {
                     s.mentor.languages = {{"fr-CA", Cefr::kC1, Cefr::kC1}};
                   },
                   true},
                  {"in other letters",
                   [](Scene& s) {
                     s.mentor.languages = {{"FR", Cefr::kC1, Cefr::kC1}};
                   },
                   true},
                  {"a variety asked, the language offered",
                   [](Scene& s) {
                     s.need.languages = {{"fr-CA", Cefr::kB1, Cefr::kNone}};
                   },
                   false},
                  {"a language that begins alike",
                   [](Scene& s) {
                     s.mentor.languages = {{"frr", Cefr::kC1, Cefr::kC1}};
                   },
                   false},
                  {"none asked",
                   [](Scene& s) {
                     s.mentor.languages = {};
                     s.need.languages = {};
                   },
                   true},
                  {"levels split over two varieties",
                   [](Scene& s) {
                     s.mentor.languages = {{"fr-CA", Cefr::kC2, Cefr::kA1},
                                           {"fr-FR", Cefr::kB1, Cefr::kC2}};
                   },
                   false},
              });
}

TEST(LanguageTest, AnInterpreterHelpsOnlyIfThereIsOneAndThePolicyAllows) {
  ExpectCases(Rule::kLanguage, {
                                   {"both",
                                    [](Scene& s) {
                                      s.mentor.languages = {};
                                      AllowInterpreter(s);
                                    },
                                    true},
                                   {"none to be had",
                                    [](Scene& s) {
                                      s.mentor.languages = {};
                                      AllowInterpreter(s);
                                      s.need.interpreter_available = false;
                                    },
                                    false},
                                   {"not allowed",
                                    [](Scene& s) {
                                      s.mentor.languages = {};
                                      AllowInterpreter(s);
                                      s.service().interpreter_allowed = false;
                                    },
                                    false},
                               });
}

TEST(LanguageTest, TheRemedyIsTheNearestLanguageOrAnInterpreter) {
  Scene scene;
  scene.mentor.languages = {{"fr", Cefr::kB1, Cefr::kC1}};
  Verdict verdict = scene.Judge(Rule::kLanguage);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0], (Relaxation{RelaxationKind::kAcceptLanguageLevel, "fr", 3, 3}));
  scene.mentor.languages = {};
  scene.service().interpreter_allowed = true;
  verdict = scene.Judge(Rule::kLanguage);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0].kind, RelaxationKind::kArrangeInterpreter);
}

}  // namespace
}  // namespace tandem::engine
