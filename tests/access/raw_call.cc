#include "tests/access/raw_call.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "gtest/gtest.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"

namespace tandem::tests {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::Duration kHangGuard = absl::Minutes(3);

grpc::ByteBuffer Bytes(const Message& message) {
  const std::string text = message.SerializeAsString();
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

// The first answer of a server stream, then hangs up; or the error it ends with.
class FirstAnswer : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  FirstAnswer(grpc::GenericStub* stub, grpc::ClientContext* context, const std::string& method,
              const grpc::ByteBuffer& request)
      : context_(context), request_(request) {
    stub->PrepareBidiStreamingCall(context, method, grpc::StubOptions(), this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&answer_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    got_ = ok;
    if (ok) context_->TryCancel();
  }
  void OnDone(const grpc::Status& status) override {
    status_ = got_ ? grpc::Status::OK : status;
    done_.Notify();
  }
  grpc::Status Wait() {
    done_.WaitForNotification();
    return status_;
  }

 private:
  grpc::ClientContext* const context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  bool got_ = false;
  grpc::Status status_;
  absl::Notification done_;
};

grpc::Status CallUnary(grpc::GenericStub* stub, grpc::ClientContext* context,
                       const std::string& method, const Message& request, Message* response) {
  const grpc::ByteBuffer sent = Bytes(request);
  grpc::ByteBuffer answer;
  grpc::Status status;
  absl::Notification done;
  stub->UnaryCall(context, method, grpc::StubOptions(), &sent, &answer, [&](grpc::Status ended) {
    status = std::move(ended);
    done.Notify();
  });
  done.WaitForNotification();
  if (!status.ok()) return status;
  return grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&answer, response);
}

absl::Status CallPrepared(const std::shared_ptr<grpc::Channel>& channel,
                          grpc::ClientContext* context, const std::string& method,
                          const Message& request, Message* response) {
  grpc::GenericStub stub(channel);
  context->set_deadline(absl::ToChronoTime(absl::Now() + kHangGuard));
  const std::string path = absl::StrCat("/", method);
  if (!MethodOf(method)->server_streaming()) {
    return common::FromGrpcStatus(CallUnary(&stub, context, path, request, response));
  }
  FirstAnswer answer(&stub, context, path, Bytes(request));
  return common::FromGrpcStatus(answer.Wait());
}

}  // namespace

const google::protobuf::MethodDescriptor* MethodOf(const std::string& name) {
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(name, {{"/", "."}}));
  EXPECT_NE(method, nullptr) << name;
  return method;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

void SetString(absl::string_view path, const std::string& value, Message* message) {
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    message = message->GetReflection()->MutableMessage(
        message, message->GetDescriptor()->FindFieldByName(names[i]));
  }
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(names.back());
  ASSERT_NE(field, nullptr) << path;
  if (field->is_repeated()) {
    message->GetReflection()->AddString(message, field, value);
  } else {
    message->GetReflection()->SetString(message, field, value);
  }
}

absl::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                        const common::Principal& principal, const Message& request,
                        Message* response) {
  grpc::ClientContext context;
  if (principal.role != common::v1::ROLE_UNSPECIFIED) {
    common::AddPrincipal("tester", principal.role, &context);
  }
  if (!principal.subject.empty()) common::AddSubject(principal.subject, &context);
  return CallPrepared(channel, &context, method, request, response);
}

absl::Status CallMethodWithToken(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& method, const std::string& token,
                                 const Message& request, Message* response) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  return CallPrepared(channel, &context, method, request, response);
}

}  // namespace tandem::tests
