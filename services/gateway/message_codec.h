// Messages as JSON (proto3's JSON mapping) and as protobuf bytes, by name of their type, through
// the descriptors that are linked into the program: no code per message.
//
// JSON is read strictly (RFC 8259): bad UTF-8, a key twice, more than 64 levels, an unknown field,
// a value of another type are INVALID_ARGUMENT, reason JSON_INVALID, with place or field. A field
// that this version does not know is refused rather than dropped: what a caller sets is never lost
// silently. Written JSON leaves out fields with their default, as the mapping does by default.
//
// Thread-safe.
#ifndef SERVICES_GATEWAY_MESSAGE_CODEC_H_
#define SERVICES_GATEWAY_MESSAGE_CODEC_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::gateway {

enum class Codec { kProto, kJson };

// `type` is a full name: "tandem.needs.v1.Programme".
absl::StatusOr<std::string> JsonToProto(absl::string_view type, absl::string_view json);
// INTERNAL, reason INTERNAL_ERROR, when the bytes are no such message.
absl::StatusOr<std::string> ProtoToJson(absl::string_view type, absl::string_view bytes);

// Do nothing for Codec::kProto: protobuf bytes are checked by the service that parses them.
absl::StatusOr<std::string> DecodeMessage(Codec codec, absl::string_view type, std::string bytes);
absl::StatusOr<std::string> EncodeMessage(Codec codec, absl::string_view type, std::string bytes);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_MESSAGE_CODEC_H_
