#include "services/common/status_conversion.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::EndsWith;

TEST(StatusConversionTest, EveryCodeKeepsItsNumber) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "why");
    const grpc::Status converted = ToGrpcStatus(status);
    EXPECT_EQ(static_cast<int>(converted.error_code()), code);
    EXPECT_EQ(FromGrpcStatus(converted).code(), status.code());
  }
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(StatusConversionTest, DetailsComeBackAsTheyWere) {
  FieldViolations violations;
  violations.Add("name", "is required");
  const absl::Status status = violations.ToStatus();

  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(status)), status);
  const absl::Status quota = QuotaExceeded("BUSY", "wait", absl::Seconds(2));
  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(quota)), quota);
}

TEST(StatusConversionTest, InternalPayloadsStayBehind) {
  absl::Status status = NotFound("x");
  status.SetPayload("tandem.storage/conflict", absl::Cord("key of a person"));

  EXPECT_FALSE(FromGrpcStatus(ToGrpcStatus(status)).GetPayload("tandem.storage/conflict"));
}

TEST(StatusConversionTest, TooManyViolationsAreCutAndCounted) {
  FieldViolations violations;
  for (int i = 0; i < 500; ++i)
    violations.Add(absl::StrCat("mentors[", i, "].name"), "is required");

  const grpc::Status converted = ToGrpcStatus(violations.ToStatus(), 2000);

  EXPECT_LE(converted.error_details().size(), 2000u);
  const auto kept = FieldViolationsOf(FromGrpcStatus(converted));
  ASSERT_GT(kept.size(), 5u);
  EXPECT_EQ(kept[0].field, "mentors[0].name");
  EXPECT_EQ(kept.back().description, absl::StrCat("and ", 500 - (kept.size() - 1),
                                                  " more violations, which did not fit into "
                                                  "this answer"));
  EXPECT_EQ(ErrorDetailOf(FromGrpcStatus(converted))->reason, "FIELDS_INVALID");
}

TEST(StatusConversionTest, LongMessagesAreCutBetweenCharacters) {
  const absl::Status status = absl::InternalError(std::string(996, 'x') + "ééé");

  const absl::Status converted = FromGrpcStatus(ToGrpcStatus(status));

  EXPECT_THAT(std::string(converted.message()), EndsWith("x..."));
  EXPECT_LE(converted.message().size(), 1000u);
}

TEST(StatusConversionTest, ReasonArrivesHoweverLongTheNameThatWasAskedFor) {
  const std::string name = "mentors/" + std::string(100'000, 'x');

  const grpc::Status converted = ToGrpcStatus(NotFound(name));

  EXPECT_LE(converted.error_details().size(), kDefaultDetailsBytes);
  const auto detail = ErrorDetailOf(FromGrpcStatus(converted));
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "RESOURCE_NOT_FOUND");
  EXPECT_EQ(detail->metadata.at("resource"), name.substr(0, 297) + "...");
}

TEST(StatusConversionTest, ForeignDetailsDoNoHarm) {
  const grpc::Status odd(grpc::StatusCode::INTERNAL, "why", "\xFF\xFF not a proto");

  EXPECT_THAT(FromGrpcStatus(odd), StatusIs(absl::StatusCode::kInternal, "why"));
}

}  // namespace
}  // namespace tandem::common
