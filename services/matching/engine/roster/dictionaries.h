// Interned ids and codes: each distinct text gets a small number, from 0 in the order of arrival.
// Numbers never change and texts never go away. Everything here is thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_DICTIONARIES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_DICTIONARIES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/time/weekly_overlap.h"

namespace tandem::engine {

// A bit of 64 for a number: sets of such bits tell quickly that a number is not in a list.
constexpr uint64_t SignatureBit(uint32_t number) {
  return uint64_t{1} << (number * 0x9E3779B97F4A7C15u >> 58);
}

// Texts without structure.
class Dictionary {
 public:
  uint32_t Intern(absl::string_view text);
  std::optional<uint32_t> Find(absl::string_view text) const;
  // The numbers of many texts at once; -1 for those that are unknown.
  std::vector<int32_t> FindAll(const std::vector<absl::string_view>& texts) const;
  // The text of a number that Intern returned. Valid as long as the dictionary.
  absl::string_view TextOf(uint32_t number) const;
  uint32_t size() const;
  size_t MemoryBytes() const;

 private:
  mutable absl::Mutex mutex_;
  std::deque<std::string> texts_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_ ABSL_GUARDED_BY(mutex_);
};

// Codes that form a hierarchy by a separator: "testing.food" lies below "testing". A code's parents
// are interned before it. Upper and lower case ASCII letters are the same.
class HierarchicalDictionary {
 public:
  explicit HierarchicalDictionary(char separator) : separator_(separator) {}

  uint32_t Intern(absl::string_view code);
  // The code as it was first seen, in lower case.
  absl::string_view TextOf(uint32_t number) const { return codes_.TextOf(number); }
  // The bits of a code and of everything above it.
  uint64_t SignatureOf(uint32_t number) const;
  // The bit of a code if it is known.
  uint64_t BitOf(absl::string_view code) const;

  // For each number in order: which of the given codes (bit i for codes[i]; at most 64) are the
  // code itself or stand above it.
  std::vector<uint64_t> CoveredBy(const std::vector<std::string>& codes) const;
  size_t MemoryBytes() const;

 private:
  static constexpr uint32_t kNoParent = ~uint32_t{0};

  const char separator_;
  Dictionary codes_;
  mutable absl::Mutex mutex_;
  std::vector<uint32_t> parents_ ABSL_GUARDED_BY(mutex_);  // Always of a smaller number.
};

// A zone and the weekly windows in it.
struct Schedule {
  uint32_t zone = 0;  // A number of Dictionaries::zones.
  WeeklySpans spans;  // Merged, in rising order.

  friend bool operator==(const Schedule& a, const Schedule& b) {
    return a.zone == b.zone && a.spans == b.spans;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Schedule& s) {
    return H::combine(std::move(h), s.zone, s.spans);
  }
};

class ScheduleTable {
 public:
  uint32_t Intern(const Schedule& schedule);
  // All schedules by number. The pointers live as long as the table.
  std::shared_ptr<const std::vector<const Schedule*>> All() const;
  uint32_t size() const;
  size_t MemoryBytes() const;

 private:
  mutable absl::Mutex mutex_;
  absl::node_hash_map<Schedule, uint32_t> numbers_ ABSL_GUARDED_BY(mutex_);
  std::vector<const Schedule*> schedules_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<const std::vector<const Schedule*>> all_ ABSL_GUARDED_BY(mutex_);
};

struct Dictionaries {
  Dictionary mentors;  // The number is the mentor's row.
  Dictionary organisations;
  Dictionary countries;
  Dictionary contexts;
  Dictionary zones;
  HierarchicalDictionary topics{'.'};
  HierarchicalDictionary languages{'-'};
  ScheduleTable schedules;

  size_t MemoryBytes() const;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_DICTIONARIES_H_
