// The errors that callers of Tandem see, made in one place: an absl::Status with the most specific
// code, a message that says what to do, a google.rpc.ErrorInfo (reason, domain "tandem", metadata)
// and, where it helps, a BadRequest with every violated field or a RetryInfo, as payloads.
// status_conversion.h carries them over the wire.
//
//   FieldViolations violations;
//   CheckCountryCode(mentor.residence_country(), "residence_country", &violations);
//   TANDEM_RETURN_IF_ERROR(violations.ToStatus());
//
// Messages and metadata name resources, fields and codes; never the content of personal fields.
// Thread safety: the functions are; a FieldViolations belongs to one thread.
#ifndef SERVICES_COMMON_ERRORS_H_
#define SERVICES_COMMON_ERRORS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem::common {

inline constexpr absl::string_view kErrorDomain = "tandem";

using ErrorMetadata = std::map<std::string, std::string>;

// An error with ErrorInfo. `reason` is SCREAMING_CASE, at most 63 characters.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const ErrorMetadata& metadata = {});

// One field that breaks a rule.
struct FieldViolation {
  std::string field;        // path from the request, for example "mentors[3].languages[0].language"
  std::string description;  // the rule that it breaks, and what would satisfy it
};

// Collects every violated field, so that one answer names them all.
class FieldViolations {
 public:
  // `path` is relative to what is being checked; `description` says what would be right.
  void Add(absl::string_view path, absl::string_view description);
  // Takes over those of a part that stands at `prefix`, for example "mentors[3]".
  void AddAll(absl::string_view prefix, const FieldViolations& part);

  bool empty() const { return violations_.empty(); }
  const std::vector<FieldViolation>& violations() const { return violations_; }
  // OK when empty, else InvalidArgument(*this).
  absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> violations_;
};

// "prefix.field", or `field` when `prefix` is empty.
std::string JoinPath(absl::string_view prefix, absl::string_view field);
// "field[index]".
std::string IndexPath(absl::string_view field, int index);

// INVALID_ARGUMENT, reason FIELDS_INVALID, with a BadRequest naming each field.
absl::Status InvalidArgument(const FieldViolations& violations);
// The same for a single field.
absl::Status InvalidField(absl::string_view path, absl::string_view description);
// NOT_FOUND, reason RESOURCE_NOT_FOUND, metadata resource.
absl::Status NotFound(absl::string_view resource);
// ALREADY_EXISTS, reason RESOURCE_ALREADY_EXISTS, metadata resource: the existing one.
absl::Status AlreadyExists(absl::string_view resource, absl::string_view message);
// ABORTED, reason ETAG_MISMATCH, metadata resource and current_etag.
absl::Status EtagMismatch(absl::string_view resource, absl::string_view current_etag);
// ABORTED, reason CONCURRENT_CHANGE: others kept changing it; the caller may send the call again.
absl::Status ConcurrentChange(absl::string_view resource);
// ALREADY_EXISTS, reason REQUEST_ID_REUSED: the id was used with another body.
absl::Status RequestIdReused(absl::string_view request_id);
// FAILED_PRECONDITION with the given reason.
absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message,
                                const ErrorMetadata& metadata = {});
// PERMISSION_DENIED, reason ROLE_NOT_ALLOWED unless given.
absl::Status PermissionDenied(absl::string_view message,
                              absl::string_view reason = "ROLE_NOT_ALLOWED");
// OUT_OF_RANGE, reason REVISION_NOT_KEPT.
absl::Status RevisionNotKept(absl::string_view message);
// RESOURCE_EXHAUSTED, with the given reason and a RetryInfo.
absl::Status QuotaExceeded(absl::string_view reason, absl::string_view message,
                           absl::Duration retry_after);
// UNAVAILABLE, reason SERVER_ENDS, with a RetryInfo: what ends with the server, or comes too late.
absl::Status ServerEnds();
// UNAVAILABLE, with the given reason and a RetryInfo.
absl::Status Unavailable(absl::string_view reason, absl::string_view message,
                         absl::Duration retry_after);

// Translates an error of storage::Store, which knows nothing of callers: adds an ErrorInfo
// (STORE_UNAVAILABLE, STORE_DAMAGED, STORE_FULL, OUTCOME_UNKNOWN, REVISION_NOT_KEPT) and says what
// to do. A status that has an ErrorInfo already, or is OK, stays as it is.
absl::Status FromStorage(const absl::Status& status);

// The reason and metadata of a status, std::nullopt without an ErrorInfo.
struct ErrorDetail {
  std::string reason;
  ErrorMetadata metadata;
};
std::optional<ErrorDetail> ErrorDetailOf(const absl::Status& status);
// The violated fields of a status; empty without a BadRequest.
std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status);
// After which a repetition makes sense, std::nullopt without a RetryInfo.
std::optional<absl::Duration> RetryAfterOf(const absl::Status& status);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_ERRORS_H_
