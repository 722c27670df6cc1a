#include "services/common/authentication/bearer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/status_macros.h"

namespace tandem::common {
namespace {

constexpr char kHeader[] = "authorization";
constexpr absl::string_view kScheme = "bearer ";

}  // namespace

absl::StatusOr<std::optional<absl::string_view>> BearerToken(const ClientMetadata& metadata) {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<absl::string_view> value,
                          OneValue(metadata, kHeader));
  if (!value.has_value() || !absl::StartsWithIgnoreCase(*value, kScheme)) {
    return std::optional<absl::string_view>();
  }
  return std::optional<absl::string_view>(
      absl::StripAsciiWhitespace(value->substr(kScheme.size())));
}

}  // namespace tandem::common
