// Text as a terminal shows it: how wide it is, cut to a width, and made harmless.
// Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_DISPLAY_H_
#define TANDEM_TOOLS_CLI_DISPLAY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::cli {

// Columns that `text` (UTF-8) takes on a terminal: 2 for wide East Asian characters, 0 for
// combining marks.
int DisplayWidth(absl::string_view text);

// `text` with spaces to the right up to `width` columns.
std::string PadRight(absl::string_view text, int width);
// `text` with spaces to the left up to `width` columns.
std::string PadLeft(absl::string_view text, int width);

// `text`, or as much of it as fits into `width` columns with "..." at the end.
std::string CutToWidth(absl::string_view text, int width);

// `text` in lines of at most `width` columns, broken at spaces and behind '|'; a word that is
// longer is broken anywhere. At least one line. `width` is at least 2.
std::vector<std::string> WrapWords(absl::string_view text, int width);

// The widest piece of `text` that WrapWords leaves whole if it can, in columns.
int LongestWord(absl::string_view text);

// `text` with control characters, invisible ones (those that change the direction of writing, of no
// width, of private use) and bytes that are not UTF-8 replaced by '?': what came from elsewhere
// must not steer a terminal, nor hide in a message.
std::string Harmless(absl::string_view text);

// A character that text of people never needs and that can disguise it; "" if there is none, else
// its name, for example "U+202E (right-to-left override)". Line breaks and tabs are reported only
// when `one_line`.
std::string DisguisingCharacter(absl::string_view text, bool one_line);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_DISPLAY_H_
