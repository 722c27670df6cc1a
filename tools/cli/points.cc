#include "tools/cli/points.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "base/points.h"
#include "base/status_macros.h"
#include "services/matching/engine/files/decimal.h"
#include "tools/cli/words.h"

namespace tandem::cli {

using ::google::protobuf::RepeatedPtrField;
using ::tandem::matching::v1::CriterionValue;
using ::tandem::matching::v1::RuleCount;

std::string Points(int64_t micropoints) {
  const int64_t hundredths = micropoints / 100;
  if (hundredths < 0) return absl::StrCat("-", Points(-micropoints));
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

std::string ExactPointsOf(const std::string& micropoints) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(micropoints, &number)) return micropoints;
  return base::ExactPoints(number);
}

absl::StatusOr<int64_t> MicropointsOf(absl::string_view points) {
  constexpr int64_t kMillionthsPerMicropoint = 100;  // 10,000 micro-points are a point
  TANDEM_ASSIGN_OR_RETURN(const int64_t millionths, engine::files::ParseDecimal(points));
  if (millionths % kMillionthsPerMicropoint == 0) return millionths / kMillionthsPerMicropoint;
  return absl::InvalidArgumentError("more than four digits behind the point");
}

Table RuleCountTable(const RepeatedPtrField<RuleCount>& counts) {
  Table table({"rule", "excludes", "alone", "what would help"});
  for (const RuleCount& count : counts) {
    table.AddRow({Word(count.rule()), absl::StrCat(count.failed()), absl::StrCat(count.sole()),
                  count.remedy()});
  }
  return table;
}

Table CriterionTable(const RepeatedPtrField<CriterionValue>& values) {
  Table table({"criterion", "points", "weight", "why"});
  for (const CriterionValue& value : values) {
    table.AddRow({Word(value.criterion()), Points(value.micropoints()),
                  absl::StrCat(value.weight()), value.sentence()});
  }
  return table;
}

std::string Strongest(const RepeatedPtrField<CriterionValue>& values, size_t width) {
  std::vector<const CriterionValue*> sorted;
  for (const CriterionValue& value : values) {
    if (value.weight() > 0) sorted.push_back(&value);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->micropoints() * a->weight() > b->micropoints() * b->weight();
  });
  std::string text;
  for (const CriterionValue* value : sorted) {
    const std::string points = Points(value->micropoints());
    const std::string one = absl::StrCat(text.empty() ? "" : ", ", Word(value->criterion()), " ",
                                         absl::StripSuffix(points, ".00"));
    if (text.size() + one.size() > width) break;
    text += one;
  }
  return text;
}

}  // namespace tandem::cli
