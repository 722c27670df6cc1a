#include "storage/rocksdb/format.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "storage/store.h"

namespace tandem::storage::format {
namespace {

TEST(FormatTest, VersionKeysSortByKeyThenNewestFirst) {
  const std::vector<std::string> keys = {"",
                                         std::string("\0", 1),
                                         std::string("\0\0", 2),
                                         std::string("\0\1", 2),
                                         "a",
                                         std::string("a\0", 2),
                                         std::string("a\0\xFF", 3),
                                         "a\x01",
                                         "ab",
                                         "a\xFF",
                                         "b"};
  std::vector<std::string> encoded;
  for (const std::string& key : keys) {
    for (Revision revision : {Revision{1} << 40, Revision{256}, Revision{255}, Revision{1}}) {
      encoded.push_back(VersionKey(key, revision));
    }
  }
  EXPECT_TRUE(std::is_sorted(encoded.begin(), encoded.end()));
}

TEST(FormatTest, VersionKeyDecodesToWhatWasEncoded) {
  for (const std::string& key : {std::string("mentors/7"), std::string("\0\xFF\0\1", 4)}) {
    DecodedVersionKey decoded;
    ASSERT_TRUE(DecodeVersionKey(VersionKey(key, 42), &decoded));
    EXPECT_EQ(decoded.key, key);
    EXPECT_EQ(decoded.revision, 42);
  }
}

TEST(FormatTest, DamagedVersionKeysAreRefused) {
  DecodedVersionKey decoded;
  const std::string good = VersionKey("key", 42);
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() - 1), good + "x", std::string("key"),
        std::string("k\0\2", 3) + EncodeNumber(1), VersionKey("key", 0)}) {
    EXPECT_FALSE(DecodeVersionKey(bad, &decoded));
  }
}

TEST(FormatTest, EmptyValueIsNoDeletion) {
  std::optional<absl::string_view> value;
  const std::string empty = EncodeVersion("");
  ASSERT_TRUE(DecodeVersion(empty, &value));
  EXPECT_EQ(value, "");
  const std::string deletion = EncodeVersion(std::nullopt);
  ASSERT_TRUE(DecodeVersion(deletion, &value));
  EXPECT_FALSE(value.has_value());
  EXPECT_FALSE(DecodeVersion("", &value));
  EXPECT_FALSE(DecodeVersion("\x02x", &value));
  EXPECT_FALSE(DecodeVersion(deletion + "x", &value));
}

TEST(FormatTest, FeedEntriesKeepNumberOrderAndBytes) {
  for (const std::vector<std::string>& entries :
       {std::vector<std::string>{}, {""}, {"b", "a", std::string("\0", 1)}}) {
    std::vector<std::string> decoded;
    ASSERT_TRUE(DecodeFeedEntries(EncodeFeedEntries(entries), &decoded));
    EXPECT_EQ(decoded, entries);
  }
  std::vector<std::string> decoded;
  EXPECT_FALSE(DecodeFeedEntries(EncodeFeedEntries({"a"}) + "x", &decoded));
  EXPECT_FALSE(DecodeFeedEntries("", &decoded));
}

TEST(FormatTest, AnswerDecodesToWhatWasEncoded) {
  KeptAnswer answer{"id", "digest", "answer", absl::FromUnixMicros(-5), 9};
  KeptAnswer decoded;
  ASSERT_TRUE(DecodeAnswer("id", EncodeAnswer(answer), &decoded));
  EXPECT_EQ(decoded.request_id, "id");
  EXPECT_EQ(decoded.request_digest, "digest");
  EXPECT_EQ(decoded.answer, "answer");
  EXPECT_EQ(decoded.expires_at, answer.expires_at);
  EXPECT_EQ(decoded.revision, 9);
  EXPECT_FALSE(DecodeAnswer("id", "short", &decoded));
}

TEST(FormatTest, PinDecodesToWhatWasEncoded) {
  PinnedRevision pin;
  ASSERT_TRUE(DecodePinKey(PinKey(7, "owner"), &pin));
  EXPECT_EQ(pin.revision, 7);
  EXPECT_EQ(pin.owner, "owner");
  EXPECT_FALSE(DecodePinKey("head", &pin));
}

TEST(FormatTest, HeadSlotIsRefusedWhenTornOrOfAnotherStore) {
  const std::string slot = EncodeHeadSlot("me", 123);
  EXPECT_EQ(slot.size(), kHeadSlotBytes);
  EXPECT_EQ(DecodeHeadSlot("me", slot), 123);
  EXPECT_EQ(DecodeHeadSlot("you", slot), std::nullopt);
  constexpr size_t kUsedBytes = 36;  // the rest of the sector is padding
  for (size_t i = 0; i < kUsedBytes; ++i) {
    std::string torn = slot;
    torn[i] = static_cast<char>(torn[i] ^ 1);
    EXPECT_EQ(DecodeHeadSlot("me", torn), std::nullopt) << i;
    EXPECT_EQ(DecodeHeadSlot("me", slot.substr(0, i)), std::nullopt) << i;
  }
}

TEST(FormatTest, MarkerIsRefusedUnlessWhole) {
  const std::string marker = EncodeMarker("1234abcd");
  EXPECT_EQ(DecodeMarker(marker), "1234abcd");
  EXPECT_EQ(DecodeMarker(marker.substr(0, marker.size() - 1)), std::nullopt);
  EXPECT_EQ(DecodeMarker(""), std::nullopt);
}

}  // namespace
}  // namespace tandem::storage::format
