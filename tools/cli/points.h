// Scores for people: micro-points (0 to 1,000,000) as points of 100 with two decimals.
// Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_POINTS_H_
#define TANDEM_TOOLS_CLI_POINTS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "tandem/matching/v1/ranking.pb.h"
#include "tools/cli/table.h"

namespace tandem::cli {

// 842310 as "84.23", rounded down.
std::string Points(int64_t micropoints);

// "2.5" (points, at most four digits behind the point) as 25000. INVALID_ARGUMENT.
absl::StatusOr<int64_t> MicropointsOf(absl::string_view points);

// "27433310", an integer of micro-points, as "2743.331"; what is no such number as it is.
std::string ExactPointsOf(const std::string& micropoints);

// Rules with how many mentors they exclude.
Table RuleCountTable(
    const google::protobuf::RepeatedPtrField<tandem::matching::v1::RuleCount>& counts);

// Criteria with value and weight.
Table CriterionTable(
    const google::protobuf::RepeatedPtrField<tandem::matching::v1::CriterionValue>& values);

// The criteria that gave most, as many as `width` characters hold, for example "expertise 92.50,
// language 80". None is cut: half a number would be a wrong one.
std::string Strongest(
    const google::protobuf::RepeatedPtrField<tandem::matching::v1::CriterionValue>& values,
    size_t width);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_POINTS_H_
