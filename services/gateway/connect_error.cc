#include "services/gateway/connect_error.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/json.h"
#include "google/rpc/status.pb.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/call_metadata.h"
#include "services/gateway/message_codec.h"

namespace tandem::gateway {
namespace {

struct CodeRow {
  const char* word;
  int http_status;
};

// By number of the code, from CANCELLED on.
constexpr std::array<CodeRow, 17> kCodes = {{
    {"unknown", 500},  // OK is no error
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
}};

const CodeRow& Row(grpc::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  return number < kCodes.size() ? kCodes[number] : kCodes[2];
}

std::string DetailJson(const google::protobuf::Any& detail) {
  absl::string_view type = detail.type_url();
  type.remove_prefix(std::min(type.size(), type.rfind('/') + 1));
  std::string json = "{\"type\":";
  base::AppendJsonString(type, &json);
  absl::StrAppend(&json, ",\"value\":\"", ToBase64(detail.value()), "\"");
  // For the reader's eyes; a type that is not linked in goes without.
  const auto debug = ProtoToJson(type, detail.value());
  if (debug.ok()) absl::StrAppend(&json, ",\"debug\":", *debug);
  return json + "}";
}

}  // namespace

std::string ConnectCode(grpc::StatusCode code) { return Row(code).word; }

int HttpStatusOf(grpc::StatusCode code) { return Row(code).http_status; }

std::string ConnectErrorJson(const grpc::Status& status) {
  std::string json = absl::StrCat("{\"code\":\"", ConnectCode(status.error_code()), "\"");
  if (!status.error_message().empty()) {
    json += ",\"message\":";
    base::AppendJsonString(status.error_message(), &json);
  }
  google::rpc::Status rich;
  if (rich.ParseFromString(status.error_details()) && rich.details_size() > 0) {
    const char* separator = ",\"details\":[";
    for (const google::protobuf::Any& detail : rich.details()) {
      absl::StrAppend(&json, separator, DetailJson(detail));
      separator = ",";
    }
    json += "]";
  }
  return json + "}";
}

HttpResponse ConnectErrorResponse(const grpc::Status& status, int http_status) {
  HttpResponse response;
  response.status = http_status != 0 ? http_status : HttpStatusOf(status.error_code());
  response.headers.push_back({"content-type", "application/json"});
  if (const auto wait = common::RetryAfterOf(common::FromGrpcStatus(status))) {
    const int64_t seconds = absl::ToInt64Seconds(absl::Ceil(*wait, absl::Seconds(1)));
    response.headers.push_back({"retry-after", absl::StrCat(seconds)});
  }
  response.body = ConnectErrorJson(status);
  return response;
}

}  // namespace tandem::gateway
