// The filter of list methods: conditions joined by AND, each one
//   field = "value"      equal; of a repeated field: contains it
//   field != "value"     not equal; of a repeated field: does not contain it
//   field : "prefix"     a string that starts with it
// over the fields that a method allows. A value stands in double quotes, with \" and \\ inside.
// Enum values may be written with or without their common prefix ("ACTIVE" or
// "RECORD_STATE_ACTIVE"), booleans as true or false, timestamps as RFC 3339. An empty filter
// matches everything.
//
// Immutable after Parse, thread-safe.
#ifndef SERVICES_COMMON_FILTER_H_
#define SERVICES_COMMON_FILTER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace tandem::common {

struct FilterCondition {
  enum class Op { kEqual, kNotEqual, kPrefix };
  std::string field;
  Op op = Op::kEqual;
  std::string value;  // as text, normalized: a full enum value name, "true", an RFC 3339 UTC time
};

class Filter {
 public:
  // INVALID_ARGUMENT, field "filter", saying where and what is allowed.
  static absl::StatusOr<Filter> Parse(absl::string_view text,
                                      const google::protobuf::Descriptor& type,
                                      const std::vector<std::string>& allowed_fields);

  // `message` is of the type that was given to Parse.
  bool Matches(const google::protobuf::Message& message) const;

  const std::vector<FilterCondition>& conditions() const { return conditions_; }
  // Takes out and returns the conditions on `field`, for callers that answer them by an index.
  std::vector<FilterCondition> TakeConditionsOn(absl::string_view field);

 private:
  std::vector<FilterCondition> conditions_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_FILTER_H_
