#include "services/common/parsed_size.h"

#include <string>

#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"
#include "tandem/needs/v1/assessment_requests.pb.h"

namespace tandem::common {
namespace {

using needs::v1::UpdateAssessmentRequest;

constexpr size_t kNoLimit = size_t{1} << 40;
constexpr int kMany = 100'000;

size_t SizeOf(const std::string& bytes, size_t enough = kNoLimit) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  return ParsedSize(&stream, *UpdateAssessmentRequest::descriptor(), enough);
}

// What protobuf says of the message that it makes of `bytes`.
size_t RealSize(const std::string& bytes) {
  UpdateAssessmentRequest request;
  EXPECT_TRUE(request.ParseFromString(bytes));
  return request.SpaceUsedLong();
}

void ExpectAboutRight(const char* what, const std::string& bytes) {
  const size_t real = RealSize(bytes);
  EXPECT_GT(SizeOf(bytes), real / 2) << what;
  EXPECT_LT(SizeOf(bytes), real * 4) << what;
}

std::string Repeated(const std::string& piece) {
  std::string bytes;
  for (int i = 0; i < kMany; ++i) bytes += piece;
  return bytes;
}

TEST(ParsedSizeTest, ListsOfNothingCountAsWhatTheyBecome) {
  UpdateAssessmentRequest items;
  UpdateAssessmentRequest texts;
  for (int i = 0; i < kMany; ++i) {
    items.mutable_assessment()->add_items();
    texts.mutable_update_mask()->add_paths("");
  }
  ExpectAboutRight("messages", items.SerializeAsString());
  ExpectAboutRight("texts", texts.SerializeAsString());
  ExpectAboutRight("unknown numbers", Repeated(std::string("\xf8\x3f\x01", 3)));
  ExpectAboutRight("unknown texts", Repeated(std::string("\xfa\x3f\x00", 3)));
  ExpectAboutRight("unknown groups", Repeated(std::string("\xfb\x3f\xfc\x3f", 4)));
}

TEST(ParsedSizeTest, OrdinaryRequestsWeighWhatTheyAre) {
  UpdateAssessmentRequest request;
  for (int i = 0; i < 500; ++i) {
    needs::v1::NeedItem* item = request.mutable_assessment()->add_items();
    item->set_item_id("item");
    item->set_description(std::string(300, 'x'));
    item->add_beneficiaries("small firms");
    item->add_sdgs(9);
    item->mutable_period()->mutable_start_date()->set_year(2027);
  }
  ExpectAboutRight("assessment", request.SerializeAsString());
}

TEST(ParsedSizeTest, CountingEndsOnceItIsEnough) {
  UpdateAssessmentRequest items;
  for (int i = 0; i < kMany; ++i) items.mutable_assessment()->add_items();

  const size_t size = SizeOf(items.SerializeAsString(), 10'000);

  EXPECT_GT(size, 10'000u);
  EXPECT_LT(size, 11'000u);
}

TEST(ParsedSizeTest, WhatIsNoMessageEndsTheCountingWhereItEndsTheParsing) {
  UpdateAssessmentRequest request;
  request.mutable_assessment()->add_items();
  const std::string good = request.SerializeAsString();
  for (const std::string& tail :
       {std::string("\x0a\xff\xff\xff\xff\x0f", 6), std::string("\xfb\x3f", 2),
        std::string("\xfc\x3f", 2), std::string("\x0f", 1), std::string("\xff", 1)}) {
    UpdateAssessmentRequest parsed;
    EXPECT_FALSE(parsed.ParseFromString(good + tail));
    EXPECT_GE(SizeOf(good + tail), SizeOf(good));
  }
}

}  // namespace
}  // namespace tandem::common
