#include "services/gateway/forwarder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "grpcpp/support/slice.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"

namespace tandem::gateway {
namespace {

// Longer timeouts are as good as none: the server clamps them anyway.
constexpr absl::Duration kMaxTimeout = absl::Hours(24 * 30);

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

void Prepare(const ForwardedCall& call, grpc::ClientContext* context) {
  for (const auto& [name, value] : call.metadata) context->AddMetadata(name, value);
  if (call.timeout.has_value()) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + std::min(*call.timeout, kMaxTimeout)));
  }
}

CallOutcome OutcomeOf(const grpc::ClientContext& context, grpc::Status status) {
  CallOutcome outcome;
  outcome.status = std::move(status);
  outcome.trailers = HeadersFromMetadata(context.GetServerTrailingMetadata(), "");
  return outcome;
}

CallOutcome Refusal() {
  CallOutcome outcome;
  outcome.status = common::ToGrpcStatus(common::ServerEnds());
  return outcome;
}

struct UnaryCall {
  grpc::ClientContext context;
  std::string path;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

// Deletes itself when the call has ended.
class StreamReactor final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  StreamReactor(ForwardedCall call, std::shared_ptr<StreamReceiver> receiver)
      : call_(std::move(call)),
        context_(std::make_shared<grpc::ClientContext>()),
        receiver_(std::move(receiver)),
        request_(ToBuffer(call_.message)) {
    Prepare(call_, context_.get());
  }

  // Returns the context, by which the call can be cancelled.
  std::shared_ptr<grpc::ClientContext> Start(grpc::GenericStub* stub) {
    const std::shared_ptr<grpc::ClientContext> context = context_;
    stub->PrepareBidiStreamingCall(context_.get(), call_.path, grpc::StubOptions(), this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&response_);
    StartCall();
    return context;
  }

  void OnReadInitialMetadataDone(bool ok) override {
    if (ok) SendHead();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    SendHead();
    // The next read begins outside of this reaction.
    AddHold();
    receiver_->OnMessage(ToString(response_), [this](bool more) {
      if (more) {
        StartRead(&response_);
      } else {
        context_->TryCancel();
      }
      RemoveHold();
    });
  }

  void OnDone(const grpc::Status& status) override {
    SendHead();
    receiver_->OnEnd(OutcomeOf(*context_, status));
    delete this;
  }

 private:
  void SendHead() {
    absl::MutexLock lock(&mutex_);
    if (head_sent_) return;
    head_sent_ = true;
    receiver_->OnHead(HeadersFromMetadata(context_->GetServerInitialMetadata(), ""));
  }

  const ForwardedCall call_;
  const std::shared_ptr<grpc::ClientContext> context_;
  const std::shared_ptr<StreamReceiver> receiver_;
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  absl::Mutex mutex_;
  bool head_sent_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

Forwarder::Cancel Forwarder::Unary(ForwardedCall call, UnaryDone done) {
  const auto state = std::make_shared<UnaryCall>();
  Prepare(call, &state->context);
  state->path = std::move(call.path);
  state->request = ToBuffer(call.message);
  mutex_.ReaderLock();
  if (refusing_) {
    mutex_.ReaderUnlock();
    done(Refusal(), "");
    return [] {};
  }
  stub_.UnaryCall(&state->context, state->path, grpc::StubOptions(), &state->request,
                  &state->response, [state, done = std::move(done)](grpc::Status status) {
                    CallOutcome outcome = OutcomeOf(state->context, std::move(status));
                    outcome.headers =
                        HeadersFromMetadata(state->context.GetServerInitialMetadata(), "");
                    done(std::move(outcome), ToString(state->response));
                  });
  mutex_.ReaderUnlock();
  return [state] { state->context.TryCancel(); };
}

Forwarder::Cancel Forwarder::ServerStream(ForwardedCall call,
                                          std::shared_ptr<StreamReceiver> receiver) {
  mutex_.ReaderLock();
  if (refusing_) {
    mutex_.ReaderUnlock();
    receiver->OnHead({});
    receiver->OnEnd(Refusal());
    return [] {};
  }
  auto* const reactor = new StreamReactor(std::move(call), std::move(receiver));
  const std::shared_ptr<grpc::ClientContext> context = reactor->Start(&stub_);
  mutex_.ReaderUnlock();
  return [context] { context->TryCancel(); };
}

void Forwarder::RefuseCalls() {
  absl::MutexLock lock(&mutex_);
  refusing_ = true;
}

}  // namespace tandem::gateway
