#include "services/common/code_list.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/match.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxEdits = 2;
constexpr size_t kCharactersPerEdit = 3;
// Nothing longer can be near to a code.
constexpr size_t kMaxCodeBytes = 100;

// Levenshtein's distance, by the algorithm of Wagner and Fischer with one row.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

bool CodeList::Contains(absl::string_view code) const {
  return titles_.find(code) != titles_.end();
}

std::string CodeList::Title(absl::string_view code) const {
  const auto found = titles_.find(code);
  return found == titles_.end() ? "" : found->second;
}

std::string CodeList::Nearest(absl::string_view code) const {
  if (code.empty() || code.size() > kMaxCodeBytes) return "";
  std::string nearest;
  size_t fewest = std::min(kMaxEdits, code.size() / kCharactersPerEdit) + 1;
  for (const auto& [known, title] : titles_) {
    if (absl::EqualsIgnoreCase(known, code)) return known;
    const size_t longer = std::max(known.size(), code.size());
    if (longer - std::min(known.size(), code.size()) >= fewest) continue;
    const size_t edits = EditDistance(known, code);
    if (edits < fewest) {
      fewest = edits;
      nearest = known;
    }
  }
  return nearest;
}

}  // namespace tandem::common
