// The framing that Connect's streams and gRPC-Web share: a byte of flags, the length as 4 bytes
// big-endian, the message. Thread-safe.
#ifndef SERVICES_GATEWAY_ENVELOPE_H_
#define SERVICES_GATEWAY_ENVELOPE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::gateway {

inline constexpr uint8_t kCompressedFlag = 0x01;
inline constexpr uint8_t kConnectEndFlag = 0x02;
inline constexpr uint8_t kGrpcWebTrailersFlag = 0x80;

struct Envelope {
  uint8_t flags = 0;
  std::string message;
};

// INVALID_ARGUMENT, reason REQUEST_MALFORMED, when the bytes end within one.
absl::StatusOr<std::vector<Envelope>> SplitEnvelopes(absl::string_view bytes);

std::string WrapEnvelope(uint8_t flags, absl::string_view message);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_ENVELOPE_H_
