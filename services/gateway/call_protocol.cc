#include "services/gateway/call_protocol.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/connect_error.h"
#include "services/gateway/connect_stream.h"
#include "services/gateway/connect_unary.h"
#include "services/gateway/grpc_web.h"
#include "services/gateway/message_codec.h"

namespace tandem::gateway {
namespace {

using google::protobuf::MethodDescriptor;

constexpr char kUnaryTypes[] =
    "application/json, application/proto, application/grpc-web+proto, application/grpc-web+json, "
    "application/grpc-web-text+proto";
constexpr char kStreamTypes[] =
    "application/connect+json, application/connect+proto, application/grpc-web+proto, "
    "application/grpc-web+json, application/grpc-web-text+proto";

// The media type in lower case without parameters; empty when a parameter is not understood.
std::string MediaType(absl::string_view header) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(header, absl::MaxSplits(';', 1));
  const std::string parameter = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts.second));
  if (!parameter.empty() && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"") {
    return "";
  }
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts.first));
}

HttpResponse NotAllowed(const MethodDescriptor& method) {
  const bool get = AllowsGet(method);
  const absl::Status status = common::MakeError(
      absl::StatusCode::kUnimplemented, "HTTP_METHOD_NOT_ALLOWED",
      get ? "call this method with POST or GET"
          : "call this method with POST: GET is for unary calls without side effects only");
  HttpResponse response = ConnectErrorResponse(common::ToGrpcStatus(status), 405);
  response.headers.push_back({"allow", get ? "GET, POST" : "POST"});
  return response;
}

HttpResponse UnsupportedType(const MethodDescriptor& method) {
  const char* types = method.server_streaming() ? kStreamTypes : kUnaryTypes;
  const absl::Status status =
      common::MakeError(absl::StatusCode::kInvalidArgument, "CONTENT_TYPE_UNSUPPORTED",
                        absl::StrCat("send this call with one of these content types: ", types));
  HttpResponse response = ConnectErrorResponse(common::ToGrpcStatus(status), 415);
  response.headers.push_back({"accept-post", types});
  return response;
}

std::optional<Codec> CodecOf(absl::string_view word) {
  if (word == "json") return Codec::kJson;
  if (word == "proto") return Codec::kProto;
  return std::nullopt;
}

std::unique_ptr<CallProtocol> ForGrpcWeb(absl::string_view rest, const MethodDescriptor& method) {
  const bool text = absl::ConsumePrefix(&rest, "-text");
  if (rest.empty()) return MakeGrpcWeb(Codec::kProto, text, method);
  if (!absl::ConsumePrefix(&rest, "+")) return nullptr;
  const std::optional<Codec> codec = CodecOf(rest);
  return codec.has_value() ? MakeGrpcWeb(*codec, text, method) : nullptr;
}

std::unique_ptr<CallProtocol> ForPost(absl::string_view type, const MethodDescriptor& method) {
  if (!absl::ConsumePrefix(&type, "application/")) return nullptr;
  if (absl::ConsumePrefix(&type, "grpc-web")) return ForGrpcWeb(type, method);
  if (method.server_streaming() != absl::ConsumePrefix(&type, "connect+")) return nullptr;
  const std::optional<Codec> codec = CodecOf(type);
  if (!codec.has_value()) return nullptr;
  return method.server_streaming() ? MakeConnectStream(*codec, method)
                                   : MakeConnectUnaryPost(*codec, method);
}

}  // namespace

bool AllowsGet(const MethodDescriptor& method) {
  return method.options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS &&
         !method.server_streaming() && !method.client_streaming();
}

ProtocolChoice ChooseProtocol(const HttpRequest& request, const RequestTarget& target,
                              const MethodDescriptor& method) {
  ProtocolChoice choice;
  if (request.method == "GET" && AllowsGet(method)) {
    const auto encoding = target.query.find("encoding");
    const std::optional<Codec> codec =
        encoding == target.query.end() ? std::nullopt : CodecOf(encoding->second);
    if (codec.has_value()) choice.protocol = MakeConnectUnaryGet(*codec, target, method);
  } else if (request.method == "POST") {
    const std::string* type = FindHeader(request.headers, "content-type");
    if (type != nullptr) choice.protocol = ForPost(MediaType(*type), method);
  } else {
    choice.refusal = NotAllowed(method);
    return choice;
  }
  if (choice.protocol == nullptr) choice.refusal = UnsupportedType(method);
  return choice;
}

}  // namespace tandem::gateway
