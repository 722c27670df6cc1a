// Names of enum values as people write them: "in-country-advice" for
// SERVICE_TYPE_IN_COUNTRY_ADVICE. Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_WORDS_H_
#define TANDEM_TOOLS_CLI_WORDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace tandem::cli {

// The word of value `number`; "" for the value 0 ("not stated"), the number for one that this
// program does not know.
std::string WordOfValue(const google::protobuf::EnumDescriptor& type, int number);

// The value that `word` names; upper case and underscores are accepted too. INVALID_ARGUMENT,
// listing the words, when it names none.
absl::StatusOr<int> ValueOfWord(const google::protobuf::EnumDescriptor& type,
                                absl::string_view word);

// All words of the type, joined by ", ".
std::string WordsOf(const google::protobuf::EnumDescriptor& type);

template <typename Enum>
std::string Word(Enum value) {
  return WordOfValue(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

template <typename Enum>
absl::StatusOr<Enum> FromWord(absl::string_view word) {
  absl::StatusOr<int> value = ValueOfWord(*google::protobuf::GetEnumDescriptor<Enum>(), word);
  if (!value.ok()) return value.status();
  return static_cast<Enum>(*value);
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_WORDS_H_
