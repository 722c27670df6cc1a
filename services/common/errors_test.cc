#include "services/common/errors.h"

#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

TEST(ErrorsTest, EveryConstructorGivesItsCodeAndReason) {
  struct Case {
    absl::Status status;
    absl::StatusCode code;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {InvalidField("a", "is required"), absl::StatusCode::kInvalidArgument, "FIELDS_INVALID"},
      {NotFound("mentors/1"), absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND"},
      {AlreadyExists("mentors/1", "taken"), absl::StatusCode::kAlreadyExists,
       "RESOURCE_ALREADY_EXISTS"},
      {EtagMismatch("mentors/1", "r5"), absl::StatusCode::kAborted, "ETAG_MISMATCH"},
      {ConcurrentChange("mentors"), absl::StatusCode::kAborted, "CONCURRENT_CHANGE"},
      {RequestIdReused("r"), absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"},
      {FailedPrecondition("NOT_OPEN", "ended"), absl::StatusCode::kFailedPrecondition, "NOT_OPEN"},
      {PermissionDenied("no"), absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED"},
      {RevisionNotKept("gone"), absl::StatusCode::kOutOfRange, "REVISION_NOT_KEPT"},
      {QuotaExceeded("BUSY", "wait", absl::Seconds(1)), absl::StatusCode::kResourceExhausted,
       "BUSY"},
      {Unavailable("ENDS", "again", absl::Seconds(1)), absl::StatusCode::kUnavailable, "ENDS"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(c.status, StatusIs(c.code));
    ASSERT_TRUE(ErrorDetailOf(c.status).has_value()) << c.status;
    EXPECT_EQ(ErrorDetailOf(c.status)->reason, c.reason);
  }
}

TEST(ErrorsTest, MetadataNamesTheResourceAndTheCurrentEtag) {
  const ErrorDetail detail = *ErrorDetailOf(EtagMismatch("mentors/1", "r5"));

  EXPECT_EQ(detail.metadata.at("resource"), "mentors/1");
  EXPECT_EQ(detail.metadata.at("current_etag"), "r5");
}

TEST(ErrorsTest, ViolationsKeepTheirOrderAndTakeAPrefix) {
  FieldViolations part;
  part.Add("name", "is required");
  part.Add("", "is odd");
  FieldViolations all;
  all.Add("request_id", "is too long");
  all.AddAll("mentors[3]", part);

  const std::vector<FieldViolation> violations = FieldViolationsOf(all.ToStatus());

  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].field, "request_id");
  EXPECT_EQ(violations[1].field, "mentors[3].name");
  EXPECT_EQ(violations[2].field, "mentors[3]");
}

TEST(ErrorsTest, NoViolationIsOk) { EXPECT_TRUE(FieldViolations().ToStatus().ok()); }

TEST(ErrorsTest, MessageNamesTheFirstViolationsAndCountsTheRest) {
  FieldViolations violations;
  for (const char* field : {"a", "b", "c", "d", "e"}) violations.Add(field, "is wrong");

  EXPECT_THAT(violations.ToStatus().message(), HasSubstr("c is wrong; and 2 more"));
}

TEST(ErrorsTest, MillionsOfViolationsDoNotFillTheMemory) {
  FieldViolations part;
  for (int i = 0; i < 1'000'000; ++i) part.Add("modalities", "is unknown");
  FieldViolations all;
  for (int i = 0; i < 100; ++i) all.AddAll("items", part);

  EXPECT_EQ(part.violations().size(), 10'000u);
  EXPECT_EQ(all.violations().size(), 10'000u);
}

TEST(ErrorsTest, RetryInfoKeepsFractions) {
  EXPECT_EQ(RetryAfterOf(QuotaExceeded("BUSY", "wait", absl::Milliseconds(1250))),
            absl::Milliseconds(1250));
  EXPECT_FALSE(RetryAfterOf(NotFound("x")).has_value());
}

TEST(ErrorsTest, StorageErrorsGetAReasonAndAdvice) {
  struct Case {
    absl::Status status;
    absl::StatusCode code;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {absl::OutOfRangeError("trimmed"), absl::StatusCode::kOutOfRange, "REVISION_NOT_KEPT"},
      {absl::UnavailableError("closed"), absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE"},
      {absl::DataLossError("bad block"), absl::StatusCode::kDataLoss, "STORE_DAMAGED"},
      {absl::ResourceExhaustedError("full"), absl::StatusCode::kResourceExhausted, "STORE_FULL"},
      {absl::UnknownError("io"), absl::StatusCode::kUnknown, "OUTCOME_UNKNOWN"},
      {absl::InternalError("odd"), absl::StatusCode::kInternal, "STORE_FAILED"},
  };
  for (const Case& c : cases) {
    const absl::Status mapped = FromStorage(c.status);
    EXPECT_THAT(mapped, StatusIs(c.code, HasSubstr(std::string(c.status.message()))));
    EXPECT_EQ(ErrorDetailOf(mapped)->reason, c.reason);
  }
  EXPECT_TRUE(FromStorage(absl::OkStatus()).ok());
  EXPECT_EQ(FromStorage(NotFound("x")), NotFound("x"));
}

}  // namespace
}  // namespace tandem::common
