// JSON (RFC 8259), read strictly and kept exactly: numbers stay text, so none is rounded; keys keep
// their order. Made for files of results; errors name line and column, counted from 1.
// Thread-compatible.

#ifndef TANDEM_BASE_JSON_H_
#define TANDEM_BASE_JSON_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::base {

struct JsonValue {
  enum class Kind { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  std::string text;              // Of a string, decoded; of a number, as written.
  std::vector<JsonValue> items;  // Of an array.
  std::vector<std::pair<std::string, JsonValue>> members;  // Of an object; keys are unique.
  size_t offset = 0;  // Bytes of the text before it: for an error about it.

  // The member called `key`, or null if there is none or this is no object.
  const JsonValue* Find(absl::string_view key) const;
};

// Parses one JSON text. INVALID_ARGUMENT "FILE:LINE:COLUMN: what is wrong" if it is malformed, not
// UTF-8, has a key twice in an object, or nests more than 64 deep.
absl::StatusOr<JsonValue> ParseJson(absl::string_view text, absl::string_view file_name);

// INVALID_ARGUMENT "FILE:LINE:COLUMN: reason" for what stands `offset` bytes into the text.
absl::Status JsonError(absl::string_view text, absl::string_view file_name, size_t offset,
                       absl::string_view reason);

// OK, or the error that ParseJson would return; keeps nothing of the values, so that a large text
// costs no more memory than its longest object has keys.
absl::Status CheckJson(absl::string_view text, absl::string_view file_name);

// Appends `text` (UTF-8) as a JSON string with its quotes.
void AppendJsonString(absl::string_view text, std::string* out);

}  // namespace tandem::base

#endif  // TANDEM_BASE_JSON_H_
