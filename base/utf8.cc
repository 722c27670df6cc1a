#include "base/utf8.h"

namespace tandem::base {
namespace {

bool IsContinuation(absl::string_view text, size_t at, unsigned low, unsigned high) {
  if (at >= text.size()) return false;
  const unsigned byte = static_cast<unsigned char>(text[at]);
  return byte >= low && byte <= high;
}

// The length of the character that starts at `at`, or 0 if it is invalid (RFC 3629, table of
// well-formed byte sequences).
size_t CharacterLength(absl::string_view text, size_t at) {
  const unsigned lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!IsContinuation(text, at + 1, low, high)) return 0;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (size_t i = 2; i < length; ++i) {
    if (!IsContinuation(text, at + i, 0x80, 0xBF)) return 0;
  }
  return length;
}

}  // namespace

Utf8Error FindUtf8Error(absl::string_view text) {
  int64_t line = 1;
  int64_t column = 1;
  for (size_t at = 0; at < text.size();) {
    const size_t length = CharacterLength(text, at);
    if (length == 0) return {Utf8Error::Kind::kInvalid, line, column};
    if (text[at] == '\0') return {Utf8Error::Kind::kNul, line, column};
    if (text[at] == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
    at += length;
  }
  return {};
}

}  // namespace tandem::base
