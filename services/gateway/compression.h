// Which compression a message has or may have: gzip or none. Thread-safe.
#ifndef SERVICES_GATEWAY_COMPRESSION_H_
#define SERVICES_GATEWAY_COMPRESSION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::gateway {

// Smaller messages are not worth it.
inline constexpr size_t kCompressFromBytes = 1024;

// True for "gzip", false for "identity" or nothing. UNIMPLEMENTED, naming what is supported, for
// anything else.
absl::StatusOr<bool> IsGzip(absl::string_view coding);

// Whether the peer takes gzip by its list of codings, a null one meaning: what it sent itself.
bool AcceptsGzip(const std::string* accept, bool request_was_gzip);

// The message that came in; empty bytes are never decompressed.
absl::StatusOr<std::string> Decompressed(std::string bytes, bool gzip, size_t max_bytes);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_COMPRESSION_H_
