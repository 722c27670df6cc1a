#include "services/gateway/grpc_web.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/call_metadata.h"
#include "services/gateway/enveloped_messages.h"

namespace tandem::gateway {
namespace {

using google::protobuf::MethodDescriptor;

constexpr size_t kMaxTimeoutDigits = 8;

// "grpc-timeout: 500m"; INVALID_ARGUMENT when it is not understood.
absl::StatusOr<std::optional<absl::Duration>> GrpcTimeout(const HttpHeaders& headers) {
  const std::string* text = FindHeader(headers, "grpc-timeout");
  if (text == nullptr) return std::optional<absl::Duration>();
  constexpr absl::string_view kUnits = "HMSmun";
  const absl::Duration units[] = {absl::Hours(1),        absl::Minutes(1),
                                  absl::Seconds(1),      absl::Milliseconds(1),
                                  absl::Microseconds(1), absl::Nanoseconds(1)};
  uint32_t count = 0;
  const size_t unit = text->empty() ? absl::string_view::npos : kUnits.find(text->back());
  if (unit != absl::string_view::npos && text->size() <= kMaxTimeoutDigits + 1 &&
      absl::SimpleAtoi(text->substr(0, text->size() - 1), &count)) {
    return std::optional<absl::Duration>(count * units[unit]);
  }
  return common::MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                           "grpc-timeout must be at most 8 digits and one of H, M, S, m, u, n");
}

// As gRPC encodes messages: bytes that are not printable ASCII, and the percent sign.
std::string PercentEncode(absl::string_view text) {
  std::string encoded;
  for (char c : text) {
    if (c >= 0x20 && c < 0x7F && c != '%') {
      encoded.push_back(c);
    } else {
      const char* digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      encoded.push_back('%');
      encoded.push_back(digits[byte >> 4]);
      encoded.push_back(digits[byte & 15]);
    }
  }
  return encoded;
}

// Base64 in which padded pieces may follow each other.
absl::StatusOr<std::string> FromText(absl::string_view text) {
  std::string bytes;
  for (; !text.empty(); text.remove_prefix(std::min<size_t>(4, text.size()))) {
    std::string piece;
    if (!absl::Base64Unescape(text.substr(0, 4), &piece)) {
      return common::MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                               "the body is no base64, as its content type says");
    }
    bytes += piece;
  }
  return bytes;
}

class GrpcWeb final : public CallProtocol {
 public:
  GrpcWeb(Codec codec, bool text, const MethodDescriptor& method)
      : text_(text), messages_(codec, method) {}

  absl::StatusOr<CallRequest> Read(const HttpRequest& request) override {
    CallRequest call;
    TANDEM_ASSIGN_OR_RETURN(call.timeout, GrpcTimeout(request.headers));
    TANDEM_RETURN_IF_ERROR(
        messages_.Negotiate(FindHeader(request.headers, "grpc-encoding"),
                            FindHeader(request.headers, "grpc-accept-encoding")));
    if (text_) {
      TANDEM_ASSIGN_OR_RETURN(const std::string body, FromText(request.body));
      TANDEM_ASSIGN_OR_RETURN(call.message, messages_.ReadOne(body));
    } else {
      TANDEM_ASSIGN_OR_RETURN(call.message, messages_.ReadOne(request.body));
    }
    return call;
  }

  HttpResponse Answer(const CallOutcome& outcome, std::string message) override {
    HttpResponse response = StreamHead(outcome.headers);
    CallOutcome end = outcome;
    if (outcome.status.ok()) {
      absl::StatusOr<std::string> data = StreamMessage(std::move(message));
      if (data.ok()) {
        response.body = *std::move(data);
      } else {
        end.status = common::ToGrpcStatus(data.status());
      }
    }
    response.body += StreamEnd(end);
    return response;
  }

  HttpResponse StreamHead(const HttpHeaders& metadata) override {
    HttpResponse head;
    head.headers = metadata;
    head.headers.push_back(
        {"content-type", absl::StrCat("application/grpc-web", text_ ? "-text" : "",
                                      messages_.codec() == Codec::kJson ? "+json" : "+proto")});
    if (messages_.compresses()) head.headers.push_back({"grpc-encoding", "gzip"});
    return head;
  }

  absl::StatusOr<std::string> StreamMessage(std::string message) override {
    TANDEM_ASSIGN_OR_RETURN(const std::string data, messages_.Write(std::move(message)));
    return AsText(data);
  }

  std::string StreamEnd(const CallOutcome& outcome) override {
    std::string lines =
        absl::StrCat("grpc-status: ", static_cast<int>(outcome.status.error_code()), "\r\n");
    if (!outcome.status.error_message().empty()) {
      absl::StrAppend(&lines, "grpc-message: ", PercentEncode(outcome.status.error_message()),
                      "\r\n");
    }
    if (!outcome.status.error_details().empty()) {
      absl::StrAppend(&lines, "grpc-status-details-bin: ", ToBase64(outcome.status.error_details()),
                      "\r\n");
    }
    for (const HttpHeader& trailer : outcome.trailers) {
      absl::StrAppend(&lines, trailer.name, ": ", trailer.value, "\r\n");
    }
    return AsText(WrapEnvelope(kGrpcWebTrailersFlag, lines));
  }

 private:
  std::string AsText(std::string bytes) const { return text_ ? absl::Base64Escape(bytes) : bytes; }

  const bool text_;
  EnvelopedMessages messages_;
};

}  // namespace

std::unique_ptr<CallProtocol> MakeGrpcWeb(Codec codec, bool text, const MethodDescriptor& method) {
  return std::make_unique<GrpcWeb>(codec, text, method);
}

}  // namespace tandem::gateway
