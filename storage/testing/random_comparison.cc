#include "storage/testing/random_comparison.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::StatusIs;

Model::State Everything(const Snapshot& snapshot, const std::string& start,
                        const std::string& end) {
  Model::State state;
  std::string last;
  EXPECT_THAT(snapshot.Scan(start, end,
                            [&](const Record& record) {
                              EXPECT_TRUE(state.empty() || last < record.key) << "out of order";
                              last = record.key;
                              state[record.key] = {record.value, record.revision};
                              return true;
                            }),
              IsOk());
  return state;
}

}  // namespace

int RandomComparison::Number(int below) { return static_cast<int>(random_() % below); }

Revision RandomComparison::AnyRevision() {
  return static_cast<Revision>(random_() % static_cast<uint64_t>(model_.head() + 3)) - 1;
}

std::string RandomComparison::Key() {
  // Few keys, so that they meet; some with the bytes that the format escapes.
  static const char* const kTails[] = {"", "\x01", "\xFF", "x", "y"};
  std::string key(1, static_cast<char>('a' + Number(3)));
  if (Number(3) == 0) key.push_back('\0');
  return key + kTails[Number(5)];
}

Expectation RandomComparison::RandomExpectation(const std::string& key) {
  const Model::State& newest = model_.At(model_.head());
  auto found = newest.find(key);
  const Revision actual = found == newest.end() ? 0 : found->second.second;
  return {key, Number(8) == 0 ? std::max<Revision>(0, AnyRevision()) : actual};
}

Commit RandomComparison::RandomCommit() {
  Commit commit;
  std::set<std::string> keys;
  for (int i = Number(4); i >= 0; --i) keys.insert(Key());
  for (const std::string& key : keys) {
    if (Number(3) == 0) commit.expectations.push_back(RandomExpectation(key));
    if (Number(4) == 0) {
      commit.mutations.push_back({key, std::nullopt});
    } else {
      commit.mutations.push_back(
          {key, absl::StrCat(random_(), std::string(static_cast<size_t>(Number(300)), 'v'))});
    }
  }
  for (int i = Number(3); i > 0; --i) commit.feed_entries.push_back(absl::StrCat(random_()));
  if (Number(3) == 0) {
    KeptAnswer answer;
    answer.request_id = absl::StrCat("request ", Number(50));
    answer.request_digest = absl::StrCat(random_());
    answer.answer = absl::StrCat(random_());
    answer.expires_at = absl::FromUnixMicros(micros_ + Number(1000));
    commit.answer = answer;
  }
  return commit;
}

void RandomComparison::ApplyOne() {
  const Commit commit = RandomCommit();
  const absl::StatusCode expected = model_.Apply(commit);
  const absl::StatusOr<Revision> actual = store_->Apply(commit);
  ASSERT_EQ(actual.status().code(), expected) << actual.status();
  if (actual.ok()) {
    ASSERT_EQ(*actual, model_.head());
  }
  if (expected == absl::StatusCode::kAlreadyExists) {
    ASSERT_EQ(KeptAnswerOf(actual.status())->answer,
              model_.FindAnswer(commit.answer->request_id)->answer);
  }
}

void RandomComparison::ReadOne() {
  const Revision revision = AnyRevision();
  absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->At(revision);
  if (!model_.Readable(revision)) {
    ASSERT_THAT(snapshot, StatusIs(absl::StatusCode::kOutOfRange));
    return;
  }
  ASSERT_THAT(snapshot, IsOk());
  const std::string key = Key();
  const absl::StatusOr<std::optional<Record>> record = (*snapshot)->Get(key);
  ASSERT_THAT(record, IsOk());
  auto expected = model_.At(revision).find(key);
  ASSERT_EQ(record->has_value(), expected != model_.At(revision).end());
  if (!record->has_value()) return;
  ASSERT_EQ((*record)->value, expected->second.first);
  ASSERT_EQ((*record)->revision, expected->second.second);
}

void RandomComparison::ReadRange() {
  const Revision revision = Number(2) == 0 ? model_.head() : AnyRevision();
  if (!model_.Readable(revision)) return;
  absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->At(revision);
  ASSERT_THAT(snapshot, IsOk());
  const std::string start = Number(4) == 0 ? "" : Key();
  const std::string end = Number(4) == 0 ? "" : Key();
  Model::State expected;
  for (const auto& [key, value] : model_.At(revision)) {
    if (key >= start && (end.empty() || key < end)) expected[key] = value;
  }
  ASSERT_EQ(Everything(**snapshot, start, end), expected);
}

void RandomComparison::ReadHistory() {
  absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->Latest();
  ASSERT_THAT(snapshot, IsOk());
  ASSERT_EQ((*snapshot)->revision(), model_.head());
  const std::string key = Key();
  std::vector<Version> actual;
  for (Revision newest = model_.head();;) {  // in pages of 2
    absl::StatusOr<std::vector<Version>> page = (*snapshot)->History(key, newest, 2);
    ASSERT_THAT(page, IsOk());
    if (page->empty()) break;
    newest = page->back().revision - 1;
    for (Version& version : *page) {
      if (version.value.has_value()) actual.push_back(std::move(version));
    }
  }
  // More may be listed: what a lost pin or an interrupted trim left until the next trim.
  size_t at = 0;
  for (const Version& version : model_.VersionsReadable(key, model_.head())) {
    while (at < actual.size() && actual[at].revision > version.revision) ++at;
    ASSERT_LT(at, actual.size()) << "version " << version.revision << " is missing";
    ASSERT_EQ(actual[at].revision, version.revision);
    ASSERT_EQ(actual[at].value, version.value);
  }
}

void RandomComparison::FollowFeed() {
  if (followed_ < model_.oldest()) followed_ = model_.oldest();  // "list, then follow"
  const int most = 1 + Number(5);
  const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(followed_, most, 1 + Number(200));
  ASSERT_THAT(batch, IsOk());
  ASSERT_EQ(batch->head, model_.head());
  ASSERT_EQ(batch->commits.empty(), followed_ == model_.head());
  ASSERT_LE(static_cast<int>(batch->commits.size()), most);
  for (const FeedRecord& record : batch->commits) {
    ASSERT_EQ(record.revision, ++followed_);
    ASSERT_EQ(record.entries, model_.Entries(record.revision));
  }
}

void RandomComparison::ReadFeedAnywhere() {
  const Revision after = AnyRevision();
  const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(after, 3, 1000);
  if (after < model_.oldest() || after > model_.head()) {
    ASSERT_THAT(batch, StatusIs(absl::StatusCode::kOutOfRange));
    return;
  }
  ASSERT_THAT(batch, IsOk());
  for (const FeedRecord& record : batch->commits) {
    ASSERT_EQ(record.entries, model_.Entries(record.revision));
  }
}

void RandomComparison::HoldOrCompareSnapshot() {
  if (held_.size() < 4) {
    const Revision revision = Number(2) == 0 ? model_.head() : AnyRevision();
    if (!model_.Readable(revision)) return;
    absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->At(revision);
    ASSERT_THAT(snapshot, IsOk());
    held_.push_back({*std::move(snapshot), model_.At(revision)});
    return;
  }
  ASSERT_EQ(Everything(*held_.front().snapshot, "", ""), held_.front().expected);
  held_.pop_front();
}

void RandomComparison::PinOrUnpin() {
  const std::string owner = absl::StrCat("owner ", Number(3));
  if (Number(2) == 0 && !model_.pins().empty()) {
    auto pin = model_.pins().begin();
    std::advance(pin, Number(static_cast<int>(model_.pins().size())));
    const auto [revision, pinned_by] = *pin;
    ASSERT_THAT(store_->Unpin(revision, pinned_by), IsOk());
    model_.Unpin(revision, pinned_by);
  } else {
    const Revision revision = AnyRevision();
    const bool readable = model_.Readable(revision);
    ASSERT_THAT(store_->Pin(revision, owner),
                StatusIs(readable ? absl::StatusCode::kOk : absl::StatusCode::kOutOfRange));
    if (readable) model_.Pin(revision, owner);
  }
  const absl::StatusOr<std::vector<PinnedRevision>> pins = store_->Pins();
  ASSERT_THAT(pins, IsOk());
  std::set<std::pair<Revision, std::string>> actual;
  for (const PinnedRevision& pin : *pins) actual.insert({pin.revision, pin.owner});
  ASSERT_EQ(actual, model_.pins());
}

void RandomComparison::TrimOne() {
  const Revision oldest =
      Number(4) == 0
          ? AnyRevision()
          : model_.oldest() + Number(static_cast<int>(1 + (model_.head() - model_.oldest()) / 2));
  ASSERT_THAT(store_->Trim(oldest), StatusIs(model_.Trim(oldest)));
  ASSERT_EQ(store_->Revisions().oldest, model_.oldest());
}

void RandomComparison::ForgetOrFindAnswer() {
  if (Number(4) == 0) {
    micros_ += Number(300);
    const absl::Time now = absl::FromUnixMicros(micros_);
    ASSERT_THAT(store_->ForgetAnswers(now), base::IsOkAndHolds(model_.ForgetAnswers(now)));
    return;
  }
  const std::string id = absl::StrCat("request ", Number(50));
  const absl::StatusOr<std::optional<KeptAnswer>> actual = store_->FindAnswer(id);
  ASSERT_THAT(actual, IsOk());
  const std::optional<KeptAnswer> expected = model_.FindAnswer(id);
  ASSERT_EQ(actual->has_value(), expected.has_value());
  if (!expected.has_value()) return;
  ASSERT_EQ((*actual)->answer, expected->answer);
  ASSERT_EQ((*actual)->request_digest, expected->request_digest);
  ASSERT_EQ((*actual)->expires_at, expected->expires_at);
  ASSERT_EQ((*actual)->revision, expected->revision);
}

void RandomComparison::Reopen() {
  held_.clear();
  store_.reset();
  absl::StatusOr<std::unique_ptr<Store>> opened = backend_->Open();
  ASSERT_THAT(opened, IsOk());
  store_ = *std::move(opened);
  ASSERT_EQ(store_->Revisions().head, model_.head());
  ASSERT_EQ(store_->Revisions().oldest, model_.oldest());
}

void RandomComparison::Step() {
  const int choice = Number(1000);
  if (choice < 400) return ApplyOne();
  if (choice < 550) return ReadOne();
  if (choice < 620) return ReadRange();
  if (choice < 680) return ReadHistory();
  if (choice < 780) return FollowFeed();
  if (choice < 830) return ReadFeedAnywhere();
  if (choice < 880) return HoldOrCompareSnapshot();
  if (choice < 920) return PinOrUnpin();
  if (choice < 935) return TrimOne();
  if (choice < 992) return ForgetOrFindAnswer();
  if (backend_->durable()) Reopen();
}

void RandomComparison::Run(int steps) {
  absl::StatusOr<std::unique_ptr<Store>> opened = backend_->Open();
  ASSERT_THAT(opened, IsOk());
  store_ = *std::move(opened);
  for (int step = 0; step < steps; ++step) {
    Step();
    if (testing::Test::HasFatalFailure()) {
      ADD_FAILURE() << "at step " << step;
      return;
    }
  }
  absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->Latest();
  ASSERT_THAT(snapshot, IsOk());
  ASSERT_EQ(Everything(**snapshot, "", ""), model_.At(model_.head()));
  snapshot->reset();
  held_.clear();
}

}  // namespace tandem::storage
