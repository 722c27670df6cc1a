#include "storage/record_cache.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::storage {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;

// A group of one commit that writes `key`, or deletes it.
std::vector<NumberedCommit> Writes(const std::string& key, std::optional<std::string> value,
                                   Revision revision) {
  std::vector<NumberedCommit> group(1);
  group[0].revision = revision;
  group[0].commit.mutations = {{key, std::move(value)}};
  return group;
}

// What a snapshot of `revision` gets; "" when the cache does not know.
std::string Found(RecordCache& cache, const std::string& key, Revision revision) {
  const std::shared_ptr<const Record> record = cache.Find(key, revision);
  return record == nullptr ? "" : absl::StrCat(record->value, "@", record->revision);
}

TEST(RecordCacheTest, WhatASnapshotShowedIsFoundByIt) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", "value", 3});
  EXPECT_EQ(Found(cache, "key", 5), "value@3");
  EXPECT_EQ(Found(cache, "other", 5), "");
}

TEST(RecordCacheTest, ACommitReplacesWhatIsHeld) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", "old", 3});
  cache.Committed(Writes("key", "new", 6));
  EXPECT_EQ(Found(cache, "key", 6), "new@6");
}

TEST(RecordCacheTest, AnOlderSnapshotDoesNotSeeWhatCameAfterIt) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", "old", 3});
  cache.Committed(Writes("key", "new", 6));
  EXPECT_EQ(Found(cache, "key", 5), "");
  EXPECT_EQ(Found(cache, "key", 2), "");
}

TEST(RecordCacheTest, WhatWasReadBeforeACommitIsNotKept) {
  RecordCache cache(kMaxBytes, 5);
  cache.Committed(Writes("key", "new", 6));
  cache.Learn(5, {"key", "old", 3});  // read before, told after
  EXPECT_EQ(Found(cache, "key", 6), "");
  cache.Learn(6, {"key", "new", 6});
  cache.Learn(5, {"key", "old", 3});
  EXPECT_EQ(Found(cache, "key", 6), "new@6");
}

TEST(RecordCacheTest, ADeletedRecordIsForgotten) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", "value", 3});
  cache.Committed(Writes("key", std::nullopt, 6));
  EXPECT_EQ(Found(cache, "key", 6), "");
  EXPECT_EQ(Found(cache, "key", 5), "");
}

TEST(RecordCacheTest, CommitsAddNothing) {
  RecordCache cache(kMaxBytes, 5);
  cache.Committed(Writes("key", "value", 6));
  EXPECT_EQ(Found(cache, "key", 6), "");
}

TEST(RecordCacheTest, OfAGroupTheLastWriteIsHeld) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", "value", 3});
  std::vector<NumberedCommit> group = Writes("key", "first", 6);
  group.push_back(Writes("key", "second", 7)[0]);
  cache.Committed(group);
  EXPECT_EQ(Found(cache, "key", 7), "second@7");
}

TEST(RecordCacheTest, TheUnusedIsForgottenAndTheUsedIsKept) {
  RecordCache cache(kMaxBytes, 5);
  const std::string value(400, 'v');
  cache.Learn(5, {"used", value, 1});
  cache.Learn(5, {"unused", value, 1});
  for (int i = 0; i < 1000; ++i) {
    cache.Learn(5, {absl::StrCat("key", i), value, 1});
    ASSERT_NE(cache.Find("used", 5), nullptr);
  }
  EXPECT_EQ(cache.Find("unused", 5), nullptr);
}

TEST(RecordCacheTest, ALateGenerationDoesNotBringBackAnOldVersion) {
  RecordCache cache(kMaxBytes, 5);
  const std::string value(400, 'v');
  cache.Learn(5, {"key", "old", 3});
  for (int i = 0; i < 100; ++i) cache.Learn(5, {absl::StrCat("key", i), value, 1});
  cache.Committed(Writes("key", "new", 6));
  for (int i = 0; i < 1000; ++i) {
    cache.Learn(6, {absl::StrCat("key", i), value, 1});
    const std::string found = Found(cache, "key", 6);
    ASSERT_EQ(found, "new@6");
  }
}

TEST(RecordCacheTest, ALargeRecordIsNotKept) {
  RecordCache cache(kMaxBytes, 5);
  cache.Learn(5, {"key", std::string(kMaxBytes / 16, 'v'), 3});
  EXPECT_EQ(cache.Find("key", 5), nullptr);
}

}  // namespace
}  // namespace tandem::storage
