// Reads a server's stream in a thread that waits for each message, like grpc::ClientReader, which
// it replaces in programs that also serve: a thread that waits in grpc::ClientReader polls the
// sockets of the whole process, and then each call of the server passes through it on its way to
// the threads that serve. This one waits for gRPC's own threads instead.
//
//   StreamReader<WatchChangesResponse> reader;
//   stub->async()->WatchChanges(&context, &request, &reader);
//   reader.Start();
//   for (WatchChangesResponse step; reader.Read(&step);) ...
//   return reader.Finish();
//
// Once started it must be finished before it goes away. One thread at a time.
#ifndef SERVICES_COMMON_STREAM_READER_H_
#define SERVICES_COMMON_STREAM_READER_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "grpcpp/support/client_callback.h"
#include "grpcpp/support/status.h"
#include "services/common/status_conversion.h"

namespace tandem::common {

template <typename Response>
class StreamReader final : public grpc::ClientReadReactor<Response> {
 public:
  // After the stub got it, with a context and a request that live until Finish() returns.
  void Start() {
    this->AddHold();  // for the reads, which start outside of gRPC's callbacks
    this->StartCall();
  }

  // Waits for the next message; false at the end of the stream, whatever ended it.
  bool Read(Response* response) {
    {
      absl::MutexLock lock(&mutex_);
      reading_ = true;
    }
    this->StartRead(response);
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](bool* reading) { return !*reading; }, &reading_));
    return read_;
  }

  // Why the stream ended. Waits for its end: after Read() returned false, or TryCancel() of its
  // context.
  absl::Status Finish() {
    this->RemoveHold();
    done_.WaitForNotification();
    return FromGrpcStatus(status_);
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    read_ = ok;
  }
  void OnDone(const grpc::Status& status) override {
    status_ = status;
    done_.Notify();
  }

 private:
  absl::Mutex mutex_;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_;  // before done_
  absl::Notification done_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_STREAM_READER_H_
