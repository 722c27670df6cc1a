#include "tools/cli/import/parts.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tools/cli/cell.h"

namespace tandem::cli {

absl::StatusOr<DatedReference> ParseDatedReference(absl::string_view text) {
  DatedReference reference;
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || !absl::StrContains(text.substr(colon), "..")) {
    reference.id = std::string(text);
    return reference;
  }
  reference.id = std::string(text.substr(0, colon));
  TANDEM_ASSIGN_OR_RETURN(reference.period, ParseDateRange(text.substr(colon + 1), /*open=*/true));
  return reference;
}

absl::StatusOr<TopicNumber> ParseTopicNumber(absl::string_view text, int min, int max) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 2));
  if (parts.size() < 2 || parts[0].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not TOPIC:NUMBER, such as metrology.legal:4"));
  }
  TopicNumber parsed;
  parsed.topic = parts[0];
  const absl::StatusOr<int64_t> number = ParseInteger(parts[1], min, max);
  if (!number.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the level in '", text, "' ", number.status().message()));
  }
  parsed.number = static_cast<int32_t>(*number);
  if (parts.size() > 2) parsed.rest = parts[2];
  return parsed;
}

}  // namespace tandem::cli
