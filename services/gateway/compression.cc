#include "services/gateway/compression.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/common/errors.h"
#include "services/gateway/gzip.h"

namespace tandem::gateway {

absl::StatusOr<bool> IsGzip(absl::string_view coding) {
  if (coding == "gzip") return true;
  if (coding.empty() || coding == "identity") return false;
  return common::MakeError(absl::StatusCode::kUnimplemented, "COMPRESSION_UNSUPPORTED",
                           "unknown compression: supported are gzip, identity");
}

bool AcceptsGzip(const std::string* accept, bool request_was_gzip) {
  if (accept == nullptr) return request_was_gzip;
  for (absl::string_view item : absl::StrSplit(*accept, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits(';', 1));
    const absl::string_view quality = absl::StripAsciiWhitespace(parts.second);
    if (absl::StripAsciiWhitespace(parts.first) == "gzip" && quality != "q=0") return true;
  }
  return false;
}

absl::StatusOr<std::string> Decompressed(std::string bytes, bool gzip, size_t max_bytes) {
  if (!gzip || bytes.empty()) return bytes;
  return Decompress(bytes, max_bytes);
}

}  // namespace tandem::gateway
