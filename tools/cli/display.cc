#include "tools/cli/display.h"

#include <utf8proc.h>

#include <algorithm>
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

bool IsInvisible(int32_t c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

// A piece that stays on one line, with the space that stood before it.
struct Word {
  absl::string_view text;
  bool after_space = false;
};

std::vector<Word> Words(absl::string_view text) {
  std::vector<Word> words;
  bool after_space = false;
  while (!text.empty()) {
    if (text[0] == ' ') {
      after_space = true;
      text.remove_prefix(1);
      continue;
    }
    size_t end = text.find_first_of(" |");
    end = end == absl::string_view::npos ? text.size() : end + (text[end] == '|' ? 1 : 0);
    words.push_back({text.substr(0, end), after_space});
    after_space = false;
    text.remove_prefix(end);
  }
  return words;
}

// As much of `text` as fits into `width` columns, at least one character.
absl::string_view Beginning(absl::string_view text, int width) {
  absl::string_view rest = text;
  size_t end = 0;
  while (!rest.empty()) {
    width -= CharacterWidth(TakeCharacter(rest));
    if (width < 0 && end > 0) break;
    end = text.size() - rest.size();
  }
  return text.substr(0, end);
}

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

std::vector<std::string> WrapWords(absl::string_view text, int width) {
  std::vector<std::string> lines(1);
  int left = width;
  for (const Word& word : Words(text)) {
    absl::string_view rest = word.text;
    const int space = word.after_space && !lines.back().empty() ? 1 : 0;
    if (!lines.back().empty() && space + DisplayWidth(rest) > left) {
      lines.emplace_back();
      left = width;
    } else if (space > 0) {
      lines.back().push_back(' ');
      --left;
    }
    for (absl::string_view piece = Beginning(rest, left); piece.size() < rest.size();
         piece = Beginning(rest, width)) {
      absl::StrAppend(&lines.back(), piece);
      rest.remove_prefix(piece.size());
      lines.emplace_back();
      left = width;
    }
    absl::StrAppend(&lines.back(), rest);
    left -= DisplayWidth(rest);
  }
  return lines;
}

int LongestWord(absl::string_view text) {
  int longest = 0;
  for (const Word& word : Words(text)) longest = std::max(longest, DisplayWidth(word.text));
  return longest;
}

std::string Harmless(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const absl::string_view before = text;
    const int32_t c = TakeCharacter(text);
    if (IsControl(c) || IsInvisible(c)) {
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
