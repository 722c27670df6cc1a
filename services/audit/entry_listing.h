// Listing of the audit log: filter, time range and pages. Thread-safe.
#ifndef SERVICES_AUDIT_ENTRY_LISTING_H_
#define SERVICES_AUDIT_ENTRY_LISTING_H_

#include "absl/status/statusor.h"
#include "services/common/call_context.h"
#include "services/common/paging.h"
#include "storage/store.h"
#include "tandem/audit/v1/audit_entry.pb.h"
#include "tandem/audit/v1/audit_service.pb.h"

namespace tandem::audit {

// The entry that a record holds. DATA_LOSS when it is not understood.
absl::StatusOr<v1::AuditEntry> ParseEntry(const storage::Record& record);

// One page in the order of the sequence. The page size, token and filter are as in every list
// method (paging.h, filter.h); INVALID_ARGUMENT names the field that is not understood.
absl::StatusOr<v1::ListAuditEntriesResponse> ListEntries(
    const storage::Store& store, const common::PageTokens& tokens, const common::CallContext& call,
    const v1::ListAuditEntriesRequest& request);

}  // namespace tandem::audit

#endif  // SERVICES_AUDIT_ENTRY_LISTING_H_
