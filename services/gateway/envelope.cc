#include "services/gateway/envelope.h"

#include <utility>

#include "services/common/errors.h"

namespace tandem::gateway {
namespace {

constexpr size_t kHeadBytes = 5;

size_t LengthAt(absl::string_view head) {
  size_t length = 0;
  for (size_t i = 1; i < kHeadBytes; ++i) length = length << 8 | static_cast<uint8_t>(head[i]);
  return length;
}

}  // namespace

absl::StatusOr<std::vector<Envelope>> SplitEnvelopes(absl::string_view bytes) {
  std::vector<Envelope> envelopes;
  while (!bytes.empty()) {
    if (bytes.size() < kHeadBytes || bytes.size() - kHeadBytes < LengthAt(bytes)) {
      return common::MakeError(
          absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
          "the request's framing is wrong: a byte of flags, 4 bytes of length, the message");
    }
    const size_t length = LengthAt(bytes);
    envelopes.push_back(
        {static_cast<uint8_t>(bytes[0]), std::string(bytes.substr(kHeadBytes, length))});
    bytes.remove_prefix(kHeadBytes + length);
  }
  return envelopes;
}

std::string WrapEnvelope(uint8_t flags, absl::string_view message) {
  const auto length = static_cast<uint32_t>(message.size());
  std::string wrapped;
  wrapped.reserve(kHeadBytes + message.size());
  wrapped.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    wrapped.push_back(static_cast<char>(length >> shift & 0xFF));
  }
  wrapped.append(message.data(), message.size());
  return wrapped;
}

}  // namespace tandem::gateway
