#include "storage/revision_cache.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::storage {
namespace {

TEST(RevisionCacheTest, TellsAbsentFromUnknown) {
  RevisionCache cache(10);
  cache.Put("absent", 0);
  EXPECT_EQ(cache.Find("absent"), 0);
  EXPECT_EQ(cache.Find("unknown"), std::nullopt);
}

TEST(RevisionCacheTest, LastPutWins) {
  RevisionCache cache(1);
  cache.Put("a", 1);
  cache.Put("b", 2);  // "a" is in the old generation now
  cache.Put("a", 3);
  EXPECT_EQ(cache.Find("a"), 3);
}

TEST(RevisionCacheTest, ForgetsTheLeastUsedAndKeepsTheUsed) {
  RevisionCache cache(10);
  cache.Put("used", 1);
  cache.Put("unused", 2);
  for (int i = 0; i < 100; ++i) {
    cache.Put(absl::StrCat("k", i), 3);
    ASSERT_EQ(cache.Find("used"), 1);
  }
  EXPECT_EQ(cache.Find("unused"), std::nullopt);
}

}  // namespace
}  // namespace tandem::storage
