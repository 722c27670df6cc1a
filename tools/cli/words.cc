#include "tools/cli/words.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tandem::cli {
namespace {

constexpr absl::string_view kUnspecified = "UNSPECIFIED";

// "SERVICE_TYPE_" of SERVICE_TYPE_UNSPECIFIED: every value starts with it.
absl::string_view Prefix(const google::protobuf::EnumDescriptor& type) {
  const google::protobuf::EnumValueDescriptor* zero = type.FindValueByNumber(0);
  if (zero == nullptr) return "";
  absl::string_view name = zero->name();
  const size_t at = name.rfind(kUnspecified);
  return at == absl::string_view::npos ? "" : name.substr(0, at);
}

std::string WordOfDescriptor(const google::protobuf::EnumValueDescriptor& value) {
  absl::string_view name = value.name();
  name.remove_prefix(Prefix(*value.type()).size());
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

}  // namespace

std::string WordOfValue(const google::protobuf::EnumDescriptor& type, int number) {
  if (number == 0) return "";
  const google::protobuf::EnumValueDescriptor* value = type.FindValueByNumber(number);
  return value == nullptr ? absl::StrCat(number) : WordOfDescriptor(*value);
}

absl::StatusOr<int> ValueOfWord(const google::protobuf::EnumDescriptor& type,
                                absl::string_view word) {
  const std::string wanted = absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", "-"}});
  for (int i = 0; i < type.value_count(); ++i) {
    const google::protobuf::EnumValueDescriptor& value = *type.value(i);
    if (value.number() != 0 && WordOfDescriptor(value) == wanted) return value.number();
  }
  return absl::InvalidArgumentError(absl::StrCat("is none of ", WordsOf(type)));
}

std::string WordsOf(const google::protobuf::EnumDescriptor& type) {
  std::string words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    absl::StrAppend(&words, words.empty() ? "" : ", ", WordOfDescriptor(*type.value(i)));
  }
  return words;
}

}  // namespace tandem::cli
