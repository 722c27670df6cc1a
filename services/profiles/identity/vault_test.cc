#include "services/profiles/identity/vault.h"

#include <string>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/key_store.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;
using testing::HasSubstr;

class VaultTest : public testing::Test {
 protected:
  VaultTest() : keys_(KeyStore::Open(folder_.Join("keys")).value()), vault_(keys_.get()) {
    EXPECT_TRUE(keys_->CreateKeys({ann_, {"ben", Secret::Random().value()}}).ok());
  }

  base::TempDir folder_;
  const NewKey ann_ = {"ann", Secret::Random().value()};
  std::unique_ptr<KeyStore> keys_;
  Vault vault_;
};

TEST_F(VaultTest, OpensWhatItSealed) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, vault_.Seal("ann", "identity", "Ann Example"));

  EXPECT_EQ(sealed.find("Ann"), std::string::npos);
  EXPECT_THAT(vault_.Open("ann", "identity", sealed), IsOkAndHolds("Ann Example"));
}

TEST_F(VaultTest, WhatANewKeySealedOpensOnceTheKeyIsStored) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, Vault::SealWith(ann_, "identity", "Ann Example"));

  EXPECT_THAT(vault_.Open("ann", "identity", sealed), IsOkAndHolds("Ann Example"));
}

TEST_F(VaultTest, OfAnErasedPersonNothingOpensOrIsSealed) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, vault_.Seal("ann", "identity", "Ann Example"));
  TANDEM_ASSERT_OK(keys_->Destroy({{"ann", absl::FromUnixSeconds(1)}}));

  EXPECT_TRUE(IsErased(vault_.Open("ann", "identity", sealed).status()));
  EXPECT_TRUE(IsErased(vault_.Seal("ann", "identity", "again").status()));
}

TEST_F(VaultTest, ARecordOfAnotherPersonOrKindIsDataLoss) {
  TANDEM_ASSERT_OK_AND_ASSIGN(std::string sealed, vault_.Seal("ann", "identity", "Ann Example"));
  std::string changed = sealed;
  changed.back() = static_cast<char>(changed.back() ^ 1);

  EXPECT_THAT(vault_.Open("ben", "identity", sealed), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(vault_.Open("ann", "contact", sealed), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(vault_.Open("ann", "identity", changed),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("the identity of the person ann")));
}

TEST_F(VaultTest, WithoutAKeyNothingIsSealed) {
  EXPECT_THAT(vault_.Seal("cem", "identity", "Cem Example"), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace tandem::profiles
