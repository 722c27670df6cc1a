#include "services/gateway/request_target.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "services/common/errors.h"

namespace tandem::gateway {
namespace {

// As HTML forms encode it: "%41" and "+" for a space.
absl::StatusOr<std::string> Decode(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 2);
    if (digits.size() < 2 || !absl::ascii_isxdigit(static_cast<unsigned char>(digits[0])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(digits[1]))) {
      return common::MakeError(absl::StatusCode::kInvalidArgument, "HTTP_MALFORMED",
                               "the query has a % that is not followed by two hex digits");
    }
    decoded += absl::HexStringToBytes(digits);
    i += 2;
  }
  return decoded;
}

}  // namespace

absl::StatusOr<RequestTarget> ParseTarget(absl::string_view target) {
  RequestTarget parsed;
  const size_t question = target.find('?');
  parsed.path = std::string(target.substr(0, question));
  if (question == absl::string_view::npos) return parsed;
  for (absl::string_view pair : absl::StrSplit(target.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(pair, absl::MaxSplits('=', 1));
    TANDEM_ASSIGN_OR_RETURN(std::string name, Decode(parts.first));
    TANDEM_ASSIGN_OR_RETURN(std::string value, Decode(parts.second));
    parsed.query.emplace(std::move(name), std::move(value));
  }
  return parsed;
}

}  // namespace tandem::gateway
