#include "tools/cli/words.h"

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tandem/common/v1/service_type.pb.h"
#include "tandem/profiles/v1/mentor.pb.h"

namespace tandem::cli {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::tandem::base::StatusIs;
using ::tandem::common::v1::ServiceType;
using ::tandem::profiles::v1::ConsentPurpose;

TEST(WordsTest, EveryValueIsReadAsItIsWritten) {
  const auto* type = google::protobuf::GetEnumDescriptor<ServiceType>();
  for (int i = 1; i < type->value_count(); ++i) {
    const auto value = static_cast<ServiceType>(type->value(i)->number());
    EXPECT_THAT(FromWord<ServiceType>(Word(value)), IsOkAndHolds(value));
  }
  EXPECT_EQ(Word(tandem::common::v1::SERVICE_TYPE_IN_COUNTRY_ADVICE), "in-country-advice");
}

TEST(WordsTest, NotStatedIsNoWord) {
  EXPECT_EQ(Word(tandem::common::v1::SERVICE_TYPE_UNSPECIFIED), "");
  EXPECT_THAT(FromWord<ServiceType>("unspecified"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FromWord<ServiceType>(""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(WordsTest, UnknownWordListsTheKnownOnes) {
  EXPECT_THAT(FromWord<ConsentPurpose>("matching "),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "is none of matching, share-with-nsb, statistics"));
  EXPECT_THAT(FromWord<ConsentPurpose>("SHARE_WITH_NSB"),
              IsOkAndHolds(tandem::profiles::v1::CONSENT_PURPOSE_SHARE_WITH_NSB));
}

}  // namespace
}  // namespace tandem::cli
