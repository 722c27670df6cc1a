#include "services/common/errors.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message_lite.h"
#include "google/rpc/error_details.pb.h"

namespace tandem::common {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

// The message in a status of many violations names so many; the details name all.
constexpr size_t kViolationsInMessage = 3;
// More of one request are not kept: a list of millions of bad values must not fill the memory.
// An answer has room for fewer.
constexpr size_t kMaxViolations = 10'000;

// A store that closes is open again after a restart; a disk that is full needs a person.
constexpr absl::Duration kRestartRetryAfter = absl::Seconds(1);
constexpr absl::Duration kStoreRetryAfter = absl::Seconds(1);
constexpr absl::Duration kFullRetryAfter = absl::Seconds(60);

void Attach(absl::string_view url, const google::protobuf::MessageLite& detail,
            absl::Status* status) {
  status->SetPayload(url, absl::Cord(detail.SerializeAsString()));
}

// Reads the payload at `url` into `detail`; false when it is not there.
bool ReadDetail(const absl::Status& status, absl::string_view url,
                google::protobuf::MessageLite* detail) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() && detail->ParseFromString(std::string(*payload));
}

void AttachRetry(absl::Duration retry_after, absl::Status* status) {
  google::rpc::RetryInfo retry;
  const int64_t seconds = absl::ToInt64Seconds(retry_after);
  retry.mutable_retry_delay()->set_seconds(seconds);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(retry_after - absl::Seconds(seconds))));
  Attach(kRetryInfoUrl, retry, status);
}

std::string SummaryOf(const std::vector<FieldViolation>& violations) {
  std::string summary;
  for (size_t i = 0; i < violations.size() && i < kViolationsInMessage; ++i) {
    absl::StrAppend(&summary, i == 0 ? "" : "; ", violations[i].field, " ",
                    violations[i].description);
  }
  if (violations.size() > kViolationsInMessage) {
    absl::StrAppend(&summary, "; and ", violations.size() - kViolationsInMessage, " more");
  }
  return summary;
}

// `status` with an ErrorInfo, and `advice` behind its message.
absl::Status Explain(const absl::Status& status, absl::StatusCode code, absl::string_view reason,
                     absl::string_view advice) {
  return MakeError(code, reason, absl::StrCat(status.message(), advice));
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const ErrorMetadata& metadata) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(kErrorInfoUrl, info, &status);
  return status;
}

void FieldViolations::Add(absl::string_view path, absl::string_view description) {
  if (violations_.size() >= kMaxViolations) return;
  violations_.push_back({std::string(path), std::string(description)});
}

void FieldViolations::AddAll(absl::string_view prefix, const FieldViolations& part) {
  for (const FieldViolation& violation : part.violations_) {
    if (violations_.size() >= kMaxViolations) return;
    violations_.push_back({JoinPath(prefix, violation.field), violation.description});
  }
}

absl::Status FieldViolations::ToStatus() const {
  return empty() ? absl::OkStatus() : InvalidArgument(*this);
}

std::string JoinPath(absl::string_view prefix, absl::string_view field) {
  if (prefix.empty()) return std::string(field);
  if (field.empty()) return std::string(prefix);
  return absl::StrCat(prefix, ".", field);
}

std::string IndexPath(absl::string_view field, int index) {
  return absl::StrCat(field, "[", index, "]");
}

absl::Status InvalidArgument(const FieldViolations& violations) {
  absl::Status status = MakeError(absl::StatusCode::kInvalidArgument, "FIELDS_INVALID",
                                  absl::StrCat("nothing was written; correct and send again: ",
                                               SummaryOf(violations.violations())));
  google::rpc::BadRequest request;
  for (const FieldViolation& violation : violations.violations()) {
    google::rpc::BadRequest::FieldViolation* field = request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.description);
  }
  Attach(kBadRequestUrl, request, &status);
  return status;
}

absl::Status InvalidField(absl::string_view path, absl::string_view description) {
  FieldViolations violations;
  violations.Add(path, description);
  return InvalidArgument(violations);
}

absl::Status NotFound(absl::string_view resource) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                   absl::StrCat("there is no ", resource), {{"resource", std::string(resource)}});
}

absl::Status AlreadyExists(absl::string_view resource, absl::string_view message) {
  return MakeError(absl::StatusCode::kAlreadyExists, "RESOURCE_ALREADY_EXISTS", message,
                   {{"resource", std::string(resource)}});
}

absl::Status EtagMismatch(absl::string_view resource, absl::string_view current_etag) {
  return MakeError(
      absl::StatusCode::kAborted, "ETAG_MISMATCH",
      absl::StrCat(resource, " was changed meanwhile: read it again, apply the edit, send again"),
      {{"resource", std::string(resource)}, {"current_etag", std::string(current_etag)}});
}

absl::Status ConcurrentChange(absl::string_view resource) {
  return MakeError(absl::StatusCode::kAborted, "CONCURRENT_CHANGE",
                   absl::StrCat("others kept changing ", resource,
                                "; nothing was written: send "
                                "the call again"),
                   {{"resource", std::string(resource)}});
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return MakeError(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                   "this request_id was used with another request; nothing was written: use a new "
                   "request_id for a new request",
                   {{"request_id", std::string(request_id)}});
}

absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message,
                                const ErrorMetadata& metadata) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, message, metadata);
}

absl::Status PermissionDenied(absl::string_view message, absl::string_view reason) {
  return MakeError(absl::StatusCode::kPermissionDenied, reason, message);
}

absl::Status RevisionNotKept(absl::string_view message) {
  return MakeError(absl::StatusCode::kOutOfRange, "REVISION_NOT_KEPT", message);
}

absl::Status QuotaExceeded(absl::string_view reason, absl::string_view message,
                           absl::Duration retry_after) {
  absl::Status status = MakeError(absl::StatusCode::kResourceExhausted, reason, message);
  AttachRetry(retry_after, &status);
  return status;
}

absl::Status Unavailable(absl::string_view reason, absl::string_view message,
                         absl::Duration retry_after) {
  absl::Status status = MakeError(absl::StatusCode::kUnavailable, reason, message);
  AttachRetry(retry_after, &status);
  return status;
}

absl::Status ServerEnds() {
  return Unavailable("SERVER_ENDS", "the server goes down: connect again and resume",
                     kRestartRetryAfter);
}

absl::Status FromStorage(const absl::Status& status) {
  if (status.ok() || ErrorDetailOf(status).has_value()) return status;
  switch (status.code()) {
    case absl::StatusCode::kOutOfRange:
      return RevisionNotKept(status.message());
    case absl::StatusCode::kUnavailable:
      return Unavailable("STORE_UNAVAILABLE",
                         absl::StrCat(status.message(), "; nothing was written"), kStoreRetryAfter);
    case absl::StatusCode::kDataLoss:
      return Explain(status, status.code(), "STORE_DAMAGED", "");
    case absl::StatusCode::kResourceExhausted:
      return QuotaExceeded(
          "STORE_FULL",
          absl::StrCat(status.message(),
                       "; repeat the call with the same request_id once there is space"),
          kFullRetryAfter);
    case absl::StatusCode::kUnknown:
      return Explain(status, status.code(), "OUTCOME_UNKNOWN",
                     "; whether it was written is not known: repeat the call with the same "
                     "request_id");
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kInvalidArgument:
      return status;
    default:
      return Explain(status, absl::StatusCode::kInternal, "STORE_FAILED", "");
  }
}

std::optional<ErrorDetail> ErrorDetailOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  if (!ReadDetail(status, kErrorInfoUrl, &info)) return std::nullopt;
  ErrorDetail detail;
  detail.reason = info.reason();
  detail.metadata.insert(info.metadata().begin(), info.metadata().end());
  return detail;
}

std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest request;
  std::vector<FieldViolation> violations;
  if (!ReadDetail(status, kBadRequestUrl, &request)) return violations;
  for (const auto& field : request.field_violations()) {
    violations.push_back({field.field(), field.description()});
  }
  return violations;
}

std::optional<absl::Duration> RetryAfterOf(const absl::Status& status) {
  google::rpc::RetryInfo retry;
  if (!ReadDetail(status, kRetryInfoUrl, &retry)) return std::nullopt;
  return absl::Seconds(retry.retry_delay().seconds()) +
         absl::Nanoseconds(retry.retry_delay().nanos());
}

}  // namespace tandem::common
