#include "tools/cli/server_error.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tandem::cli {
namespace {

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  return details;
}

template <typename Detail>
bool FindDetail(const google::rpc::Status& details, Detail* found) {
  for (const google::protobuf::Any& any : details.details()) {
    if (any.Is<Detail>() && any.UnpackTo(found)) return true;
  }
  return false;
}

// What the caller can do, where the server's own message does not already say it.
std::string NextStep(const grpc::Status& status, absl::string_view address) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      // The server itself said why and what to do.
      if (!ReasonOf(status).empty()) return "";
      return absl::StrCat("No answer from ", address,
                          ". Start a server with bazel-bin/services/tandemd/tandemd, or say where "
                          "it is with --address HOST:PORT or TANDEM_ADDRESS.");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "The server did not answer in time. A write may have happened all the same: repeat "
             "it with the same --request-id. --timeout SECONDS waits longer.";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "Say in which role you act with --role (staff, approver, auditor, admin, mentor, "
             "nsb; the last two with --subject).";
    case grpc::StatusCode::ABORTED:
      return "Somebody else changed it meanwhile: look at it again, then repeat the command.";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (ReasonOf(status) == "STORE_FULL") return "";  // said already, and waiting does not help
      return "The server is busy, or the message is too large. Wait a moment and repeat.";
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::StrCat("The server at ", address,
                          " does not know this call. Is it a server of the same version?");
    default:
      return "";
  }
}

}  // namespace

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::ErrorInfo info;
  return FindDetail(Details(status), &info) ? info.reason() : "";
}

std::vector<FieldViolation> FieldViolations(const grpc::Status& status) {
  google::rpc::BadRequest bad_request;
  std::vector<FieldViolation> violations;
  if (!FindDetail(Details(status), &bad_request)) return violations;
  for (const auto& violation : bad_request.field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

absl::Status DescribeServerError(const grpc::Status& status, absl::string_view address) {
  if (status.ok()) return absl::OkStatus();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && ReasonOf(status).empty()) {
    return absl::UnavailableError(
        absl::StrCat(NextStep(status, address), "\n(", status.error_message(), ")"));
  }
  std::string message = status.error_message();
  const std::string reason = ReasonOf(status);
  if (!reason.empty()) absl::StrAppend(&message, " [", reason, "]");
  // One alone is in the message already.
  const std::vector<FieldViolation> violations = FieldViolations(status);
  for (const FieldViolation& violation : violations) {
    if (violations.size() == 1 && absl::StrContains(message, violation.reason)) break;
    absl::StrAppend(&message, "\n  ", violation.field, ": ", violation.reason);
  }
  const std::string next = NextStep(status, address);
  if (!next.empty()) absl::StrAppend(&message, "\n", next);
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), message);
}

}  // namespace tandem::cli
