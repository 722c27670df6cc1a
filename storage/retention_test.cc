#include "storage/retention.h"

#include "gtest/gtest.h"

namespace tandem::storage {
namespace {

struct Case {
  const char* name;
  Revision oldest;
  std::set<Revision> also_kept;
  std::vector<VersionMark> newest_first;
  std::vector<Revision> dropped;
};

TEST(RetentionTest, DropsWhatNoKeptRevisionReads) {
  const Case cases[] = {
      {"newer than the trim", 3, {}, {{5}, {4}}, {}},
      {"read at the trim's revision", 3, {}, {{5}, {2}}, {}},
      {"superseded before it", 3, {}, {{3}, {2}, {1}}, {2, 1}},
      {"read at a pinned revision", 7, {5}, {{9}, {6}, {4}, {1}}, {1}},
      {"pin older than every version", 7, {2}, {{9}, {6}, {4}}, {4}},
      {"pins after the trim change nothing", 3, {8}, {{9}, {2}, {1}}, {1}},
      {"deleted long ago", 3, {}, {{2, true}, {1}}, {1, 2}},
      {"deleted, but read by a pin before", 3, {1}, {{2, true}, {1}}, {}},
      {"deleted after the trim", 3, {}, {{4, true}, {1}}, {}},
      {"written again", 3, {}, {{4}, {2, true}, {1}}, {1, 2}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Retention(one.oldest, one.also_kept).Dropped(one.newest_first), one.dropped)
        << one.name;
  }
}

}  // namespace
}  // namespace tandem::storage
