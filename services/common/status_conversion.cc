#include "services/common/status_conversion.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tandem::common {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
// The message travels twice, percent-encoded and within the details.
constexpr size_t kMaxMessageBytes = 1000;
// Of one value in the metadata of an ErrorInfo that is too long: more than any name that exists.
constexpr size_t kMaxValueBytes = 300;

// Cut to at most `max_bytes`, at the border of a UTF-8 character.
std::string ShortText(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  size_t end = max_bytes - 3;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "...");
}

// The reason arrives in any case: what its metadata repeats of a request is cut, at worst left out.
void ShrinkErrorInfo(size_t budget, google::protobuf::Any* detail) {
  google::rpc::ErrorInfo info;
  if (detail->value().size() <= budget || !info.ParseFromString(detail->value())) return;
  for (auto& [key, value] : *info.mutable_metadata()) value = ShortText(value, kMaxValueBytes);
  if (info.ByteSizeLong() > budget) info.clear_metadata();
  detail->set_value(info.SerializeAsString());
}

// Drops violations from the end until `detail` takes at most `budget` bytes, and counts them.
void ShrinkBadRequest(size_t budget, google::protobuf::Any* detail) {
  google::rpc::BadRequest all;
  if (detail->value().size() <= budget || !all.ParseFromString(detail->value())) return;
  google::rpc::BadRequest kept;
  const int total = all.field_violations_size();
  size_t used = 128;  // for the last one, which counts
  for (const auto& violation : all.field_violations()) {
    used += violation.ByteSizeLong() + 4;
    if (used > budget) break;
    *kept.add_field_violations() = violation;
  }
  google::rpc::BadRequest::FieldViolation* last = kept.add_field_violations();
  last->set_field("*");
  last->set_description(absl::StrCat("and ", total - kept.field_violations_size() + 1,
                                     " more violations, which did not fit into this answer"));
  detail->set_value(kept.SerializeAsString());
}

// ErrorInfo and RetryInfo come first; BadRequest is cut to what is left.
std::vector<google::protobuf::Any> DetailsOf(const absl::Status& status) {
  std::vector<google::protobuf::Any> details;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (!absl::StartsWith(url, kTypePrefix)) return;
    google::protobuf::Any detail;
    detail.set_type_url(std::string(url));
    detail.set_value(std::string(payload));
    details.push_back(std::move(detail));
  });
  std::sort(details.begin(), details.end(),
            [](const google::protobuf::Any& a, const google::protobuf::Any& b) {
              const bool a_last = a.type_url() == kBadRequestUrl;
              const bool b_last = b.type_url() == kBadRequestUrl;
              return a_last != b_last ? b_last : a.type_url() < b.type_url();
            });
  return details;
}

grpc::StatusCode ToGrpcCode(absl::StatusCode code) {
  // The numbers are the same by definition of both.
  return static_cast<grpc::StatusCode>(static_cast<int>(code));
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, size_t max_details_bytes) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(ShortText(status.message(), kMaxMessageBytes));
  for (google::protobuf::Any& detail : DetailsOf(status)) {
    const size_t used = details.ByteSizeLong() + detail.type_url().size() + 16;
    if (used >= max_details_bytes) break;
    const size_t budget = max_details_bytes - used;
    if (detail.type_url() == kErrorInfoUrl) ShrinkErrorInfo(budget, &detail);
    if (detail.type_url() == kBadRequestUrl) ShrinkBadRequest(budget, &detail);
    if (detail.value().size() <= budget) *details.add_details() = std::move(detail);
  }
  return grpc::Status(ToGrpcCode(status.code()), details.message(), details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status converted(static_cast<absl::StatusCode>(status.error_code()),
                         status.error_message());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : details.details()) {
      converted.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return converted;
}

}  // namespace tandem::common
