#include "services/gateway/connect_unary.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/call_metadata.h"
#include "services/gateway/compression.h"
#include "services/gateway/connect_error.h"
#include "services/gateway/gzip.h"

namespace tandem::gateway {
namespace {

using google::protobuf::MethodDescriptor;

constexpr size_t kMaxTimeoutDigits = 10;

absl::Status UnknownVersion() {
  return common::MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                           "unknown version of the Connect protocol: 1 is served");
}

class ConnectUnary final : public CallProtocol {
 public:
  // `target` is null for POST.
  ConnectUnary(Codec codec, const RequestTarget* target, const MethodDescriptor& method)
      : codec_(codec), target_(target), method_(method) {}

  absl::StatusOr<CallRequest> Read(const HttpRequest& request) override {
    CallRequest call;
    const std::string* accept = FindHeader(request.headers, "accept-encoding");
    // So that even a refusal keeps to what the caller takes.
    gzip_ = AcceptsGzip(accept, false);
    TANDEM_RETURN_IF_ERROR(CheckConnectVersion(request.headers));
    TANDEM_ASSIGN_OR_RETURN(call.timeout, ConnectTimeout(request.headers));
    TANDEM_ASSIGN_OR_RETURN(const bool gzip, IsGzip(Coding(request)));
    gzip_ = AcceptsGzip(accept, gzip);
    std::string raw = request.body;
    if (target_ != nullptr) {
      TANDEM_ASSIGN_OR_RETURN(raw, QueryMessage());
    }
    TANDEM_ASSIGN_OR_RETURN(std::string bytes,
                            Decompressed(std::move(raw), gzip, kMaxMessageBytes));
    TANDEM_ASSIGN_OR_RETURN(
        call.message, DecodeMessage(codec_, method_.input_type()->full_name(), std::move(bytes)));
    return call;
  }

  HttpResponse Answer(const CallOutcome& outcome, std::string message) override {
    HttpResponse response;
    if (outcome.status.ok()) {
      absl::StatusOr<std::string> body =
          EncodeMessage(codec_, method_.output_type()->full_name(), std::move(message));
      if (body.ok()) {
        response = Success(*std::move(body));
      } else {
        response = ConnectErrorResponse(common::ToGrpcStatus(body.status()));
      }
    } else {
      response = ConnectErrorResponse(outcome.status);
    }
    for (const HttpHeader& header : outcome.headers) response.headers.push_back(header);
    for (const HttpHeader& trailer : outcome.trailers) {
      response.headers.push_back({absl::StrCat("trailer-", trailer.name), trailer.value});
    }
    return response;
  }

  // A unary call has no stream.
  HttpResponse StreamHead(const HttpHeaders&) override { return {}; }
  absl::StatusOr<std::string> StreamMessage(std::string) override {
    return common::MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR", "no stream");
  }
  std::string StreamEnd(const CallOutcome&) override { return ""; }

 private:
  std::string Coding(const HttpRequest& request) const {
    if (target_ != nullptr) {
      const auto found = target_->query.find("compression");
      return found == target_->query.end() ? "" : found->second;
    }
    const std::string* header = FindHeader(request.headers, "content-encoding");
    return header == nullptr ? "" : *header;
  }

  absl::StatusOr<std::string> QueryMessage() const {
    const auto version = target_->query.find("connect");
    if (version != target_->query.end() && version->second != "v1") return UnknownVersion();
    const auto message = target_->query.find("message");
    if (message == target_->query.end()) {
      return common::MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MISSING",
                               "the query lacks message=");
    }
    const auto base64 = target_->query.find("base64");
    if (base64 == target_->query.end() || base64->second != "1") return message->second;
    std::string bytes;
    if (FromBase64(message->second, &bytes)) return bytes;
    return common::MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                             "message= is no base64, as base64=1 says");
  }

  HttpResponse Success(std::string body) const {
    HttpResponse response;
    response.headers.push_back(
        {"content-type", codec_ == Codec::kJson ? "application/json" : "application/proto"});
    response.headers.push_back({"vary", "accept-encoding"});
    if (gzip_ && body.size() >= kCompressFromBytes) {
      response.headers.push_back({"content-encoding", "gzip"});
      body = Compress(body);
    }
    response.body = std::move(body);
    return response;
  }

  const Codec codec_;
  const RequestTarget* const target_;
  const MethodDescriptor& method_;
  bool gzip_ = false;
};

}  // namespace

absl::Status CheckConnectVersion(const HttpHeaders& headers) {
  const std::string* version = FindHeader(headers, "connect-protocol-version");
  return version == nullptr || *version == "1" ? absl::OkStatus() : UnknownVersion();
}

absl::StatusOr<std::optional<absl::Duration>> ConnectTimeout(const HttpHeaders& headers) {
  const std::string* text = FindHeader(headers, "connect-timeout-ms");
  if (text == nullptr) return std::optional<absl::Duration>();
  const bool digits = std::all_of(text->begin(), text->end(),
                                  [](unsigned char c) { return absl::ascii_isdigit(c); });
  int64_t milliseconds = 0;
  if (digits && text->size() <= kMaxTimeoutDigits && absl::SimpleAtoi(*text, &milliseconds)) {
    return std::optional<absl::Duration>(absl::Milliseconds(milliseconds));
  }
  return common::MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                           "connect-timeout-ms must be milliseconds in at most 10 digits");
}

std::unique_ptr<CallProtocol> MakeConnectUnaryPost(Codec codec, const MethodDescriptor& method) {
  return std::make_unique<ConnectUnary>(codec, nullptr, method);
}

std::unique_ptr<CallProtocol> MakeConnectUnaryGet(Codec codec, const RequestTarget& target,
                                                  const MethodDescriptor& method) {
  return std::make_unique<ConnectUnary>(codec, &target, method);
}

}  // namespace tandem::gateway
