#include "services/common/testing/silent_reader.h"

#include <memory>

#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/common/status_conversion.h"

namespace tandem::common {
namespace {

constexpr absl::Duration kHangGuard = absl::Seconds(60);
constexpr int kWindowBytes = 64 << 10;

std::shared_ptr<grpc::Channel> ChannelWithSmallWindows(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // would make them grow
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

SilentReader::SilentReader(const std::string& address, const std::string& method, v1::Role role,
                           const google::protobuf::Message& request)
    : stub_(ChannelWithSmallWindows(address)) {
  PrepareCall("Ada", role, absl::ZeroDuration(), &context_);
  const grpc::Slice bytes(request.SerializeAsString());
  request_ = grpc::ByteBuffer(&bytes, 1);
  stub_.PrepareBidiStreamingCall(&context_, method, grpc::StubOptions(), this);
  StartWriteLast(&request_, grpc::WriteOptions());
  AddHold();  // for the reads of Finish()
  StartCall();
}

absl::Status SilentReader::Finish() {
  StartRead(&answer_);
  if (!ended_.WaitForNotificationWithTimeout(kHangGuard)) {
    return absl::DeadlineExceededError("the call did not end");
  }
  return FromGrpcStatus(status_);
}

void SilentReader::OnReadDone(bool ok) {
  if (ok) {
    StartRead(&answer_);
  } else {
    RemoveHold();
  }
}

void SilentReader::OnDone(const grpc::Status& status) {
  status_ = status;
  ended_.Notify();
}

}  // namespace tandem::common
