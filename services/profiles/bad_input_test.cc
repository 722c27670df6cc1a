// Input that nobody should have to store, over the wire: each is INVALID_ARGUMENT naming the field,
// without repeating what stands in it, and nothing is written.
#include <functional>
#include <string>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using ::tandem::base::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCanary[] = "CANARYNAME";

// A batch of two good mentors, the second of which a case spoils.
struct BadInput {
  const char* name;
  std::function<void(v1::Mentor*)> spoil;
  const char* field;  // of mentors[1]
};

void SetName(v1::Mentor* mentor, const std::string& name) {
  mentor->mutable_identity()->mutable_names(0)->set_full_name(name);
}

const BadInput kBadInputs[] = {
    {"ControlCharacter", [](v1::Mentor* m) { SetName(m, "CANARYNAME\x07x"); },
     "identity.names[0].full_name"},
    {"Escape", [](v1::Mentor* m) { SetName(m, "CANARYNAME\x1b[31m"); },
     "identity.names[0].full_name"},
    {"LineBreakInName", [](v1::Mentor* m) { SetName(m, "CANARYNAME\nx"); },
     "identity.names[0].full_name"},
    {"NulCharacter", [](v1::Mentor* m) { SetName(m, std::string("CANARYNAME\0x", 12)); },
     "identity.names[0].full_name"},
    {"BidirectionalOverride", [](v1::Mentor* m) { SetName(m, "CANARYNAME\u202Ex"); },
     "identity.names[0].full_name"},
    {"ZeroWidthSpace", [](v1::Mentor* m) { SetName(m, "CANARYNAME\u200Bx"); },
     "identity.names[0].full_name"},
    {"NameOfFiveMegabytes",
     [](v1::Mentor* m) { SetName(m, kCanary + std::string(5'000'000, 'x')); },
     "identity.names[0].full_name"},
    {"NameOfSpaces", [](v1::Mentor* m) { SetName(m, "   "); }, "identity.names[0].full_name"},
    {"BidirectionalTextInBiography",
     [](v1::Mentor* m) { m->mutable_identity()->set_biography("CANARYNAME\u2067x"); },
     "identity.biography"},
    {"UnknownCountry", [](v1::Mentor* m) { m->set_residence_country("XX"); }, "residence_country"},
    {"UnknownTopic", [](v1::Mentor* m) { m->mutable_expertise(0)->set_topic("rockets"); },
     "expertise[0].topic"},
    {"UnknownLanguage", [](v1::Mentor* m) { m->mutable_languages(0)->set_language("xx"); },
     "languages[0].language"},
    {"UnknownTimeZone",
     [](v1::Mentor* m) { m->mutable_availability()->set_time_zone("../../etc/passwd"); },
     "availability.time_zone"},
    {"UnknownEnumValue", [](v1::Mentor* m) { m->set_kind(static_cast<v1::MentorKind>(99)); },
     "kind"},
    {"ImpossibleDate",
     [](v1::Mentor* m) {
       auto* day = m->mutable_coi_declaration()->mutable_declared_on();
       day->set_year(2026);
       day->set_month(2);
       day->set_day(30);
     },
     "coi_declaration.declared_on"},
    {"ConfirmedNextCentury",
     [](v1::Mentor* m) { m->mutable_last_confirmed_time()->set_seconds(4102444800); },
     "last_confirmed_time"},
    {"PractisedInTheFuture",
     [](v1::Mentor* m) {
       m->mutable_expertise(0)->mutable_last_practised()->set_year(2100);
       m->mutable_expertise(0)->mutable_last_practised()->set_month(1);
       m->mutable_expertise(0)->mutable_last_practised()->set_day(1);
     },
     "expertise[0].last_practised"},
    {"TheSameIdTwice", [](v1::Mentor* m) { m->set_external_id("ext-0"); }, "external_id"},
};

class BadInputTest : public testing::TestWithParam<BadInput> {
 protected:
  base::TempDir folder_;
  Harness profiles_{folder_.path()};
};

TEST_P(BadInputTest, IsRefusedByFieldAndNothingOfTheBatchIsWritten) {
  v1::BatchUpsertMentorsRequest request;
  *request.add_mentors() = ValidMentor("ext-0", "Amina Example");
  *request.add_mentors() = ValidMentor("ext-1", "Omar Example");
  GetParam().spoil(request.mutable_mentors(1));
  const int64_t head = profiles_.Head();

  const absl::Status refused = profiles_.Call(&Harness::Stub::BatchUpsertMentors, request).status();

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, Not(HasSubstr(kCanary))));
  EXPECT_LT(refused.message().size(), 1000u);
  const auto violations = common::FieldViolationsOf(refused);
  ASSERT_EQ(violations.size(), 1u) << refused;
  EXPECT_EQ(violations[0].field, std::string("mentors[1].") + GetParam().field);
  EXPECT_THAT(violations[0].description, Not(HasSubstr(kCanary)));
  EXPECT_EQ(profiles_.Head(), head);
}

INSTANTIATE_TEST_SUITE_P(Wire, BadInputTest, testing::ValuesIn(kBadInputs),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tandem::profiles
