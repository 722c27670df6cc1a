#include "services/audit/events/events_service.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit/audit_log.h"
#include "services/common/testing/test_call.h"
#include "storage/open.h"

namespace tandem::audit {
namespace {

using base::StatusIs;
using common::TestCall;
using common::v1::Change;
using events::v1::ListEventsRequest;
using events::v1::ListEventsResponse;
using events::v1::WatchEventsResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Takes the steps of a stream; ends it after `enough` events.
class Follower : public common::StreamWriter<WatchEventsResponse> {
 public:
  explicit Follower(size_t enough) : enough_(enough) {}

  bool Write(const WatchEventsResponse& step) override {
    absl::MutexLock lock(&mutex_);
    for (const auto& event : step.events()) ids_.push_back(event.event_id());
    cursor_ = step.cursor();
    ++steps_;
    return ids_.size() < enough_;
  }
  void WaitForSteps(int steps) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return steps_ >= steps; };
    ASSERT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(60)));
  }
  std::vector<std::string> ids() {
    absl::MutexLock lock(&mutex_);
    return ids_;
  }
  std::string cursor() {
    absl::MutexLock lock(&mutex_);
    return cursor_;
  }

 private:
  const size_t enough_;
  absl::Mutex mutex_;
  std::vector<std::string> ids_ ABSL_GUARDED_BY(mutex_);
  std::string cursor_ ABSL_GUARDED_BY(mutex_);
  int steps_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(MayLearnOfTest, TheProgrammeSystemLearnsNothingOfCredentials) {
  Change token;
  token.set_store("access");
  Change mentor;
  mentor.set_store("profiles");
  common::TestCallOptions programme_system;
  programme_system.role = common::v1::ROLE_PROGRAMME_SYSTEM;

  EXPECT_FALSE(MayLearnOf(*TestCall(programme_system), token));
  EXPECT_TRUE(MayLearnOf(*TestCall(programme_system), mentor));
  for (const auto role : {common::v1::ROLE_STAFF, common::v1::ROLE_APPROVER,
                          common::v1::ROLE_AUDITOR, common::v1::ROLE_ADMIN}) {
    common::TestCallOptions reader_of_the_log;
    reader_of_the_log.role = role;
    EXPECT_TRUE(MayLearnOf(*TestCall(reader_of_the_log), token));
  }
}

class EventsServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  // The log and the service as a process has them after its start.
  void Open() {
    events_ = nullptr;
    log_ = nullptr;
    store_ = nullptr;
    TANDEM_ASSERT_OK_AND_ASSIGN(store_, storage::Open(absl::StrCat("rocksdb:", folder_.path())));
    TANDEM_ASSERT_OK_AND_ASSIGN(log_, AuditLog::Open(store_, absl::Now));
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string key, common::LoadOrMakeKey(*store_, "key"));
    events_ = std::make_unique<EventsService>(
        store_.get(), common::TokenSealer(key),
        [this](const common::CallContext&, const Change& change) {
          return !absl::StartsWith(change.resource(), hidden_prefix_);
        });
  }

  // Commits of one change each.
  void Add(const std::string& store_name, int64_t first, int64_t last) {
    google::protobuf::RepeatedPtrField<Change> changes;
    for (int64_t revision = first; revision <= last; ++revision) {
      Change* change = changes.Add();
      change->set_store(store_name);
      change->set_revision(revision);
      change->set_resource(
          absl::StrCat(store_name == "needs" ? "programmes/" : "mentors/", revision));
      change->set_kind(common::v1::CHANGE_KIND_CREATED);
      change->set_actor("unauthenticated: test");
      change->set_request_id(absl::StrCat("r", revision));
    }
    TANDEM_ASSERT_OK(log_->Enqueue(store_name, changes, last));
    while (log_->DurableRevision(store_name) < last) absl::SleepFor(absl::Milliseconds(1));
  }

  ListEventsResponse List(const ListEventsRequest& request) {
    const auto response = events_->List(*call_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : ListEventsResponse();
  }

  // The ids of all events after `cursor`, page by page, to the end.
  std::vector<std::string> AllAfter(const std::string& cursor, int page_size = 7) {
    std::vector<std::string> ids;
    ListEventsRequest request;
    request.set_cursor(cursor);
    request.set_page_size(page_size);
    while (true) {
      const ListEventsResponse page = List(request);
      for (const auto& event : page.events()) ids.push_back(event.event_id());
      if (page.up_to_date()) return ids;
      request.set_cursor(page.next_cursor());
    }
  }

  base::TempDir folder_;
  std::string hidden_prefix_ = "none";
  TestCall call_;
  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<AuditLog> log_;
  std::unique_ptr<EventsService> events_;
};

TEST_F(EventsServiceTest, EveryChangeOfEveryStoreComesOnceAndInTheOrderOfItsStore) {
  Add("profiles", 1, 20);
  Add("needs", 1, 3);
  Add("profiles", 21, 30);

  const std::vector<std::string> ids = AllAfter("");

  ASSERT_THAT(ids, SizeIs(33));
  EXPECT_EQ(ids[0], "profiles-1-0");
  EXPECT_EQ(ids[20], "needs-1-0");
  EXPECT_EQ(ids[32], "profiles-30-0");
}

TEST_F(EventsServiceTest, CursorGoesOnAfterARestart) {
  Add("profiles", 1, 5);
  ListEventsRequest request;
  request.set_page_size(3);
  const std::string cursor = List(request).next_cursor();

  Open();
  Add("profiles", 6, 7);

  EXPECT_THAT(AllAfter(cursor),
              ElementsAre("profiles-4-0", "profiles-5-0", "profiles-6-0", "profiles-7-0"));
}

TEST_F(EventsServiceTest, StartNowLeavesOutWhatWasBefore) {
  Add("profiles", 1, 5);
  ListEventsRequest request;
  request.set_start(events::v1::EVENT_START_NOW);

  const ListEventsResponse now = List(request);
  Add("needs", 1, 1);

  EXPECT_THAT(now.events(), IsEmpty());
  EXPECT_TRUE(now.up_to_date());
  EXPECT_THAT(AllAfter(now.next_cursor()), ElementsAre("needs-1-0"));
}

TEST_F(EventsServiceTest, FilterTakesAndTheCursorGoesWithAnyFilter) {
  Add("profiles", 1, 5);
  Add("needs", 1, 2);
  ListEventsRequest request;
  request.set_filter("resource : \"programmes/\" AND kind = \"CREATED\"");
  request.set_page_size(1);

  const ListEventsResponse page = List(request);
  ASSERT_THAT(page.events(), SizeIs(1));
  EXPECT_EQ(page.events(0).event_id(), "needs-1-0");
  EXPECT_THAT(AllAfter(page.next_cursor()), ElementsAre("needs-2-0"));

  request.set_filter("actor = \"Ada\"");
  EXPECT_THAT(events_->List(*call_, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EventsServiceTest, HiddenChangesAreLeftOutAndTheCursorPassesThem) {
  Add("profiles", 1, 5);
  hidden_prefix_ = "mentors/";

  const ListEventsResponse page = List(ListEventsRequest());

  EXPECT_THAT(page.events(), IsEmpty());
  EXPECT_TRUE(page.up_to_date());
  hidden_prefix_ = "none";
  EXPECT_THAT(AllAfter(page.next_cursor()), IsEmpty());
}

TEST_F(EventsServiceTest, OnlyTheCallersOwnRequestIdsAreTold) {
  Add("profiles", 1, 1);
  common::TestCallOptions other;
  other.actor = "unauthenticated: other";

  EXPECT_EQ(List(ListEventsRequest()).events(0).own_request_id(), "r1");
  TANDEM_ASSERT_OK_AND_ASSIGN(const ListEventsResponse seen,
                              events_->List(*TestCall(other), ListEventsRequest()));
  EXPECT_EQ(seen.events(0).own_request_id(), "");
}

TEST_F(EventsServiceTest, CursorOfAnotherCallerAndOneThatWasMadeUpAreRefused) {
  Add("profiles", 1, 5);
  ListEventsRequest request;
  request.set_cursor(List(request).next_cursor());
  common::TestCallOptions other;
  other.actor = "unauthenticated: other";

  EXPECT_THAT(events_->List(*TestCall(other), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_cursor("MTI");
  EXPECT_THAT(events_->List(*call_, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EventsServiceTest, CursorBeyondARestoredLogIsToldInsteadOfSkipping) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string key, common::LoadOrMakeKey(*store_, "key"));
  Add("profiles", 1, 5);
  ListEventsRequest request;
  request.set_cursor(common::TokenSealer(key).Seal("event cursor 1\nunauthenticated: test", "6"));

  EXPECT_THAT(events_->List(*call_, request), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(EventsServiceTest, FollowerGetsWhatIsThereAndThenWhatComes) {
  Add("profiles", 1, 3);
  Follower follower(5);
  std::thread thread([&] {
    EXPECT_THAT(events_->Watch(*call_, events::v1::WatchEventsRequest(), follower),
                StatusIs(absl::StatusCode::kCancelled));
  });
  follower.WaitForSteps(1);
  EXPECT_THAT(follower.ids(), SizeIs(3));

  Add("needs", 1, 2);
  thread.join();

  EXPECT_THAT(follower.ids(), ElementsAre("profiles-1-0", "profiles-2-0", "profiles-3-0",
                                          "needs-1-0", "needs-2-0"));
  EXPECT_THAT(AllAfter(follower.cursor()), IsEmpty());
}

TEST_F(EventsServiceTest, FollowerOfAnEmptyLogIsToldThatItIsUpToDateAndEndsWhenCancelled) {
  Follower follower(1);
  std::thread thread([&] {
    EXPECT_FALSE(events_->Watch(*call_, events::v1::WatchEventsRequest(), follower).ok());
  });
  follower.WaitForSteps(1);

  call_.Cancel();
  thread.join();

  EXPECT_FALSE(follower.cursor().empty());
}

}  // namespace
}  // namespace tandem::audit
