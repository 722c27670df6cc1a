#include "services/profiles/identity/key_store.h"

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/raw_bytes.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const absl::Time kMonday = absl::FromUnixSeconds(1'780'000'000);

class KeyStoreTest : public testing::Test {
 protected:
  KeyStoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    store_ = KeyStore::Open(Path()).value();
  }

  absl::Status Create(const std::vector<std::string>& people) {
    std::vector<NewKey> keys;
    for (const std::string& person : people) keys.push_back({person, Secret::Random().value()});
    return store_->CreateKeys(keys);
  }

  std::string Path() const { return folder_.Join("keys"); }

  std::string KeyOf(absl::string_view person) {
    return std::string(store_->FetchKey(person).value().bytes());
  }

  base::TempDir folder_;
  std::unique_ptr<KeyStore> store_;
};

TEST_F(KeyStoreTest, KeysDifferAndStayTheSameAcrossARestart) {
  TANDEM_ASSERT_OK(Create({"ann", "ben"}));
  const std::string ann = KeyOf("ann");
  const std::string secret(store_->digest_secret().bytes());
  const std::string id = store_->id();
  EXPECT_NE(ann, KeyOf("ben"));

  Reopen();

  EXPECT_EQ(KeyOf("ann"), ann);
  EXPECT_EQ(store_->digest_secret().bytes(), secret);
  EXPECT_EQ(store_->id(), id);
}

TEST_F(KeyStoreTest, AKeyIsNeverReplaced) {
  const Secret key = Secret::Random().value();
  TANDEM_ASSERT_OK(store_->CreateKeys({{"ann", key}}));

  TANDEM_ASSERT_OK(store_->CreateKeys({{"ann", key}}));
  EXPECT_THAT(Create({"ben", "ann"}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("ann has another key")));

  EXPECT_EQ(KeyOf("ann"), key.bytes());
  EXPECT_THAT(store_->FetchKey("ben"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(KeyStoreTest, NoFileHoldsAKeyInTheClear) {
  TANDEM_ASSERT_OK(Create({"ann"}));

  EXPECT_THAT(FilesContaining(Path(), KeyOf("ann")), IsEmpty());
  EXPECT_THAT(FilesContaining(Path(), store_->WrappedKey("ann").value()), Not(IsEmpty()));
}

TEST_F(KeyStoreTest, ADestroyedKeyIsGoneFromEveryFile) {
  TANDEM_ASSERT_OK(Create({"ann", "ben"}));
  const std::string wrapped = store_->WrappedKey("ann").value();
  const std::string bens = KeyOf("ben");

  TANDEM_ASSERT_OK(store_->Destroy({{"ann", kMonday}}));

  EXPECT_THAT(FilesContaining(Path(), wrapped), IsEmpty());
  const absl::Status gone = store_->FetchKey("ann").status();
  EXPECT_THAT(gone, StatusIs(absl::StatusCode::kNotFound, HasSubstr("was erased")));
  EXPECT_TRUE(IsErased(gone));
  EXPECT_EQ(KeyOf("ben"), bens);
}

TEST_F(KeyStoreTest, AnErasedPersonNeverGetsAKeyAgain) {
  TANDEM_ASSERT_OK(Create({"ann"}));
  TANDEM_ASSERT_OK(store_->Destroy({{"ann", kMonday}}));

  Reopen();

  EXPECT_THAT(Create({"ben", "ann"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("ann was erased")));
  EXPECT_THAT(store_->FetchKey("ben"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(KeyStoreTest, ARestoredBackupForgetsAgainWhomItHadBroughtBack) {
  TANDEM_ASSERT_OK(Create({"ann", "ben", "cem"}));
  TANDEM_ASSERT_OK(store_->Destroy({{"cem", kMonday - absl::Hours(48)}}));
  store_.reset();
  std::filesystem::copy(Path(), folder_.Join("backup"), std::filesystem::copy_options::recursive);
  Reopen();
  TANDEM_ASSERT_OK(store_->Destroy({{"ann", kMonday}}));
  TANDEM_ASSERT_OK_AND_ASSIGN(std::vector<Erasure> erasures,
                              store_->ErasedSince(kMonday - absl::Hours(1)));
  EXPECT_THAT(erasures, ElementsAre(Erasure{"ann", kMonday}));

  TANDEM_ASSERT_OK_AND_ASSIGN(std::unique_ptr<KeyStore> restored,
                              KeyStore::Open(folder_.Join("backup")));
  const std::string wrapped = restored->WrappedKey("ann").value();
  TANDEM_ASSERT_OK(restored->ApplyErasures(erasures));

  EXPECT_TRUE(IsErased(restored->FetchKey("ann").status()));
  EXPECT_THAT(FilesContaining(folder_.Join("backup"), wrapped), IsEmpty());
  EXPECT_TRUE(restored->FetchKey("ben").ok());
  EXPECT_THAT(restored->ErasedSince(absl::InfinitePast()),
              IsOkAndHolds(
                  ElementsAre(Erasure{"ann", kMonday}, Erasure{"cem", kMonday - absl::Hours(48)})));
}

TEST_F(KeyStoreTest, ConcurrentErasuresAllReachTheFiles) {
  std::vector<std::string> people;
  for (int i = 0; i < 8; ++i) people.push_back(absl::StrCat("person", i));
  TANDEM_ASSERT_OK(Create(people));
  std::vector<std::string> wrapped;
  for (const std::string& person : people) wrapped.push_back(store_->WrappedKey(person).value());

  std::vector<std::thread> threads;
  for (const std::string& person : people) {
    threads.emplace_back([&, person] { EXPECT_TRUE(store_->Destroy({{person, kMonday}}).ok()); });
  }
  for (std::thread& thread : threads) thread.join();

  for (const std::string& bytes : wrapped) EXPECT_THAT(FilesContaining(Path(), bytes), IsEmpty());
}

TEST_F(KeyStoreTest, AMissingOrForeignMasterKeyIsAClearError) {
  store_.reset();
  std::filesystem::rename(Path() + "/master.key", folder_.Join("aside"));

  EXPECT_THAT(KeyStore::Open(Path()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("without its master key")));

  TANDEM_ASSERT_OK(KeyStore::Open(folder_.Join("other")));
  std::filesystem::copy(folder_.Join("other/master.key"), Path() + "/master.key");
  EXPECT_THAT(KeyStore::Open(Path()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("master.key is not the key of")));
}

}  // namespace
}  // namespace tandem::profiles
