#include "services/common/known_values.h"

#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "tandem/needs/v1/engagement_request_requests.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using needs::v1::BatchUpsertEngagementRequestsRequest;

TEST(KnownValuesTest, EveryUnknownValueIsNamedWithItsPath) {
  BatchUpsertEngagementRequestsRequest batch;
  batch.add_engagement_requests()->set_service_type(v1::SERVICE_TYPE_COACHING);
  needs::v1::EngagementRequest* odd = batch.add_engagement_requests();
  odd->set_service_type(static_cast<v1::ServiceType>(99));
  odd->add_modalities(v1::MODALITY_REMOTE);
  odd->add_modalities(static_cast<v1::Modality>(98));
  odd->add_roles()->add_languages()->set_min_spoken(static_cast<v1::CefrLevel>(97));

  const absl::Status refused = CheckKnownValues(batch);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<FieldViolation> violations = FieldViolationsOf(refused);
  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].field, "engagement_requests[1].service_type");
  EXPECT_EQ(violations[1].field, "engagement_requests[1].roles[0].languages[0].min_spoken");
  EXPECT_EQ(violations[2].field, "engagement_requests[1].modalities[1]");
}

TEST(KnownValuesTest, UnknownFieldsAreIgnored) {
  BatchUpsertEngagementRequestsRequest batch;
  batch.add_engagement_requests()->set_title("A title");
  batch.GetReflection()->MutableUnknownFields(&batch)->AddVarint(19'000, 1);

  TANDEM_EXPECT_OK(CheckKnownValues(batch));
}

}  // namespace
}  // namespace tandem::common
