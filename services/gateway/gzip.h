// gzip (RFC 1952) of messages, with a bound on what comes out. Thread-safe.
#ifndef SERVICES_GATEWAY_GZIP_H_
#define SERVICES_GATEWAY_GZIP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::gateway {

std::string Compress(absl::string_view bytes);

// INVALID_ARGUMENT when it is no gzip, or cut short; RESOURCE_EXHAUSTED as soon as more than
// `max_bytes` come out.
absl::StatusOr<std::string> Decompress(absl::string_view compressed, size_t max_bytes);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_GZIP_H_
