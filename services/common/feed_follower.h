// Follows a server stream for as long as it lives: WatchChanges, WatchMentors and the like, whose
// steps carry the `revision` after which to resume. It reconnects after every loss, and resumes
// after the last revision that was applied, so nothing is skipped and no applied step comes twice.
//
//   FeedFollower<WatchMentorsRequest, WatchMentorsResponse> follower(
//       FeedFollowerOptions(),
//       [stub](grpc::ClientContext* context, const WatchMentorsRequest* request,
//              grpc::ClientReadReactor<WatchMentorsResponse>* reader) {
//         stub->async()->WatchMentors(context, request, reader);
//       },
//       [&](const WatchMentorsResponse& step) { return index.Apply(step); },
//       [&](int64_t after) { if (after == 0) index.BeginSnapshot(); });
//   follower.Start();
//
// A step whose revision is 0 (within a snapshot) does not move the resume point: after a loss the
// snapshot starts anew. `apply` may fail: the step counts as not applied and is asked for again.
// OUT_OF_RANGE (trimmed) resumes at 0 when `restart_when_trimmed`, else the follower keeps trying
// and says so in last_error(): losing changes silently is not for it to decide.
//
// The callbacks run on the follower's thread, one at a time. Thread-safe otherwise.
#ifndef SERVICES_COMMON_FEED_FOLLOWER_H_
#define SERVICES_COMMON_FEED_FOLLOWER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"
#include "services/common/client.h"
#include "services/common/stream_reader.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

struct FeedFollowerOptions {
  std::string actor = "tandem";  // as which it calls, in the role of a service
  v1::Role role = v1::ROLE_SERVICE;
  int64_t start_after = 0;
  bool restart_when_trimmed = false;
  absl::Duration min_backoff = absl::Milliseconds(20);
  absl::Duration max_backoff = absl::Seconds(2);
};

// The connection state and the thread, without the message types.
class FeedFollowerBase {
 public:
  FeedFollowerBase(const FeedFollowerBase&) = delete;
  FeedFollowerBase& operator=(const FeedFollowerBase&) = delete;

  void Start();
  // Ends the stream and waits for the thread; no callback runs afterwards. Repeating it is fine.
  // The owner calls it before anything that the callbacks use goes away.
  void Stop();

  // True while a stream is open and at least one step came.
  bool connected() const;
  // The last revision that was applied.
  int64_t revision() const;
  // Blocks until `revision` was applied; false when `deadline` came first.
  bool WaitForRevision(int64_t revision, absl::Time deadline) const;
  // Why the last stream ended; OK before the first loss and once a step with a revision came again.
  // So a snapshot that breaks again and again at the same place is not forgotten in between.
  absl::Status last_error() const;

 protected:
  explicit FeedFollowerBase(FeedFollowerOptions options);
  // Derived destructors call Stop().
  virtual ~FeedFollowerBase();

  // Opens a stream after `after`, reads it to its end with Applied() for each step.
  virtual absl::Status RunStream(grpc::ClientContext* context, int64_t after) = 0;
  // A step was applied; 0 leaves the resume point alone. False when stopping.
  bool Applied(int64_t revision);
  // A step could not be applied: waiting grows until one gets further.
  void Refused();

 private:
  void Run();
  // Opens a context under the lock so that Stop() can cancel it; null when stopping.
  std::shared_ptr<grpc::ClientContext> BeginStream(int64_t* after);
  // Records why the stream ended; returns how long to wait before the next.
  absl::Duration EndStream(const absl::Status& status, absl::Duration backoff);

  const FeedFollowerOptions options_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool connected_ ABSL_GUARDED_BY(mutex_) = false;
  bool refused_ ABSL_GUARDED_BY(mutex_) = false;     // in the current stream
  bool arrived_ ABSL_GUARDED_BY(mutex_) = false;     // a step with a revision, likewise
  int64_t began_after_ ABSL_GUARDED_BY(mutex_) = 0;  // the current stream
  int64_t revision_ ABSL_GUARDED_BY(mutex_);
  absl::Status last_error_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::ClientContext> context_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

template <typename Request, typename Response>
class FeedFollower final : public FeedFollowerBase {
 public:
  // Gives the stream of a request to a reader, which starts it.
  using Open =
      std::function<void(grpc::ClientContext*, const Request*, grpc::ClientReadReactor<Response>*)>;
  using Apply = std::function<absl::Status(const Response&)>;
  // A stream starts after this revision; 0: from the beginning, with a snapshot where the method
  // has one.
  using Begin = std::function<void(int64_t after)>;

  FeedFollower(FeedFollowerOptions options, Open open, Apply apply, Begin begin = nullptr)
      : FeedFollowerBase(std::move(options)),
        open_(std::move(open)),
        apply_(std::move(apply)),
        begin_(std::move(begin)) {}
  ~FeedFollower() override { Stop(); }

 private:
  absl::Status RunStream(grpc::ClientContext* context, int64_t after) override {
    Request request;
    request.set_after_revision(after);
    if (begin_) begin_(after);
    StreamReader<Response> reader;
    open_(context, &request, &reader);
    reader.Start();
    absl::Status applied;
    for (Response response; reader.Read(&response);) {
      applied = apply_(response);
      if (!applied.ok()) Refused();
      if (applied.ok() && Applied(response.revision())) continue;
      context->TryCancel();
      break;
    }
    const absl::Status finished = reader.Finish();
    return applied.ok() ? finished : applied;
  }

  const Open open_;
  const Apply apply_;
  const Begin begin_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_FEED_FOLLOWER_H_
