#include "services/common/token_sealer.h"

#include <string>

#include "absl/strings/escaping.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/common/resource_id.h"
#include "storage/in_memory/in_memory_store.h"

namespace tandem::common {
namespace {

// The test cases 1, 2 and 6 of RFC 4231.
TEST(HmacSha256Test, IsTheHmacOfRfc2104) {
  const auto hex = [](absl::string_view key, absl::string_view text) {
    return absl::BytesToHexString(HmacSha256(key, text));
  };
  EXPECT_EQ(hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

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
