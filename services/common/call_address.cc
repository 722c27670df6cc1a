#include "services/common/call_address.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace tandem::common {

bool IsCallAddress(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "unix:")) return !text.empty();
  const std::size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) return false;
  const absl::string_view host = text.substr(0, colon);
  if (absl::StrContains(host, ':') && (host.front() != '[' || host.back() != ']')) return false;
  int port = 0;
  return absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 1 && port <= 65535;
}

}  // namespace tandem::common
