// A column with any number of values per row, kept in one array.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_RAGGED_COLUMN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_RAGGED_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tandem::engine {

// Rows are numbered from 0. Not thread-safe while written to.
template <typename T>
class RaggedColumn {
 public:
  void Append(const std::vector<T>& values) {
    values_.insert(values_.end(), values.begin(), values.end());
    ends_.push_back(static_cast<uint32_t>(values_.size()));
  }

  // Replaces the values of a row; later rows move.
  void Replace(int row, const std::vector<T>& values) {
    const uint32_t begin = BeginOf(row);
    const auto old_count = static_cast<int64_t>(ends_[row]) - begin;
    values_.erase(values_.begin() + begin, values_.begin() + ends_[row]);
    values_.insert(values_.begin() + begin, values.begin(), values.end());
    const int64_t shift = static_cast<int64_t>(values.size()) - old_count;
    if (shift == 0) return;
    for (size_t i = row; i < ends_.size(); ++i) ends_[i] = static_cast<uint32_t>(ends_[i] + shift);
  }

  absl::Span<const T> operator[](int row) const {
    const uint32_t begin = BeginOf(row);
    return absl::Span<const T>(values_.data() + begin, ends_[row] - begin);
  }

  size_t MemoryBytes() const {
    return values_.capacity() * sizeof(T) + ends_.capacity() * sizeof(uint32_t);
  }

 private:
  uint32_t BeginOf(int row) const { return row == 0 ? 0 : ends_[row - 1]; }

  std::vector<T> values_;
  std::vector<uint32_t> ends_;  // Per row: one past its last value.
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_RAGGED_COLUMN_H_
