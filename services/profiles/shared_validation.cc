#include "services/profiles/shared_validation.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "services/common/validation.h"

namespace tandem::profiles {

using common::IndexPath;
using common::JoinPath;
using common::Presence;

void CheckCodes(const StringList& values, const common::CodeList& codes, int maximum,
                absl::string_view path, common::FieldViolations* violations) {
  common::CheckCount(values.size(), maximum, path, violations);
  std::set<std::string> seen;
  for (int i = 0; i < values.size() && i < maximum; ++i) {
    const std::string entry = IndexPath(path, i);
    common::CheckCode(values[i], codes, Presence::kRequired, entry, violations);
    common::CheckUnique(values[i], entry, &seen, violations);
  }
}

void CheckNames(const StringList& values, absl::string_view collection, int maximum,
                absl::string_view path, common::FieldViolations* violations) {
  common::CheckCount(values.size(), maximum, path, violations);
  std::set<std::string> seen;
  for (int i = 0; i < values.size() && i < maximum; ++i) {
    const std::string entry = IndexPath(path, i);
    common::CheckResourceName(values[i], collection, Presence::kRequired, entry, violations);
    common::CheckUnique(values[i], entry, &seen, violations);
  }
}

void CheckDates(const google::type::Date* start, const google::type::Date* end,
                const PeriodFields& fields, absl::string_view path,
                common::FieldViolations* violations) {
  tandem::common::v1::DateRange range;
  if (start != nullptr) *range.mutable_start_date() = *start;
  if (end != nullptr) *range.mutable_end_date() = *end;
  common::FieldViolations found;
  common::CheckDateRange(range, Presence::kOptional, Presence::kOptional, "", &found);
  // The caller knows these ends by their names in its own message.
  const std::vector<std::pair<absl::string_view, absl::string_view>> names = {
      {"start_date", fields.start}, {"end_date", fields.end}};
  for (const common::FieldViolation& violation : found.violations()) {
    violations->Add(JoinPath(path, absl::StrReplaceAll(violation.field, names)),
                    absl::StrReplaceAll(violation.description, names));
  }
}

}  // namespace tandem::profiles
