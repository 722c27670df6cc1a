#include "services/gateway/call_metadata.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// What passes of one header, without what the gateway adds itself.
CallMetadata Passed(const std::string& name, const std::string& value) {
  auto metadata = MetadataFromHeaders({{name, value}});
  EXPECT_TRUE(metadata.ok()) << metadata.status();
  if (!metadata.ok()) return {};
  EXPECT_THAT(metadata->back(), Pair("tandem-accept-details-bytes", ::testing::_));
  metadata->pop_back();
  EXPECT_THAT(metadata->back(), Pair("tandem-via", "gateway"));
  metadata->pop_back();
  return *metadata;
}

TEST(CallMetadataTest, StatedIdentityPasses) {
  EXPECT_THAT(Passed("tandem-actor", "Ada"), ElementsAre(Pair("tandem-actor", "Ada")));
  EXPECT_THAT(Passed("tandem-role", "nsb"), ElementsAre(Pair("tandem-role", "nsb")));
  EXPECT_THAT(Passed("tandem-subject", "organisations/1"),
              ElementsAre(Pair("tandem-subject", "organisations/1")));
  EXPECT_THAT(Passed("authorization", "Bearer x"), ElementsAre(Pair("authorization", "Bearer x")));
}

TEST(CallMetadataTest, WhateverElseSpeaksToTandemsLayersIsStripped) {
  for (const char* name :
       {"tandem-via", "tandem-accept-details-bytes", "tandem-credential", "tandem-principal",
        "tandem-actor-bin", "tandem-", "grpc-timeout", "grpc-encoding", "grpc-status",
        "grpc-previous-rpc-attempts", "grpc-retry-pushback-ms", "grpc-tags-bin"}) {
    EXPECT_THAT(Passed(name, "1234"), IsEmpty()) << name;
  }
}

TEST(CallMetadataTest, HeadersOfHttpAndOfProxiesAreStripped) {
  for (const char* name :
       {"host", "connection", "cookie", "content-type", "content-length", "te", "trailer",
        "transfer-encoding", "x-forwarded-for", "x-real-ip", "forwarded", "origin", "user-agent",
        "sec-fetch-site", "connect-timeout-ms", "proxy-authorization", "upgrade"}) {
    EXPECT_THAT(Passed(name, "a"), IsEmpty()) << name;
  }
}

TEST(CallMetadataTest, NamesAndValuesThatGrpcCannotCarryAreStripped) {
  for (const char* name : {":path", "a b", "", "x\n", "X-Upper", "tandem-role "}) {
    EXPECT_THAT(Passed(name, "a"), IsEmpty()) << name;
  }
  EXPECT_THAT(Passed("x-note", "caf\xc3\xa9"), IsEmpty());
  EXPECT_THAT(Passed("tandem-actor", "a\r\ntandem-role: admin"), IsEmpty());
}

TEST(CallMetadataTest, BinaryEntriesAreDecodedWithAndWithoutPadding) {
  EXPECT_THAT(Passed("trace-bin", "AAE"), ElementsAre(Pair("trace-bin", std::string("\0\1", 2))));
  EXPECT_THAT(Passed("trace-bin", "AAE="), ElementsAre(Pair("trace-bin", std::string("\0\1", 2))));
  EXPECT_EQ(MetadataFromHeaders({{"trace-bin", "?"}}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CallMetadataTest, EntriesOfGrpcDoNotLeaveIt) {
  const std::multimap<grpc::string_ref, grpc::string_ref> metadata = {
      {"grpc-status-details-bin", "x"}, {"tandem-debug", "x"}, {"etag", "7"}, {"blob-bin", "\1"}};
  HttpHeaders headers = HeadersFromMetadata(metadata, "trailer-");
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].name + "=" + headers[0].value, "trailer-blob-bin=AQ");
  EXPECT_EQ(headers[1].name + "=" + headers[1].value, "trailer-etag=7");
}

}  // namespace
}  // namespace tandem::gateway
