#include "services/profiles/identity/keyed_digest.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {
namespace {

Secret TestSecret(char fill) { return Secret::FromBytes(std::string(32, fill)).value(); }

// From an independent implementation: Python's
// hmac.new(b"k" * 32, b"external-id\0a@example.org", "sha256").hexdigest()
TEST(KeyedDigestTest, IsHmacSha256OfPurposeNulData) {
  const KeyedDigest digest(TestSecret('k'));

  EXPECT_EQ(absl::BytesToHexString(digest.Digest("external-id", "a@example.org")),
            "d6c3298215e5e533222a9dc7715e232e69977da19105439ce57783f36410c28f");
}

TEST(KeyedDigestTest, SecretPurposeAndDataAllCount) {
  const KeyedDigest digest(TestSecret('k'));
  const KeyedDigest other(TestSecret('l'));

  const std::string reference = digest.Digest("request", "data");

  EXPECT_EQ(reference, digest.Digest("request", "data"));
  EXPECT_NE(reference, other.Digest("request", "data"));
  EXPECT_NE(reference, digest.Digest("external-id", "data"));
  EXPECT_NE(reference, digest.Digest("request", "data "));
  EXPECT_NE(reference, digest.Digest("requestdata", ""));
}

}  // namespace
}  // namespace tandem::profiles
