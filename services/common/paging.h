// Page tokens: where the next page of a listing starts, and of which revision. A token is opaque,
// good for a day, and bound to the listing that gave it: method, caller, filter; used elsewhere it
// is refused. Later pages show the revision of the first, so writes in between neither hide a
// resource nor bring one twice.
//
// Thread-safe.
#ifndef SERVICES_COMMON_PAGING_H_
#define SERVICES_COMMON_PAGING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/call_context.h"
#include "services/common/token_sealer.h"

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

// Makes and reads the page tokens of one store.
class PageTokens {
 public:
  // How long a token is good for.
  static constexpr absl::Duration kLifetime = absl::Hours(24);

  // `key` has 32 random bytes that all processes on the store share.
  PageTokens(std::string key, std::function<absl::Time()> now)
      : sealer_(std::move(key)), now_(std::move(now)) {}

  // `listing` is what else the listing depends on: its filter, the parent's name.
  std::string Make(const CallContext& call, absl::string_view listing,
                   const PagePosition& position) const;

  // INVALID_ARGUMENT, field "page_token": damaged, from another listing, or expired.
  absl::StatusOr<PagePosition> Parse(const CallContext& call, absl::string_view listing,
                                     absl::string_view token) const;

 private:
  const TokenSealer sealer_;
  const std::function<absl::Time()> now_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_PAGING_H_
