#include "services/common/resource_id.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

TEST(ResourceIdTest, IsTwentySixCharactersOfBase32AndNeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = RandomId();
    EXPECT_EQ(id.size(), 26u);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(ResourceIdTest, KeysHaveThirtyTwoBytesAndDiffer) {
  EXPECT_EQ(RandomKey().size(), 32u);
  EXPECT_NE(RandomKey(), RandomKey());
}

}  // namespace
}  // namespace tandem::common
