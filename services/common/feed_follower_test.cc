#include "services/common/feed_follower.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/change_feed.h"
#include "services/common/method_registry.h"
#include "services/common/resource_store.h"
#include "services/common/server.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "services/common/testing/test_call.h"
#include "storage/in_memory/in_memory_store.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using echo::v1::EchoMessage;
using echo::v1::FeedService;
using v1::WatchChangesRequest;
using v1::WatchChangesResponse;

absl::Time HangGuard() { return absl::Now() + absl::Seconds(60); }

// A server whose every stream is a step without a revision and then, unless the end comes first,
// one with.
struct SnapshotThenFailure {
  explicit SnapshotThenFailure(absl::Status end = absl::OkStatus()) {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddServerStream<WatchChangesRequest, WatchChangesResponse>(
        "tandem.echo.v1.FeedService/WatchChanges",
        [end](const CallContext&, const WatchChangesRequest&,
              StreamWriter<WatchChangesResponse>& writer) {
          WatchChangesResponse step;
          writer.Write(step);
          if (!end.ok()) return end;
          step.set_revision(7);
          writer.Write(step);
          return absl::OkStatus();
        });
    server = *Server::Start({}, std::move(registry));
    stub = FeedService::NewStub(MakeChannel(server->address()));
  }

  std::unique_ptr<Server> server;
  std::unique_ptr<FeedService::Stub> stub;
};

class FeedFollowerTest : public ::testing::Test {
 protected:
  FeedFollowerTest() : store_(storage::NewInMemoryStore()) {
    ResourceStoreOptions options;
    options.name = "needs";
    resources_ = *ResourceStore::Open(store_, options);
    StartServer("127.0.0.1:0");
    stub_ = FeedService::NewStub(MakeChannel(server_->address()));
  }

  void StartServer(const std::string& address) {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddServerStream<WatchChangesRequest, WatchChangesResponse>(
        "tandem.echo.v1.FeedService/WatchChanges",
        [this](const CallContext& call, const WatchChangesRequest& request,
               StreamWriter<WatchChangesResponse>& writer) {
          return ServeWatchChanges(*resources_, call, request, writer);
        });
    ServerOptions options;
    options.address = address;
    server_ = *Server::Start(options, std::move(registry));
  }

  storage::Revision Commit() {
    return resources_
        ->Write(*TestCall(), WriteMode::kCommit,
                [](const storage::Snapshot&, ChangeSet* set) {
                  set->AddChange("items/1", v1::CHANGE_KIND_UPDATED, "", "", "");
                  return absl::OkStatus();
                })
        ->revision;
  }

  // A follower that collects the revisions of all changes.
  using Follower = FeedFollower<WatchChangesRequest, WatchChangesResponse>;
  std::unique_ptr<Follower> Follow(FeedFollowerOptions options, Follower::Apply apply = nullptr) {
    auto follower = std::make_unique<Follower>(
        options,
        [this](grpc::ClientContext* context, const WatchChangesRequest* request,
               grpc::ClientReadReactor<WatchChangesResponse>* reader) {
          stub_->async()->WatchChanges(context, request, reader);
        },
        apply ? apply : [this](const WatchChangesResponse& step) { return Collect(step); });
    follower->Start();
    return follower;
  }
  absl::Status Collect(const WatchChangesResponse& step) {
    absl::MutexLock lock(&mutex_);
    for (const v1::Change& change : step.changes()) seen_.push_back(change.revision());
    return absl::OkStatus();
  }
  std::vector<int64_t> Seen() {
    absl::MutexLock lock(&mutex_);
    return seen_;
  }

  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<ResourceStore> resources_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<FeedService::Stub> stub_;
  absl::Mutex mutex_;
  std::vector<int64_t> seen_ ABSL_GUARDED_BY(mutex_);
};

std::vector<int64_t> Numbers(int64_t first, int64_t last) {
  std::vector<int64_t> numbers;
  for (int64_t number = first; number <= last; ++number) numbers.push_back(number);
  return numbers;
}

TEST_F(FeedFollowerTest, SeesEveryCommitOnceAcrossServerRestarts) {
  const auto follower = Follow({});
  const std::string address = server_->address();
  storage::Revision last = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) last = Commit();
    ASSERT_TRUE(follower->WaitForRevision(last, HangGuard()));
    server_.reset();
    for (int i = 0; i < 5; ++i) last = Commit();
    StartServer(address);
  }
  ASSERT_TRUE(follower->WaitForRevision(last, HangGuard()));
  follower->Stop();

  EXPECT_EQ(Seen(), Numbers(2, last));  // revision 1 holds the store's own key
}

TEST_F(FeedFollowerTest, ResumesAfterTheGivenRevision) {
  for (int i = 0; i < 9; ++i) Commit();
  FeedFollowerOptions options;
  options.start_after = 5;
  const auto follower = Follow(options);
  ASSERT_TRUE(follower->WaitForRevision(10, HangGuard()));
  EXPECT_TRUE(follower->connected());
  follower->Stop();

  EXPECT_EQ(Seen(), Numbers(6, 10));
}

TEST_F(FeedFollowerTest, StepThatWasNotAppliedComesAgain) {
  const storage::Revision last = Commit();
  std::atomic<int> attempts = 0;
  const auto follower = Follow({}, [&](const WatchChangesResponse& step) {
    if (++attempts < 3) return absl::UnavailableError("disk busy");
    return Collect(step);
  });
  ASSERT_TRUE(follower->WaitForRevision(last, HangGuard()));
  follower->Stop();

  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(Seen(), Numbers(2, last));
}

TEST_F(FeedFollowerTest, WaitsLongerAndLongerWhileTheStepAfterAGoodOneCannotBeApplied) {
  Commit();
  // As an index does that takes a snapshot in (a step that does not move the resume point) and
  // fails at what comes after it, again and again.
  FeedFollowerOptions options;
  options.min_backoff = absl::Milliseconds(1);
  options.max_backoff = absl::Seconds(30);
  std::atomic<int> streams = 0;
  SnapshotThenFailure server;
  const auto follower = std::make_unique<Follower>(
      options,
      [&](grpc::ClientContext* context, const WatchChangesRequest* request,
          grpc::ClientReadReactor<WatchChangesResponse>* reader) {
        ++streams;
        server.stub->async()->WatchChanges(context, request, reader);
      },
      [](const WatchChangesResponse& step) {
        return step.revision() == 0 ? absl::OkStatus() : absl::InternalError("cannot be applied");
      });
  const absl::Time begin = absl::Now();
  follower->Start();

  while (streams < 8 && absl::Now() < begin + absl::Seconds(60)) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  const absl::Duration taken = absl::Now() - begin;
  follower->Stop();

  EXPECT_EQ(streams, 8);
  // 2 + 4 + 8 + ... + 128 ms: sleeping takes at least what was asked for.
  EXPECT_GE(taken, absl::Milliseconds(254));
}

TEST_F(FeedFollowerTest, ASnapshotThatBreaksAgainAndAgainStaysAnError) {
  SnapshotThenFailure server(absl::DataLossError("a block is damaged"));
  std::atomic<int> steps{0};
  std::atomic<int> forgotten{0};
  std::unique_ptr<Follower> follower;
  follower = std::make_unique<Follower>(
      FeedFollowerOptions(),
      [&](grpc::ClientContext* context, const WatchChangesRequest* request,
          grpc::ClientReadReactor<WatchChangesResponse>* reader) {
        server.stub->async()->WatchChanges(context, request, reader);
      },
      [&](const WatchChangesResponse&) {
        if (++steps > 1 && follower->last_error().ok()) ++forgotten;
        return absl::OkStatus();
      });

  follower->Start();
  const absl::Time guard = HangGuard();
  while (steps < 4 && absl::Now() < guard) absl::SleepFor(absl::Milliseconds(5));
  follower->Stop();

  EXPECT_GE(steps, 4);
  EXPECT_EQ(forgotten, 0);
}

TEST_F(FeedFollowerTest, TrimmedFeedIsToldAndNotSkipped) {
  for (int i = 0; i < 5; ++i) Commit();
  TANDEM_ASSERT_OK(store_->Trim(4));
  FeedFollowerOptions options;
  options.start_after = 2;
  const auto follower = Follow(options);

  while (follower->last_error().code() != absl::StatusCode::kOutOfRange) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  follower->Stop();

  EXPECT_TRUE(Seen().empty());
  EXPECT_EQ(follower->revision(), 2);
}

TEST_F(FeedFollowerTest, StopEndsAWaitingFollower) {
  const auto follower = Follow({});

  follower->Stop();
  follower->Stop();

  EXPECT_FALSE(follower->connected());
}

}  // namespace
}  // namespace tandem::common
