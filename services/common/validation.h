// The rules that fields of several services share. Each function adds what is wrong with one value
// to `violations` under `path`, and nothing when it is right; so a caller checks everything and
// answers once. Descriptions say what would be right and never repeat personal content.
// Thread-safe.
#ifndef SERVICES_COMMON_VALIDATION_H_
#define SERVICES_COMMON_VALIDATION_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/repeated_field.h"
#include "google/type/date.pb.h"
#include "services/common/code_list.h"
#include "services/common/errors.h"
#include "tandem/common/v1/schedule.pb.h"

namespace tandem::common {

enum class Presence { kRequired, kOptional };

// ---- Texts

// A name to show, in one line: 1 (kOptional: 0) to `max_characters` characters of valid UTF-8,
// without control, bidirectional-formatting, zero-width or unassigned characters, and without
// spaces at either end.
void CheckDisplayName(absl::string_view text, int max_characters, Presence presence,
                      absl::string_view path, FieldViolations* violations);
// The same, over several lines: line breaks and tabs are allowed.
void CheckFreeText(absl::string_view text, int max_characters, absl::string_view path,
                   FieldViolations* violations);
// 1 (kOptional: 0) to 128 characters of [A-Za-z0-9._:@/-].
void CheckExternalId(absl::string_view text, Presence presence, absl::string_view path,
                     FieldViolations* violations);
// 1 to 63 characters of [A-Za-z0-9-].
void CheckLocalId(absl::string_view text, absl::string_view path, FieldViolations* violations);
// 0 or 1 to 63 characters of [A-Z0-9_], starting with a letter.
void CheckReasonCode(absl::string_view text, Presence presence, absl::string_view path,
                     FieldViolations* violations);
// "local@domain", up to 254 characters, one @, no spaces, a dot in the domain. Empty is fine.
void CheckEmail(absl::string_view text, absl::string_view path, FieldViolations* violations);
// "+" and 7 to 15 digits, with spaces, hyphens or brackets between. Empty is fine.
void CheckPhone(absl::string_view text, absl::string_view path, FieldViolations* violations);
// "collection/ID" with an ID of 1 to 63 characters of [A-Za-z0-9-].
void CheckResourceName(absl::string_view name, absl::string_view collection, Presence presence,
                       absl::string_view path, FieldViolations* violations);
bool IsResourceName(absl::string_view name, absl::string_view collection);

// ---- Codes

// An entry of `list`; the violation names the nearest known code.
void CheckCode(absl::string_view code, const CodeList& list, Presence presence,
               absl::string_view path, FieldViolations* violations);
// A BCP 47 tag: a language of `languages`, then subtags of 1 to 8 letters or digits.
void CheckLanguageTag(absl::string_view tag, const CodeList& languages, absl::string_view path,
                      FieldViolations* violations);
// An IANA time zone that this machine knows, for example "Africa/Maseru".
void CheckTimeZone(absl::string_view zone, Presence presence, absl::string_view path,
                   FieldViolations* violations);

// ---- Numbers and enums

// minimum <= value <= maximum.
void CheckRange(int64_t value, int64_t minimum, int64_t maximum, absl::string_view path,
                FieldViolations* violations);
// A known value of a protobuf enum; 0 counts as absent.
template <typename Enum>
void CheckEnum(Enum value, bool (*is_valid)(int), Presence presence, absl::string_view path,
               FieldViolations* violations);
// At most `maximum` entries.
void CheckCount(int count, int maximum, absl::string_view path, FieldViolations* violations);

// ---- Dates and times

// A day of the calendar between 1900-01-01 and 2199-12-31.
bool IsDate(const google::type::Date& date);
absl::CivilDay ToCivilDay(const google::type::Date& date);
google::type::Date FromCivilDay(absl::CivilDay day);
// Checks a date that is present.
void CheckDate(const google::type::Date& date, absl::string_view path, FieldViolations* violations);
// Checks both ends where present, and that they are in order. `start` and `end` say whether each
// must be present.
void CheckDateRange(const v1::DateRange& range, Presence start, Presence end,
                    absl::string_view path, FieldViolations* violations);
// Windows of whole quarters of an hour within a day, which do not overlap; at most 168.
void CheckWeeklyWindows(const google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& windows,
                        absl::string_view path, FieldViolations* violations);

// ---- Lists

// Adds a violation for the entry at `index` when `value` stood before; remembers it otherwise.
void CheckUnique(absl::string_view value, absl::string_view path, std::set<std::string>* seen,
                 FieldViolations* violations);

// ---- Only templates below.

template <typename Enum>
void CheckEnum(Enum value, bool (*is_valid)(int), Presence presence, absl::string_view path,
               FieldViolations* violations) {
  const int number = static_cast<int>(value);
  if (number == 0) {
    if (presence == Presence::kRequired) violations->Add(path, "is required");
  } else if (!is_valid(number)) {
    violations->Add(path, "is not a value that this server knows");
  }
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_VALIDATION_H_
