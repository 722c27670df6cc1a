#include "services/audit/entry_listing.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/audit/audit_log.h"
#include "services/common/errors.h"
#include "services/common/filter.h"

namespace tandem::audit {
namespace {

using common::v1::Change;

// A cancelled listing stops after at most so many entries.
constexpr int64_t kEntriesBetweenChecks = 1000;

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

struct TimeRange {
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();

  bool Contains(absl::Time time) const { return start <= time && time < end; }
};

absl::StatusOr<TimeRange> RangeOf(const v1::ListAuditEntriesRequest& request) {
  TimeRange range;
  if (request.has_start_time()) range.start = ToTime(request.start_time());
  if (request.has_end_time()) range.end = ToTime(request.end_time());
  if (range.start > range.end) {
    return common::InvalidField("end_time", "must not be before start_time");
  }
  return range;
}

// What a page token is bound to.
std::string ListingOf(const v1::ListAuditEntriesRequest& request, const TimeRange& range) {
  return absl::StrCat(request.filter(), "\n", absl::ToUnixNanos(range.start), "\n",
                      absl::ToUnixNanos(range.end));
}

const std::vector<std::string>& FilterFields() {
  static const auto* const fields = new std::vector<std::string>{
      "actor", "role", "method", "resource", "store", "kind", "reason_code", "request_id"};
  return *fields;
}

}  // namespace

absl::StatusOr<v1::AuditEntry> ParseEntry(const storage::Record& record) {
  v1::AuditEntry entry;
  if (entry.ParseFromString(record.value)) return entry;
  return absl::DataLossError(absl::StrCat("the audit log's record \"", record.key,
                                          "\" is not understood; restore the log from its backup"));
}

absl::StatusOr<v1::ListAuditEntriesResponse> ListEntries(
    const storage::Store& store, const common::PageTokens& tokens, const common::CallContext& call,
    const v1::ListAuditEntriesRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(const int page_size, common::PageSizeOf(request.page_size()));
  TANDEM_ASSIGN_OR_RETURN(
      const common::Filter filter,
      common::Filter::Parse(request.filter(), *Change::descriptor(), FilterFields()));
  TANDEM_ASSIGN_OR_RETURN(const TimeRange range, RangeOf(request));
  const std::string listing = ListingOf(request, range);
  common::PagePosition position;
  std::unique_ptr<storage::Snapshot> snapshot;
  if (request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(snapshot, store.Latest());
    position.revision = snapshot->revision();
  } else {
    TANDEM_ASSIGN_OR_RETURN(position, tokens.Parse(call, listing, request.page_token()));
    TANDEM_ASSIGN_OR_RETURN(snapshot, store.At(position.revision));
  }
  // The first key after the previous page: keys have no byte below '\0'.
  const std::string start =
      position.after.empty() ? EntryKeysBegin() : position.after + std::string(1, '\0');

  v1::ListAuditEntriesResponse response;
  absl::Status status;
  int64_t seen = 0;
  bool more = false;
  TANDEM_RETURN_IF_ERROR(snapshot->Scan(start, EntryKeysEnd(), [&](const storage::Record& record) {
    if (++seen % kEntriesBetweenChecks == 0) status = call.CheckAlive();
    absl::StatusOr<v1::AuditEntry> entry = ParseEntry(record);
    if (status.ok()) status = entry.status();
    if (!status.ok()) return false;
    if (!filter.Matches(entry->change()) ||
        !range.Contains(ToTime(entry->change().commit_time()))) {
      return true;
    }
    more = response.audit_entries_size() == page_size;
    if (more) return false;
    position.after = record.key;
    *response.add_audit_entries() = *std::move(entry);
    return true;
  }));
  TANDEM_RETURN_IF_ERROR(status);
  if (more) response.set_next_page_token(tokens.Make(call, listing, position));
  return response;
}

}  // namespace tandem::audit
