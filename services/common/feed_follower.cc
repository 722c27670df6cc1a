#include "services/common/feed_follower.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace tandem::common {

FeedFollowerBase::FeedFollowerBase(FeedFollowerOptions options)
    : options_(std::move(options)), revision_(options_.start_after) {}

FeedFollowerBase::~FeedFollowerBase() = default;

void FeedFollowerBase::Start() {
  thread_ = std::thread([this] { Run(); });
}

void FeedFollowerBase::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  if (thread_.joinable()) thread_.join();
}

bool FeedFollowerBase::connected() const {
  absl::MutexLock lock(&mutex_);
  return connected_;
}

int64_t FeedFollowerBase::revision() const {
  absl::MutexLock lock(&mutex_);
  return revision_;
}

bool FeedFollowerBase::WaitForRevision(int64_t revision, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto reached = [this, revision]()
                           ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return revision_ >= revision; };
  return mutex_.AwaitWithDeadline(absl::Condition(&reached), deadline);
}

absl::Status FeedFollowerBase::last_error() const {
  absl::MutexLock lock(&mutex_);
  return last_error_;
}

bool FeedFollowerBase::Applied(int64_t revision) {
  absl::MutexLock lock(&mutex_);
  connected_ = true;
  if (revision > 0) {
    arrived_ = true;
    last_error_ = absl::OkStatus();
  }
  revision_ = std::max(revision_, revision);
  return !stopping_;
}

void FeedFollowerBase::Refused() {
  absl::MutexLock lock(&mutex_);
  refused_ = true;
}

std::shared_ptr<grpc::ClientContext> FeedFollowerBase::BeginStream(int64_t* after) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return nullptr;
  context_ = std::make_shared<grpc::ClientContext>();
  PrepareCall(options_.actor, options_.role, absl::ZeroDuration(), context_.get());
  refused_ = false;
  arrived_ = false;
  began_after_ = revision_;
  *after = revision_;
  return context_;
}

absl::Duration FeedFollowerBase::EndStream(const absl::Status& status, absl::Duration backoff) {
  absl::MutexLock lock(&mutex_);
  // A stream whose steps lead again and again to the one that cannot be applied is no progress, nor
  // is a snapshot that does not come to its end.
  const bool progress = revision_ > began_after_ || (arrived_ && !refused_);
  connected_ = false;
  context_ = nullptr;
  const bool same_as_before = last_error_.code() == status.code();
  last_error_ = status.ok() ? absl::UnavailableError("the stream ended") : status;
  // Once per kind of error: a follower that cannot go on must not be silent, nor fill the log.
  if (!same_as_before && !stopping_) {
    const std::string line =
        absl::StrCat(absl::FormatTime(absl::Now(), absl::UTCTimeZone()), " ", options_.actor,
                     " lost a feed after revision ", revision_, ": ", last_error_.ToString(), "\n");
    std::fputs(line.c_str(), stderr);
  }
  if (status.code() == absl::StatusCode::kOutOfRange && options_.restart_when_trimmed) {
    revision_ = 0;
  }
  return progress ? options_.min_backoff : std::min(backoff * 2, options_.max_backoff);
}

void FeedFollowerBase::Run() {
  absl::Duration backoff = options_.min_backoff;
  int64_t after = 0;
  while (std::shared_ptr<grpc::ClientContext> context = BeginStream(&after)) {
    backoff = EndStream(RunStream(context.get(), after), backoff);
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), backoff);
  }
}

}  // namespace tandem::common
