#include "services/common/resource_fields.h"

#include <optional>
#include <string>
#include <vector>

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

TEST(ResourceFieldsTest, OwnersAreReadFromARecordAsFromItsMessage) {
  ResourceSpec spec;
  spec.organisation_field = "organisations";
  spec.mentor_field = "title";  // Any string that is not repeated.
  spec.owned_states = {needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN};
  const ResourceFields fields(EngagementRequest::default_instance(), spec);
  for (const bool open : {false, true}) {
    for (const int organisations : {0, 1, 3}) {
      for (const char* title : {"", "mentors/7"}) {
        EngagementRequest request;
        request.mutable_period()->mutable_start_date()->set_year(2027);
        for (int i = 0; i < organisations; ++i) {
          request.add_organisations("organisations/" + std::to_string(i));
        }
        request.set_title(title);
        if (open) request.set_state(needs::v1::ENGAGEMENT_REQUEST_STATE_OPEN);

        const std::optional<Owners> read =
            fields.OwnersIn("engagementRequests/1", CanonicalBytes(request));

        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->mentors, fields.OwnersOf(request).mentors);
        EXPECT_EQ(read->organisations, fields.OwnersOf(request).organisations);
      }
    }
  }
}

TEST(ResourceFieldsTest, ARecordThatOwnsItselfIsKnownByItsName) {
  ResourceSpec spec;
  spec.organisation_field = "name";
  const ResourceFields fields(EngagementRequest::default_instance(), spec);

  const std::optional<Owners> read = fields.OwnersIn("organisations/ke", "");

  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->organisations, std::vector<std::string>{"organisations/ke"});
}

TEST(ResourceFieldsTest, BytesThatAreNoMessageHaveNoOwners) {
  ResourceSpec spec;
  spec.organisation_field = "organisations";
  const ResourceFields fields(EngagementRequest::default_instance(), spec);
  EngagementRequest request;
  request.set_title("A title of some length");
  request.add_organisations("organisations/ke");
  const std::string bytes = CanonicalBytes(request);

  EXPECT_EQ(fields.OwnersIn("engagementRequests/1", bytes.substr(0, bytes.size() - 1)),
            std::nullopt);
  EXPECT_EQ(fields.OwnersIn("engagementRequests/1", std::string("\0", 1) + bytes), std::nullopt);
}

}  // namespace
}  // namespace tandem::common
