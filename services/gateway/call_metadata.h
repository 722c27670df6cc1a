// What passes between HTTP headers and gRPC metadata: the one place that says what a caller from
// outside can make a service believe.
//
// Inward: names that begin with "tandem-" or "grpc-" speak to Tandem's own layers and are dropped,
// but for those by which callers identify themselves (PassesFromOutside). So are the headers of
// HTTP itself, of proxies and of browsers (connection, host, cookie, x-forwarded-..., sec-...), and
// those of the Connect protocol. The gateway then adds "tandem-via: gateway", by which the identity
// layer knows that a call in the process comes from outside.
//
// Outward: metadata of the services, without the entries that gRPC itself uses.
//
// Binary metadata ("...-bin") is base64 in HTTP and plain bytes in gRPC's C++ API. Thread-safe.
#ifndef SERVICES_GATEWAY_CALL_METADATA_H_
#define SERVICES_GATEWAY_CALL_METADATA_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/string_ref.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

inline constexpr char kViaHeader[] = "tandem-via";
inline constexpr char kViaGateway[] = "gateway";

using CallMetadata = std::vector<std::pair<std::string, std::string>>;

// True for the reserved names that a caller may nevertheless send: the development identity, until
// credentials replace it. "authorization" is not reserved and passes like any other header.
bool PassesFromOutside(absl::string_view name);

// INVALID_ARGUMENT, reason METADATA_INVALID, when a "-bin" header is no base64.
absl::StatusOr<CallMetadata> MetadataFromHeaders(const HttpHeaders& headers);

// `prefix` stands before each name: "trailer-" in the Connect protocol.
HttpHeaders HeadersFromMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata,
                                absl::string_view prefix);

// Base64 without padding, as Connect and gRPC write it; FromBase64 also takes padding, and the
// alphabet for URLs.
std::string ToBase64(absl::string_view bytes);
bool FromBase64(absl::string_view text, std::string* bytes);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CALL_METADATA_H_
