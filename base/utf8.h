// Where a text stops being valid UTF-8. Thread-safe.

#ifndef TANDEM_BASE_UTF8_H_
#define TANDEM_BASE_UTF8_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace tandem::base {

struct Utf8Error {
  enum class Kind {
    kNone,
    kInvalid,  // Not UTF-8 (RFC 3629): overlong forms and surrogates included.
    kNul,      // A NUL character: valid, but never part of a text.
  };
  Kind kind = Kind::kNone;
  // Where it is, both counted from 1; the column counts characters.
  int64_t line = 0;
  int64_t column = 0;
};

// The first error in `text`; kind kNone if there is none.
Utf8Error FindUtf8Error(absl::string_view text);

}  // namespace tandem::base

#endif  // TANDEM_BASE_UTF8_H_
