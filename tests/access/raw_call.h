// Calls any method of a server by its name, over the wire, as any principal.
#ifndef TANDEM_TESTS_ACCESS_RAW_CALL_H_
#define TANDEM_TESTS_ACCESS_RAW_CALL_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "services/common/principal.h"

namespace tandem::tests {

// The descriptor of "package.Service/Method"; fails the test when it is not linked.
const google::protobuf::MethodDescriptor* MethodOf(const std::string& name);

// An empty request or answer of that type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);

// Sets the string at a path of fields ("mentor.name"); a repeated one gets one more value.
void SetString(absl::string_view path, const std::string& value,
               google::protobuf::Message* message);

// Calls it and waits for its answer; of a stream for its first message, where one must come. The
// principal is stated in metadata: its actor is "tester".
absl::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                        const common::Principal& principal,
                        const google::protobuf::Message& request,
                        google::protobuf::Message* response);

// The same with an access token, and with nothing stated.
absl::Status CallMethodWithToken(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& method, const std::string& token,
                                 const google::protobuf::Message& request,
                                 google::protobuf::Message* response);

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_ACCESS_RAW_CALL_H_
