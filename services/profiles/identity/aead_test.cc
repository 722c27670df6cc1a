#include "services/profiles/identity/aead.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"

namespace tandem::profiles {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;

Secret TestSecret(char fill) { return Secret::FromBytes(std::string(32, fill)).value(); }

TEST(AeadTest, OpensWhatItSealed) {
  for (const std::string& text : {std::string(), std::string("Abebe"), std::string(5000, 'x')}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, SealText(TestSecret('a'), text, "place"));

    EXPECT_EQ(sealed.size(), text.size() + kSealOverheadBytes);
    EXPECT_THAT(OpenText(TestSecret('a'), sealed, "place"), IsOkAndHolds(text));
  }
}

// Test case 15 of McGrew and Viega, "The Galois/Counter Mode of Operation" (AES-256, 96-bit nonce,
// no associated data).
TEST(AeadTest, OpensAPublishedTestVector) {
  const Secret key =
      Secret::FromBytes(absl::HexStringToBytes(
                            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
          .value();
  const std::string sealed = absl::HexStringToBytes(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
      "b094dac5d93471bdec1a502270e3cc6c");

  EXPECT_THAT(OpenText(key, sealed, ""),
              IsOkAndHolds(absl::HexStringToBytes(
                  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255")));
}

TEST(AeadTest, SealingTwiceGivesDifferentBytes) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string one, SealText(TestSecret('a'), "Abebe", "place"));
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string other, SealText(TestSecret('a'), "Abebe", "place"));

  EXPECT_NE(one, other);
}

TEST(AeadTest, EveryChangedByteIsNoticed) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, SealText(TestSecret('a'), "Abebe", "place"));

  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(OpenText(TestSecret('a'), changed, "place"), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(AeadTest, AnotherKeyOrPlaceOrAShorterTextDoesNotOpen) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, SealText(TestSecret('a'), "Abebe", "place"));

  EXPECT_THAT(OpenText(TestSecret('b'), sealed, "place"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(OpenText(TestSecret('a'), sealed, "elsewhere"),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(OpenText(TestSecret('a'), sealed.substr(0, 20), "place"),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace tandem::profiles
