// Parts of cells that several imports share: a topic with its level, an organisation with a period.
// Errors are INVALID_ARGUMENT with the reason alone, as in cell.h. Thread-safe.

#ifndef TANDEM_TOOLS_CLI_IMPORT_PARTS_H_
#define TANDEM_TOOLS_CLI_IMPORT_PARTS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tandem/common/v1/schedule.pb.h"

namespace tandem::cli {

// "ORGANISATION:2015-01-01..2019-12-31"; the period may be left out, and either end of it.
struct DatedReference {
  std::string id;
  tandem::common::v1::DateRange period;
};
absl::StatusOr<DatedReference> ParseDatedReference(absl::string_view text);

// "topic:4" or "topic:4:2024-05": a topic, a number from `min` to `max`, and what follows it.
struct TopicNumber {
  std::string topic;
  int32_t number = 0;
  std::string rest;
};
absl::StatusOr<TopicNumber> ParseTopicNumber(absl::string_view text, int min, int max);

// The column whose field prefix is the longest one that `field` starts with; `table` holds pairs
// {prefix, column}. Empty if none.
struct FieldColumn {
  absl::string_view prefix;
  absl::string_view column;
};
template <typename Table>
std::string LongestPrefixColumn(const Table& table, absl::string_view field) {
  const FieldColumn* best = nullptr;
  for (const FieldColumn& entry : table) {
    if (field.substr(0, entry.prefix.size()) != entry.prefix) continue;
    if (best == nullptr || entry.prefix.size() > best->prefix.size()) best = &entry;
  }
  return best == nullptr ? "" : std::string(best->column);
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_PARTS_H_
