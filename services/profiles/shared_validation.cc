#include "services/profiles/shared_validation.h"

#include <set>

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
                absl::string_view path, common::FieldViolations* violations) {
  tandem::common::v1::DateRange range;
  if (start != nullptr) *range.mutable_start_date() = *start;
  if (end != nullptr) *range.mutable_end_date() = *end;
  common::CheckDateRange(range, Presence::kOptional, Presence::kOptional, path, violations);
}

}  // namespace tandem::profiles
