// Rules that mentors and organisations share, over lists of codes and names. Each adds every
// violated rule to `violations`, with the index of the entry in its path. Thread-safe.
#ifndef SERVICES_PROFILES_SHARED_VALIDATION_H_
#define SERVICES_PROFILES_SHARED_VALIDATION_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "google/type/date.pb.h"
#include "services/common/code_list.h"
#include "services/common/errors.h"

namespace tandem::profiles {

using StringList = google::protobuf::RepeatedPtrField<std::string>;

// At most `maximum` entries of `codes`, each once.
void CheckCodes(const StringList& values, const common::CodeList& codes, int maximum,
                absl::string_view path, common::FieldViolations* violations);

// At most `maximum` resource names "collection/ID", each once.
void CheckNames(const StringList& values, absl::string_view collection, int maximum,
                absl::string_view path, common::FieldViolations* violations);

// For a message with optional start_date and end_date: days of the calendar, in order.
template <typename Dated>
void CheckPeriod(const Dated& dated, absl::string_view path, common::FieldViolations* violations);

// What the two ends of a period are called in its message.
struct PeriodFields {
  absl::string_view start = "start_date";
  absl::string_view end = "end_date";
};

// The same by its parts; nullptr is an open end.
void CheckDates(const google::type::Date* start, const google::type::Date* end,
                const PeriodFields& fields, absl::string_view path,
                common::FieldViolations* violations);

// ---- Only templates below.

template <typename Dated>
void CheckPeriod(const Dated& dated, absl::string_view path, common::FieldViolations* violations) {
  CheckDates(dated.has_start_date() ? &dated.start_date() : nullptr,
             dated.has_end_date() ? &dated.end_date() : nullptr, PeriodFields(), path, violations);
}

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_SHARED_VALIDATION_H_
