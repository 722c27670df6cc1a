#include "services/common/paging.h"

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

// What a token is bound to.
std::string BindingOf(const CallContext& call, absl::string_view listing) {
  return absl::StrCat("page token 2\n", call.method(), "\n", call.principal().actor, "\n", listing);
}

absl::Status Refused() {
  return InvalidField("page_token",
                      "is not a token of this listing with this filter; start again without one");
}

}  // namespace

absl::StatusOr<int> PageSizeOf(int requested) {
  if (requested < 0) return InvalidField("page_size", "must be 0 to 1000; 0 means 100");
  if (requested == 0) return kDefaultPageSize;
  return requested < kMaxPageSize ? requested : kMaxPageSize;
}

std::string PageTokens::Make(const CallContext& call, absl::string_view listing,
                             const PagePosition& position) const {
  return sealer_.Seal(BindingOf(call, listing),
                      absl::StrCat(absl::ToUnixSeconds(now_() + kLifetime), "\n", position.revision,
                                   "\n", position.after));
}

absl::StatusOr<PagePosition> PageTokens::Parse(const CallContext& call, absl::string_view listing,
                                               absl::string_view token) const {
  const std::optional<std::string> text = sealer_.Open(BindingOf(call, listing), token);
  if (!text.has_value()) return Refused();
  const std::vector<std::string> parts = absl::StrSplit(*text, absl::MaxSplits('\n', 2));
  PagePosition position;
  int64_t expires_s = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &expires_s) ||
      !absl::SimpleAtoi(parts[1], &position.revision)) {
    return Refused();
  }
  if (absl::FromUnixSeconds(expires_s) <= now_()) {
    return InvalidField("page_token", "is older than a day; start again without one");
  }
  position.after = parts[2];
  return position;
}

}  // namespace tandem::common
