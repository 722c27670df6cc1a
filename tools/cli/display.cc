#include "tools/cli/display.h"

#include <utf8proc.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tandem::cli {
namespace {

// Takes the first character off `text`; -1 for a byte that is not UTF-8.
int32_t TakeCharacter(absl::string_view& text) {
  utf8proc_int32_t character = -1;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &character);
  text.remove_prefix(length > 0 ? length : 1);
  return length > 0 ? character : -1;
}

bool IsControl(int32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// Characters that change the direction of writing (Unicode's Bidi_Control).
const char* BidiName(int32_t c) {
  switch (c) {
    case 0x061C:
      return "Arabic letter mark";
    case 0x200E:
      return "left-to-right mark";
    case 0x200F:
      return "right-to-left mark";
    case 0x202A:
      return "left-to-right embedding";
    case 0x202B:
      return "right-to-left embedding";
    case 0x202C:
      return "pop directional formatting";
    case 0x202D:
      return "left-to-right override";
    case 0x202E:
      return "right-to-left override";
    case 0x2066:
      return "left-to-right isolate";
    case 0x2067:
      return "right-to-left isolate";
    case 0x2068:
      return "first strong isolate";
    case 0x2069:
      return "pop directional isolate";
    default:
      return nullptr;
  }
}

int CharacterWidth(int32_t c) { return c < 0 ? 1 : utf8proc_charwidth(c); }

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) width += CharacterWidth(TakeCharacter(text));
  return width;
}

std::string PadRight(absl::string_view text, int width) {
  const int missing = width - DisplayWidth(text);
  return absl::StrCat(text, std::string(missing > 0 ? missing : 0, ' '));
}

std::string PadLeft(absl::string_view text, int width) {
  const int missing = width - DisplayWidth(text);
  return absl::StrCat(std::string(missing > 0 ? missing : 0, ' '), text);
}

std::string CutToWidth(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  constexpr absl::string_view kDots = "...";
  int left = width - static_cast<int>(kDots.size());
  absl::string_view rest = text;
  size_t end = 0;
  while (!rest.empty()) {
    left -= CharacterWidth(TakeCharacter(rest));
    if (left < 0) break;
    end = text.size() - rest.size();
  }
  return absl::StrCat(text.substr(0, end), kDots);
}

std::string Harmless(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const absl::string_view before = text;
    const int32_t c = TakeCharacter(text);
    if (IsControl(c) || BidiName(c) != nullptr) {
      out.push_back('?');
    } else {
      absl::StrAppend(&out, before.substr(0, before.size() - text.size()));
    }
  }
  return out;
}

std::string DisguisingCharacter(absl::string_view text, bool one_line) {
  while (!text.empty()) {
    const int32_t c = TakeCharacter(text);
    if (const char* name = BidiName(c)) return absl::StrFormat("U+%04X (%s)", c, name);
    const bool layout = c == '\n' || c == '\r' || c == '\t';
    if (IsControl(c) && (one_line || !layout)) {
      return c < 0 ? "a byte that is not UTF-8"
                   : absl::StrFormat("U+%04X (a control character)", c);
    }
  }
  return "";
}

}  // namespace tandem::cli
