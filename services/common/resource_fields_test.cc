#include "services/common/resource_fields.h"

#include "gtest/gtest.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::common {
namespace {

using needs::v1::EngagementRequest;

ResourceFields Fields() {
  ResourceSpec spec;
  spec.output_only = {"referral_code"};
  return ResourceFields(EngagementRequest::default_instance(), spec);
}

TEST(ResourceFieldsTest, ReadsAndSetsTheSharedFields) {
  EngagementRequest request;
  const ResourceFields fields = Fields();

  fields.SetName("engagementRequests/1", &request);
  fields.SetState(needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN, &request);
  fields.SetCreateTime(absl::FromUnixMillis(1'500), &request);
  fields.SetRevision(17, &request);

  EXPECT_EQ(fields.Name(request), "engagementRequests/1");
  EXPECT_EQ(fields.State(request), needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN);
  EXPECT_EQ(request.create_time().seconds(), 1);
  EXPECT_EQ(request.create_time().nanos(), 500'000'000);
  EXPECT_EQ(fields.Revision(request), 17);
  EXPECT_EQ(fields.Etag(request), EtagOf(17));
  fields.SetRevision(0, &request);
  EXPECT_EQ(fields.Etag(request), "");
}

TEST(ResourceFieldsTest, OutputOnlyFieldsAreClearedAndCopied) {
  EngagementRequest from, to;
  from.set_name("engagementRequests/1");
  from.set_referral_code("COURSE");
  from.mutable_create_time()->set_seconds(5);
  to.set_title("kept");
  to.mutable_update_time()->set_seconds(9);
  const ResourceFields fields = Fields();

  fields.CopyOutputOnly(from, &to);
  EXPECT_EQ(to.title(), "kept");
  EXPECT_EQ(to.referral_code(), "COURSE");
  EXPECT_EQ(to.create_time().seconds(), 5);
  EXPECT_FALSE(to.has_update_time());

  fields.ClearOutputOnly(&to);
  EXPECT_EQ(to.name(), "");
  EXPECT_EQ(to.referral_code(), "");
  EXPECT_EQ(to.title(), "kept");
}

TEST(ResourceFieldsTest, OutputOnlyPathsAreKnown) {
  for (const char* path : {"name", "state", "create_time", "create_time.seconds", "update_time",
                           "etag", "revision", "referral_code"}) {
    EXPECT_TRUE(Fields().IsOutputOnly(path)) << path;
  }
  for (const char* path : {"title", "external_id", "period.start_date", "nam"}) {
    EXPECT_FALSE(Fields().IsOutputOnly(path)) << path;
  }
}

TEST(ResourceFieldsDeathTest, SpecWithAnUnknownFieldEndsTheProgram) {
  ResourceSpec spec;
  spec.output_only = {"nothing"};

  EXPECT_DEATH(ResourceFields(EngagementRequest::default_instance(), spec), "output-only");
}

TEST(ResourceFieldsTest, EqualMessagesHaveEqualBytes) {
  EngagementRequest a, b;
  a.set_title("x");
  a.set_tier(2);
  b.set_tier(2);
  b.set_title("x");

  EXPECT_EQ(CanonicalBytes(a), CanonicalBytes(b));
  b.set_tier(3);
  EXPECT_NE(CanonicalBytes(a), CanonicalBytes(b));
}

}  // namespace
}  // namespace tandem::common
