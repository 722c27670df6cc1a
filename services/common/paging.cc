#include "services/common/paging.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr size_t kSealBytes = 12;

// Binds a position to its listing; not a secret, as a position gives no rights.
std::string SealOf(const CallContext& call, absl::string_view listing, absl::string_view position) {
  return base::Sha256(absl::StrCat("page token 1\n", call.method(), "\n", call.principal().actor,
                                   "\n", listing.size(), "\n", listing, position))
      .substr(0, kSealBytes);
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

std::string MakePageToken(const CallContext& call, absl::string_view listing,
                          const PagePosition& position) {
  const std::string text = absl::StrCat(position.revision, "\n", position.after);
  return absl::WebSafeBase64Escape(absl::StrCat(SealOf(call, listing, text), text));
}

absl::StatusOr<PagePosition> ParsePageToken(const CallContext& call, absl::string_view listing,
                                            absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kSealBytes) return Refused();
  const absl::string_view text = absl::string_view(bytes).substr(kSealBytes);
  const size_t end = text.find('\n');
  PagePosition position;
  if (bytes.substr(0, kSealBytes) != SealOf(call, listing, text) ||
      end == absl::string_view::npos ||
      !absl::SimpleAtoi(text.substr(0, end), &position.revision) || position.revision < 0) {
    return Refused();
  }
  position.after = std::string(text.substr(end + 1));
  return position;
}

}  // namespace tandem::common
