#include "tools/cli/generate/generator.h"

#include <string>

#include "base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/cli/import/assessment_file.h"
#include "tools/cli/import/mentor_rows.h"
#include "tools/cli/import/organisation_rows.h"

namespace tandem::cli {
namespace {

using ::testing::StartsWith;

using Generate = void (*)(const GenerateOptions&, const TextSink&);

std::string TextOf(Generate generate, const GenerateOptions& options) {
  std::string text;
  generate(options, [&](absl::string_view piece) { text.append(piece.data(), piece.size()); });
  return text;
}

GenerateOptions Small() {
  GenerateOptions options;
  options.mentors = 500;
  options.needs = 200;
  options.seed = 7;
  return options;
}

std::string Listed(const Problems& problems) { return problems.AsCsv(); }

TEST(RandomTest, PartsOfASeedHaveStreamsOfTheirOwn) {
  EXPECT_EQ(Random(5, 1).Next(), Random(5, 1).Next());
  EXPECT_NE(Random(5, 1).Next(), Random(5, 2).Next());
  EXPECT_NE(Random(5, 1).Next(), Random(6, 1).Next());
}

TEST(RandomTest, DrawsStayInTheirRange) {
  Random random(0, 0);
  for (int i = 0; i < 10'000; ++i) {
    const int n = random.Between(3, 9);
    ASSERT_GE(n, 3);
    ASSERT_LE(n, 9);
  }
}

// These digests change only with the generated formats: then say so in the commit.
TEST(GeneratorTest, SameSeedGivesTheSameBytesEverywhere) {
  EXPECT_EQ(base::Sha256Hex(TextOf(GenerateOrganisations, Small())),
            "acc707db7b9256ab4e969764d5305617187b1ddb048834c5e4b83836aee9c958");
  EXPECT_EQ(base::Sha256Hex(TextOf(GenerateMentors, Small())),
            "0c87a56c7379ae56f3beb57e82f45ca5cf05cbf4217e006584436af5ddf7a10b");
  EXPECT_EQ(base::Sha256Hex(TextOf(GenerateAssessments, Small())),
            "82a0216767371fa98d942e36ec445bbd3b5ff9c2eb4c8d12612c2f44e3b14a35");
}

TEST(GeneratorTest, OtherSeedGivesOtherBytes) {
  GenerateOptions other = Small();
  other.seed = 8;
  EXPECT_NE(TextOf(GenerateMentors, Small()), TextOf(GenerateMentors, other));
  EXPECT_NE(TextOf(GenerateAssessments, Small()), TextOf(GenerateAssessments, other));
}

TEST(GeneratorTest, MentorIsTheSameHoweverManyThereAre) {
  GenerateOptions more = Small();
  more.mentors = 2000;
  EXPECT_THAT(TextOf(GenerateMentors, more), StartsWith(TextOf(GenerateMentors, Small())));
}

TEST(GeneratorTest, EveryRowPassesTheChecksOfTheImport) {
  OrganisationReferences organisations;
  Problems problems;
  const std::string organisation_text = TextOf(GenerateOrganisations, Small());
  auto sheet = Sheet::Open(organisation_text, "o.csv", OrganisationColumns(), &problems);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  int count = 0;
  while (sheet->NextRow()) {
    auto organisation = OrganisationOfRow(*sheet, organisations);
    organisation.set_name("organisations/" + organisation.external_id());
    organisations.Add(organisation);
    ++count;
  }
  EXPECT_EQ(count, 50);

  const std::string mentor_text = TextOf(GenerateMentors, Small());
  sheet = Sheet::Open(mentor_text, "m.csv", MentorColumns(), &problems);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  for (count = 0; sheet->NextRow(); ++count) MentorOfRow(*sheet, organisations);
  EXPECT_EQ(count, 500);

  AssessmentReferences references;
  references.organisations = &organisations;
  references.programmes = {{"G-PROGRAMME", "programmes/g"}};
  AssessmentFile file(references);
  const std::string need_text = TextOf(GenerateAssessments, Small());
  sheet = Sheet::Open(need_text, "a.csv", AssessmentColumns(), &problems);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  for (count = 0; sheet->NextRow(); ++count) file.AddRow(*sheet);
  EXPECT_EQ(count, 200);
  EXPECT_EQ(file.assessments().size(), 25u);
  EXPECT_EQ(file.requests().size(), 100u);
  EXPECT_TRUE(problems.empty()) << Listed(problems);
}

}  // namespace
}  // namespace tandem::cli
