// Texts and numbers of validation.h.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/common/validation.h"
#include "utf8proc.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxExternalIdBytes = 128;
constexpr size_t kMaxIdBytes = 63;
constexpr size_t kMaxEmailBytes = 254;  // RFC 5321, 4.5.3.1.3
constexpr size_t kMaxPhoneBytes = 40;

enum class Lines { kOne, kSeveral };

// Letters, marks, numbers, punctuation, symbols and spaces are fine. Not fine: control characters,
// formatting ones (bidirectional, zero-width, soft hyphen), line and paragraph separators,
// surrogates, private use, unassigned.
bool IsAllowed(utf8proc_int32_t character, Lines lines) {
  if (lines == Lines::kSeveral && (character == '\n' || character == '\r' || character == '\t')) {
    return true;
  }
  switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      // Letters without a visible form: Hangul fillers and the blank of Braille.
      return character != 0x115F && character != 0x1160 && character != 0x3164 &&
             character != 0xFFA0 && character != 0x2800;
  }
}

bool IsSpace(utf8proc_int32_t character) {
  return utf8proc_category(character) == UTF8PROC_CATEGORY_ZS;
}

// What is wrong with `text`, or "".
std::string ProblemOf(absl::string_view text, int max_characters, Lines lines) {
  const std::string too_long = absl::StrCat("is longer than ", max_characters, " characters");
  if (text.size() > 4 * static_cast<size_t>(max_characters)) return too_long;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  int characters = 0;
  utf8proc_int32_t first = 0;
  utf8proc_int32_t last = 0;
  for (utf8proc_ssize_t at = 0; at < size;) {
    const utf8proc_ssize_t used = utf8proc_iterate(bytes + at, size - at, &last);
    if (used <= 0) return "is not valid UTF-8";
    if (!IsAllowed(last, lines)) {
      return absl::StrCat("has a character that is not allowed (", "U+",
                          absl::Hex(last, absl::kZeroPad4), ") at position ", characters + 1,
                          ": remove control, bidirectional and invisible characters");
    }
    if (characters == 0) first = last;
    ++characters;
    at += used;
  }
  if (characters > max_characters) return too_long;
  if (lines == Lines::kOne && characters > 0 && (IsSpace(first) || IsSpace(last))) {
    return "must not begin or end with a space";
  }
  return "";
}

bool AllOf(absl::string_view text, bool (*allowed)(unsigned char)) {
  return std::all_of(text.begin(), text.end(),
                     [allowed](char c) { return allowed(static_cast<unsigned char>(c)); });
}

bool IsIdCharacter(unsigned char c) { return absl::ascii_isalnum(c) || c == '-'; }

bool IsReasonCharacter(unsigned char c) {
  return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
}

bool IsExternalIdCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("._:@/-", static_cast<char>(c));
}

bool IsPhoneSeparator(unsigned char c) { return absl::StrContains(" -()", static_cast<char>(c)); }

// True, and a violation where one is due, when there is nothing further to check.
bool IsAbsent(absl::string_view text, Presence presence, absl::string_view path,
              FieldViolations* violations) {
  if (!text.empty()) return false;
  if (presence == Presence::kRequired) violations->Add(path, "is required");
  return true;
}

}  // namespace

void CheckDisplayName(absl::string_view text, int max_characters, Presence presence,
                      absl::string_view path, FieldViolations* violations) {
  if (IsAbsent(text, presence, path, violations)) return;
  const std::string problem = ProblemOf(text, max_characters, Lines::kOne);
  if (!problem.empty()) violations->Add(path, problem);
}

void CheckFreeText(absl::string_view text, int max_characters, absl::string_view path,
                   FieldViolations* violations) {
  const std::string problem = ProblemOf(text, max_characters, Lines::kSeveral);
  if (!problem.empty()) violations->Add(path, problem);
}

void CheckExternalId(absl::string_view text, Presence presence, absl::string_view path,
                     FieldViolations* violations) {
  if (IsAbsent(text, presence, path, violations)) return;
  if (text.size() > kMaxExternalIdBytes || !AllOf(text, IsExternalIdCharacter)) {
    violations->Add(path, "must have 1 to 128 characters of [A-Za-z0-9._:@/-]");
  }
}

void CheckLocalId(absl::string_view text, absl::string_view path, FieldViolations* violations) {
  if (IsAbsent(text, Presence::kRequired, path, violations)) return;
  if (text.size() > kMaxIdBytes || !AllOf(text, IsIdCharacter)) {
    violations->Add(path, "must have 1 to 63 characters of [A-Za-z0-9-]");
  }
}

void CheckReasonCode(absl::string_view text, Presence presence, absl::string_view path,
                     FieldViolations* violations) {
  if (IsAbsent(text, presence, path, violations)) return;
  if (text.size() > kMaxIdBytes || !absl::ascii_isupper(text[0]) ||
      !AllOf(text, IsReasonCharacter)) {
    violations->Add(path, "must have 1 to 63 characters of [A-Z0-9_] and start with a letter");
  }
}

void CheckEmail(absl::string_view text, absl::string_view path, FieldViolations* violations) {
  if (text.empty()) return;
  const size_t at = text.find('@');
  const absl::string_view domain =
      text.substr(at == absl::string_view::npos ? text.size() : at + 1);
  const bool fine = text.size() <= kMaxEmailBytes && at != 0 && at != absl::string_view::npos &&
                    !absl::StrContains(domain, "@") && absl::StrContains(domain, ".") &&
                    !absl::StartsWith(domain, ".") && !absl::EndsWith(domain, ".") &&
                    ProblemOf(text, static_cast<int>(kMaxEmailBytes), Lines::kOne).empty() &&
                    !absl::StrContains(text, " ");
  if (!fine) violations->Add(path, "must be an address such as name@example.org");
}

void CheckPhone(absl::string_view text, absl::string_view path, FieldViolations* violations) {
  if (text.empty()) return;
  const absl::string_view rest = text.substr(1);
  const auto digits = std::count_if(rest.begin(), rest.end(),
                                    [](unsigned char c) { return absl::ascii_isdigit(c); });
  const bool fine =
      text[0] == '+' && text.size() <= kMaxPhoneBytes && digits >= 7 && digits <= 15 &&
      AllOf(rest, [](unsigned char c) { return absl::ascii_isdigit(c) || IsPhoneSeparator(c); });
  if (!fine) violations->Add(path, "must be in international form, such as +251 11 555 0100");
}

bool IsResourceName(absl::string_view name, absl::string_view collection) {
  if (!absl::StartsWith(name, collection)) return false;
  const absl::string_view rest = name.substr(collection.size());
  return rest.size() > 1 && rest.size() <= kMaxIdBytes + 1 && rest[0] == '/' &&
         AllOf(rest.substr(1), IsIdCharacter);
}

void CheckResourceName(absl::string_view name, absl::string_view collection, Presence presence,
                       absl::string_view path, FieldViolations* violations) {
  if (IsAbsent(name, presence, path, violations)) return;
  if (!IsResourceName(name, collection)) {
    violations->Add(path, absl::StrCat("must be of the form \"", collection, "/ID\""));
  }
}

void CheckRange(int64_t value, int64_t minimum, int64_t maximum, absl::string_view path,
                FieldViolations* violations) {
  if (value < minimum || value > maximum) {
    violations->Add(path, absl::StrCat("must be ", minimum, " to ", maximum));
  }
}

void CheckCount(int count, int maximum, absl::string_view path, FieldViolations* violations) {
  if (count > maximum) violations->Add(path, absl::StrCat("has more than ", maximum, " entries"));
}

void CheckUnique(absl::string_view value, absl::string_view path, std::set<std::string>* seen,
                 FieldViolations* violations) {
  if (!seen->insert(std::string(value)).second) violations->Add(path, "stands twice");
}

}  // namespace tandem::common
