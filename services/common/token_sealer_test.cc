#include "services/common/token_sealer.h"

#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/common/resource_id.h"
#include "storage/in_memory/in_memory_store.h"

namespace tandem::common {
namespace {

TEST(TokenSealerTest, OpensWhatItSealedAndOnlyWhereItBelongs) {
  const TokenSealer sealer(RandomKey());
  const std::string token = sealer.Seal("Ada", "17");

  EXPECT_EQ(sealer.Open("Ada", token), "17");
  EXPECT_EQ(sealer.Open("Grace", token), std::nullopt);
  EXPECT_EQ(TokenSealer(RandomKey()).Open("Ada", token), std::nullopt);
  EXPECT_EQ(sealer.Open("Ada", "none"), std::nullopt);
  EXPECT_EQ(sealer.Open("Ada", ""), std::nullopt);
}

TEST(TokenSealerTest, TextCannotMoveIntoTheBinding) {
  const TokenSealer sealer(RandomKey());

  EXPECT_EQ(sealer.Open("ab", sealer.Seal("a", "b")), std::nullopt);
  EXPECT_EQ(sealer.Open("", sealer.Seal("a", "b")), std::nullopt);
}

TEST(TokenSealerTest, EveryChangedCharacterIsNoticed) {
  const TokenSealer sealer(RandomKey());
  const std::string token = sealer.Seal("Ada", "position 17");

  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const std::optional<std::string> opened = sealer.Open("Ada", changed);
    // The last character may hold bits that stand for nothing.
    EXPECT_TRUE(!opened.has_value() || (i + 1 == token.size() && *opened == "position 17")) << i;
  }
}

TEST(TokenSealerTest, KeyOfAStoreStaysTheSame) {
  const auto store = storage::NewInMemoryStore();

  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string first, LoadOrMakeKey(*store, "meta/token-key"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string again, LoadOrMakeKey(*store, "meta/token-key"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string other, LoadOrMakeKey(*store, "meta/other-key"));

  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

}  // namespace
}  // namespace tandem::common
