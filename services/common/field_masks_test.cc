#include "services/common/field_masks.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::common {
namespace {

using needs::v1::EngagementRequest;

// Applies the mask; returns what was refused.
std::vector<FieldViolation> Apply(const std::vector<std::string>& paths,
                                  const EngagementRequest& source, EngagementRequest* target) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  const ResourceFields fields(EngagementRequest::default_instance(), ResourceSpec());
  FieldViolations violations;
  ApplyFieldMask(mask, source, fields, target, &violations);
  return violations.violations();
}

EngagementRequest Before() {
  EngagementRequest request;
  request.set_name("engagementRequests/1");
  request.set_title("old");
  request.set_tier(2);
  request.add_items("i1");
  request.mutable_visit()->set_country("LS");
  request.mutable_visit()->set_consecutive_days(5);
  return request;
}

TEST(FieldMasksTest, NamedFieldsAreSetAndOthersKept) {
  EngagementRequest target = Before(), source;
  source.set_title("new");
  source.set_tier(9);

  EXPECT_TRUE(Apply({"title"}, source, &target).empty());

  EXPECT_EQ(target.title(), "new");
  EXPECT_EQ(target.tier(), 2);
}

TEST(FieldMasksTest, NestedPathsChangeOneFieldOfAMessage) {
  EngagementRequest target = Before(), source;
  source.mutable_visit()->set_consecutive_days(7);

  EXPECT_TRUE(Apply({"visit.consecutive_days"}, source, &target).empty());

  EXPECT_EQ(target.visit().country(), "LS");
  EXPECT_EQ(target.visit().consecutive_days(), 7);
}

TEST(FieldMasksTest, ListsAndMessagesAreReplacedAsAWhole) {
  EngagementRequest target = Before(), source;
  source.add_items("i2");
  source.mutable_visit()->set_country("ML");

  EXPECT_TRUE(Apply({"items", "visit"}, source, &target).empty());

  ASSERT_EQ(target.items_size(), 1);
  EXPECT_EQ(target.items(0), "i2");
  EXPECT_EQ(target.visit().country(), "ML");
  EXPECT_EQ(target.visit().consecutive_days(), 0);
}

TEST(FieldMasksTest, EmptySourceFieldsClear) {
  EngagementRequest target = Before();

  EXPECT_TRUE(Apply({"title", "items", "visit"}, EngagementRequest(), &target).empty());

  EXPECT_EQ(target.title(), "");
  EXPECT_EQ(target.items_size(), 0);
  EXPECT_FALSE(target.has_visit());
}

TEST(FieldMasksTest, StarReplacesAllButOutputOnlyFields) {
  EngagementRequest target = Before(), source;
  source.set_name("engagementRequests/other");
  source.set_title("new");

  EXPECT_TRUE(Apply({"*"}, source, &target).empty());

  EXPECT_EQ(target.name(), "engagementRequests/1");
  EXPECT_EQ(target.title(), "new");
  EXPECT_EQ(target.tier(), 0);
}

TEST(FieldMasksTest, EveryBadPathIsNamedAndNothingChanges) {
  EngagementRequest target = Before(), source;
  source.set_title("new");

  EXPECT_EQ(Apply({"title", "nothing", "state", "roles.role_id"}, source, &target).size(), 3u);
  EXPECT_EQ(Apply({}, source, &target).size(), 1u);
  EXPECT_EQ(Apply({"*", "title"}, source, &target).size(), 1u);
  EXPECT_EQ(target.title(), "old");
}

// Protobuf's utilities take each of these for "title", or for nothing at all.
TEST(FieldMasksTest, APathWithEmptyPartsIsNoOtherWayToWriteAField) {
  EngagementRequest target = Before(), source;
  source.set_title("new");

  for (const char* path :
       {".title", "..title", "title.", "title..", ".title.", ".", "", "visit..country", ".state"}) {
    EXPECT_EQ(Apply({path}, source, &target).size(), 1u) << path;
  }
  EXPECT_EQ(target.title(), "old");
}

}  // namespace
}  // namespace tandem::common
