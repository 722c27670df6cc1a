// How a protocol over HTTP/1.1 reads a call from a request and writes its answer: Connect's unary
// calls (POST and GET), Connect's streams, and gRPC-Web. One object serves one call. Which one is
// chosen from the verb and the Content-Type alone; no protocol knows any method.
//
//   ProtocolChoice choice = ChooseProtocol(request, target, *method);
//   if (choice.protocol == nullptr) return choice.refusal;  // 405 or 415
//   absl::StatusOr<CallRequest> call = choice.protocol->Read(request);
//
// Thread-compatible: the steps of a call follow each other.
#ifndef SERVICES_GATEWAY_CALL_PROTOCOL_H_
#define SERVICES_GATEWAY_CALL_PROTOCOL_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/support/status.h"
#include "services/gateway/http_message.h"
#include "services/gateway/request_target.h"

namespace tandem::gateway {

// The most that a message may have when decompressed; more is RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxMessageBytes = 16 << 20;

struct CallRequest {
  std::string message;  // protobuf bytes
  std::optional<absl::Duration> timeout;
};

// How a call ended.
struct CallOutcome {
  grpc::Status status;
  HttpHeaders headers;   // the service's initial metadata
  HttpHeaders trailers;  // its trailing metadata
};

class CallProtocol {
 public:
  virtual ~CallProtocol() = default;

  // Decompresses and decodes. INVALID_ARGUMENT, RESOURCE_EXHAUSTED, or UNIMPLEMENTED for a
  // compression that is not supported.
  virtual absl::StatusOr<CallRequest> Read(const HttpRequest& request) = 0;

  // The whole response of a unary call; `message` (protobuf bytes) counts when it went well.
  virtual HttpResponse Answer(const CallOutcome& outcome, std::string message) = 0;

  // The parts of the response of a server stream. StreamMessage: INTERNAL when the message cannot
  // be written in the caller's codec.
  virtual HttpResponse StreamHead(const HttpHeaders& metadata) = 0;
  virtual absl::StatusOr<std::string> StreamMessage(std::string message) = 0;
  virtual std::string StreamEnd(const CallOutcome& outcome) = 0;
};

struct ProtocolChoice {
  std::unique_ptr<CallProtocol> protocol;
  HttpResponse refusal;  // when there is no protocol
};

// `target` and `method` must outlive the protocol.
ProtocolChoice ChooseProtocol(const HttpRequest& request, const RequestTarget& target,
                              const google::protobuf::MethodDescriptor& method);

// Whether `method` may be called with GET: it is unary and declared NO_SIDE_EFFECTS.
bool AllowsGet(const google::protobuf::MethodDescriptor& method);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CALL_PROTOCOL_H_
