#include "services/gateway/connect_stream.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "services/gateway/compression.h"
#include "services/gateway/connect_error.h"
#include "services/gateway/connect_unary.h"
#include "services/gateway/enveloped_messages.h"

namespace tandem::gateway {
namespace {

using google::protobuf::MethodDescriptor;

// {"name":["value",...],...}
std::string MetadataJson(const HttpHeaders& trailers) {
  std::map<std::string, std::vector<std::string>> values;
  for (const HttpHeader& trailer : trailers) {
    std::string quoted;
    base::AppendJsonString(trailer.value, &quoted);
    values[trailer.name].push_back(std::move(quoted));
  }
  std::string json;
  for (const auto& [name, quoted] : values) {
    absl::StrAppend(&json, json.empty() ? "" : ",", "\"", name, "\":[", absl::StrJoin(quoted, ","),
                    "]");
  }
  return absl::StrCat("{", json, "}");
}

class ConnectStream final : public CallProtocol {
 public:
  ConnectStream(Codec codec, const MethodDescriptor& method) : messages_(codec, method) {}

  absl::StatusOr<CallRequest> Read(const HttpRequest& request) override {
    CallRequest call;
    TANDEM_RETURN_IF_ERROR(CheckConnectVersion(request.headers));
    TANDEM_ASSIGN_OR_RETURN(call.timeout, ConnectTimeout(request.headers));
    TANDEM_RETURN_IF_ERROR(
        messages_.Negotiate(FindHeader(request.headers, "connect-content-encoding"),
                            FindHeader(request.headers, "connect-accept-encoding")));
    TANDEM_ASSIGN_OR_RETURN(call.message, messages_.ReadOne(request.body));
    return call;
  }

  HttpResponse Answer(const CallOutcome& outcome, std::string) override {
    // Only for a call that failed before its stream began.
    HttpResponse response = StreamHead(outcome.headers);
    response.body = StreamEnd(outcome);
    return response;
  }

  HttpResponse StreamHead(const HttpHeaders& metadata) override {
    HttpResponse head;
    head.headers = metadata;
    head.headers.push_back({"content-type", messages_.codec() == Codec::kJson
                                                ? "application/connect+json"
                                                : "application/connect+proto"});
    if (messages_.compresses()) head.headers.push_back({"connect-content-encoding", "gzip"});
    return head;
  }

  absl::StatusOr<std::string> StreamMessage(std::string message) override {
    return messages_.Write(std::move(message));
  }

  std::string StreamEnd(const CallOutcome& outcome) override {
    std::string json;
    if (!outcome.status.ok()) json = absl::StrCat("\"error\":", ConnectErrorJson(outcome.status));
    if (!outcome.trailers.empty()) {
      absl::StrAppend(&json, json.empty() ? "" : ",",
                      "\"metadata\":", MetadataJson(outcome.trailers));
    }
    return WrapEnvelope(kConnectEndFlag, absl::StrCat("{", json, "}"));
  }

 private:
  EnvelopedMessages messages_;
};

}  // namespace

std::unique_ptr<CallProtocol> MakeConnectStream(Codec codec, const MethodDescriptor& method) {
  return std::make_unique<ConnectStream>(codec, method);
}

}  // namespace tandem::gateway
