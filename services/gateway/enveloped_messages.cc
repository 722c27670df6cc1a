#include "services/gateway/enveloped_messages.h"

#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/compression.h"
#include "services/gateway/gzip.h"

namespace tandem::gateway {

absl::Status EnvelopedMessages::Negotiate(const std::string* coding, const std::string* accept) {
  TANDEM_ASSIGN_OR_RETURN(request_gzip_, IsGzip(coding == nullptr ? "" : *coding));
  compress_ = AcceptsGzip(accept, request_gzip_);
  return absl::OkStatus();
}

absl::StatusOr<std::string> EnvelopedMessages::ReadOne(absl::string_view body) const {
  TANDEM_ASSIGN_OR_RETURN(std::vector<Envelope> envelopes, SplitEnvelopes(body));
  if (envelopes.size() != 1) {
    return common::MakeError(absl::StatusCode::kUnimplemented, "MESSAGE_COUNT",
                             "this call takes exactly one message");
  }
  const uint8_t flags = envelopes[0].flags;
  if ((flags & ~kCompressedFlag) != 0 || (flags != 0 && !request_gzip_)) {
    return common::MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                             "the message's flags say more than the headers allow");
  }
  TANDEM_ASSIGN_OR_RETURN(std::string bytes, Decompressed(std::move(envelopes[0].message),
                                                          flags != 0, kMaxMessageBytes));
  return DecodeMessage(codec_, method_.input_type()->full_name(), std::move(bytes));
}

absl::StatusOr<std::string> EnvelopedMessages::Write(std::string message) const {
  TANDEM_ASSIGN_OR_RETURN(
      const std::string bytes,
      EncodeMessage(codec_, method_.output_type()->full_name(), std::move(message)));
  if (compress_ && bytes.size() >= kCompressFromBytes) {
    return WrapEnvelope(kCompressedFlag, Compress(bytes));
  }
  return WrapEnvelope(0, bytes);
}

}  // namespace tandem::gateway
