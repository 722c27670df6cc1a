// The messages of one enveloped call, in its codec and compression: what Connect's streams and
// gRPC-Web share. Thread-compatible.
#ifndef SERVICES_GATEWAY_ENVELOPED_MESSAGES_H_
#define SERVICES_GATEWAY_ENVELOPED_MESSAGES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/envelope.h"
#include "services/gateway/message_codec.h"

namespace tandem::gateway {

class EnvelopedMessages {
 public:
  // `method` must outlive this.
  EnvelopedMessages(Codec codec, const google::protobuf::MethodDescriptor& method)
      : codec_(codec), method_(method) {}

  // Takes the headers that name the compression of the request and those that the caller takes;
  // null where they are missing. UNIMPLEMENTED for an unknown one.
  absl::Status Negotiate(const std::string* coding, const std::string* accept);

  // The one message of a request, as protobuf bytes. UNIMPLEMENTED, reason MESSAGE_COUNT, when
  // there is none or more than one; INVALID_ARGUMENT when it is malformed.
  absl::StatusOr<std::string> ReadOne(absl::string_view body) const;

  // An answer in its envelope.
  absl::StatusOr<std::string> Write(std::string message) const;

  Codec codec() const { return codec_; }
  bool compresses() const { return compress_; }

 private:
  const Codec codec_;
  const google::protobuf::MethodDescriptor& method_;
  bool request_gzip_ = false;
  bool compress_ = false;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_ENVELOPED_MESSAGES_H_
