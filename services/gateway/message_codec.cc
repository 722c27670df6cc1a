#include "services/gateway/message_codec.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "services/common/errors.h"

namespace tandem::gateway {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com";

google::protobuf::util::TypeResolver* Resolver() {
  // Never destroyed: calls may still run when the program ends.
  static auto* const resolver = google::protobuf::util::NewTypeResolverForDescriptorPool(
      kTypePrefix, google::protobuf::DescriptorPool::generated_pool());
  return resolver;
}

std::string TypeUrl(absl::string_view type) { return absl::StrCat(kTypePrefix, "/", type); }

absl::Status BadJson(absl::string_view what) {
  return common::MakeError(absl::StatusCode::kInvalidArgument, "JSON_INVALID",
                           absl::StrCat("the request's JSON is refused: ", what));
}

}  // namespace

absl::StatusOr<std::string> JsonToProto(absl::string_view type, absl::string_view json) {
  // Protobuf's own reader takes more than JSON: single quotes, keys twice, trailing commas.
  const absl::Status strict = base::CheckJson(json, "request");
  if (!strict.ok()) return BadJson(strict.message());
  std::string bytes;
  const auto status = google::protobuf::util::JsonToBinaryString(
      Resolver(), TypeUrl(type), std::string(json), &bytes,
      google::protobuf::util::JsonParseOptions());
  if (status.ok()) return bytes;
  return BadJson(std::string(status.message()));
}

absl::StatusOr<std::string> ProtoToJson(absl::string_view type, absl::string_view bytes) {
  std::string json;
  const auto status =
      google::protobuf::util::BinaryToJsonString(Resolver(), TypeUrl(type), std::string(bytes),
                                                 &json, google::protobuf::util::JsonPrintOptions());
  if (status.ok()) return json;
  return common::MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR",
                           absl::StrCat("the answer is no ", type));
}

absl::StatusOr<std::string> DecodeMessage(Codec codec, absl::string_view type, std::string bytes) {
  if (codec == Codec::kProto) return bytes;
  return JsonToProto(type, bytes);
}

absl::StatusOr<std::string> EncodeMessage(Codec codec, absl::string_view type, std::string bytes) {
  if (codec == Codec::kProto) return bytes;
  return ProtoToJson(type, bytes);
}

}  // namespace tandem::gateway
