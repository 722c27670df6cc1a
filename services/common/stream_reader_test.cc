#include "services/common/stream_reader.h"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/method_registry.h"
#include "services/common/server.h"
#include "services/common/testing/echo_service.grpc.pb.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using echo::v1::FeedService;
using v1::WatchChangesRequest;
using v1::WatchChangesResponse;

// Streams the revisions after the one asked for up to 3, and then fails; after 3, waits for the end
// of the call.
absl::Status Count(const CallContext& call, const WatchChangesRequest& request,
                   StreamWriter<WatchChangesResponse>& writer) {
  if (request.after_revision() >= 3) {
    call.cancellation()->WaitUntil(absl::InfiniteFuture());
    return absl::CancelledError("the caller hung up");
  }
  for (int64_t revision = request.after_revision() + 1; revision <= 3; ++revision) {
    WatchChangesResponse step;
    step.set_revision(revision);
    if (!writer.Write(step)) return absl::CancelledError("the caller hung up");
  }
  return absl::OutOfRangeError("there are three");
}

class StreamReaderTest : public ::testing::Test {
 protected:
  StreamReaderTest() {
    auto registry = std::make_unique<MethodRegistry>();
    registry->AddServerStream<WatchChangesRequest, WatchChangesResponse>(
        "tandem.echo.v1.FeedService/WatchChanges", Count);
    server_ = *Server::Start({}, std::move(registry));
    stub_ = FeedService::NewStub(MakeChannel(server_->address()));
    PrepareCall("test", v1::ROLE_SERVICE, absl::ZeroDuration(), &context_);
  }

  void Start(int64_t after) {
    request_.set_after_revision(after);
    stub_->async()->WatchChanges(&context_, &request_, &reader_);
    reader_.Start();
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<FeedService::Stub> stub_;
  grpc::ClientContext context_;
  WatchChangesRequest request_;
  StreamReader<WatchChangesResponse> reader_;
};

TEST_F(StreamReaderTest, MessagesComeInOrderAndThenTheStatusOfTheServer) {
  Start(0);
  std::vector<int64_t> read;
  for (WatchChangesResponse step; reader_.Read(&step);) read.push_back(step.revision());

  EXPECT_THAT(read, testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(reader_.Finish(), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(StreamReaderTest, ACancelledStreamIsFinishedWhetherOrNotAllWasRead) {
  Start(1);
  WatchChangesResponse step;
  ASSERT_TRUE(reader_.Read(&step));
  EXPECT_EQ(step.revision(), 2);
  context_.TryCancel();
  // The server may have ended first.
  EXPECT_THAT(reader_.Finish(), testing::AnyOf(StatusIs(absl::StatusCode::kCancelled),
                                               StatusIs(absl::StatusCode::kOutOfRange)));
}

TEST_F(StreamReaderTest, CancellingEndsAReadThatWaits) {
  Start(3);
  std::thread canceller([&] { context_.TryCancel(); });
  WatchChangesResponse step;
  EXPECT_FALSE(reader_.Read(&step));
  canceller.join();
  EXPECT_THAT(reader_.Finish(), StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace tandem::common
