// Page tokens: where the next page of a listing starts, and of which revision. A token is opaque,
// and bound to the listing that gave it: method, caller, filter; used elsewhere it is refused.
// Thread-safe.
#ifndef SERVICES_COMMON_PAGING_H_
#define SERVICES_COMMON_PAGING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call_context.h"

namespace tandem::common {

inline constexpr int kDefaultPageSize = 100;
inline constexpr int kMaxPageSize = 1000;
// A page ends early rather than grow over this; gRPC clients take 4 MiB unless told otherwise.
inline constexpr int64_t kMaxPageBytes = 3 << 20;

struct ListQuery {
  int page_size = 0;
  std::string page_token;
  std::string filter;
};

struct PagePosition {
  int64_t revision = 0;  // that all pages show
  std::string after;     // the last key of the page before
};

// 0 gives the default, more than the maximum the maximum; INVALID_ARGUMENT when negative.
absl::StatusOr<int> PageSizeOf(int requested);

// `listing` is what else the listing depends on: its filter, the parent's name.
std::string MakePageToken(const CallContext& call, absl::string_view listing,
                          const PagePosition& position);

// INVALID_ARGUMENT, field "page_token": damaged, or from another listing.
absl::StatusOr<PagePosition> ParsePageToken(const CallContext& call, absl::string_view listing,
                                            absl::string_view token);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_PAGING_H_
