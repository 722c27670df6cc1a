#include "services/matching/engine/roster/dictionaries.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace tandem::engine {

uint32_t Dictionary::Intern(absl::string_view text) {
  absl::MutexLock lock(&mutex_);
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return found->second;
  const uint32_t number = static_cast<uint32_t>(texts_.size());
  texts_.emplace_back(text);
  numbers_.emplace(texts_.back(), number);
  return number;
}

std::optional<uint32_t> Dictionary::Find(absl::string_view text) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = numbers_.find(text);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::vector<int32_t> Dictionary::FindAll(const std::vector<absl::string_view>& texts) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<int32_t> numbers;
  numbers.reserve(texts.size());
  for (const absl::string_view text : texts) {
    const auto found = numbers_.find(text);
    numbers.push_back(found == numbers_.end() ? -1 : static_cast<int32_t>(found->second));
  }
  return numbers;
}

absl::string_view Dictionary::TextOf(uint32_t number) const {
  absl::ReaderMutexLock lock(&mutex_);
  return texts_[number];
}

uint32_t Dictionary::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return static_cast<uint32_t>(texts_.size());
}

size_t Dictionary::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  size_t bytes = numbers_.capacity() * (sizeof(absl::string_view) + sizeof(uint32_t) * 2 + 1);
  constexpr size_t kInside = 15;  // Characters that std::string holds without allocating.
  for (const std::string& text : texts_) {
    bytes += sizeof(text) + (text.capacity() > kInside ? text.capacity() + 1 : 0);
  }
  return bytes;
}

uint32_t HierarchicalDictionary::Intern(absl::string_view code) {
  const std::string normal = absl::AsciiStrToLower(code);
  absl::MutexLock lock(&mutex_);
  if (const std::optional<uint32_t> known = codes_.Find(normal)) return *known;
  uint32_t parent = kNoParent;
  for (size_t end = 0; end != std::string::npos;) {
    end = normal.find(separator_, end + 1);
    const uint32_t number = codes_.Intern(absl::string_view(normal).substr(0, end));
    if (number == parents_.size()) parents_.push_back(parent);
    parent = number;
  }
  return parent;
}

uint64_t HierarchicalDictionary::SignatureOf(uint32_t number) const {
  absl::ReaderMutexLock lock(&mutex_);
  uint64_t signature = 0;
  for (; number != kNoParent; number = parents_[number]) signature |= SignatureBit(number);
  return signature;
}

uint64_t HierarchicalDictionary::BitOf(absl::string_view code) const {
  const std::optional<uint32_t> number = codes_.Find(absl::AsciiStrToLower(code));
  return number.has_value() ? SignatureBit(*number) : 0;
}

std::vector<uint64_t> HierarchicalDictionary::CoveredBy(
    const std::vector<std::string>& codes) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<uint64_t> covered(parents_.size(), 0);
  for (size_t i = 0; i < codes.size() && i < 64; ++i) {
    const std::optional<uint32_t> number = codes_.Find(absl::AsciiStrToLower(codes[i]));
    if (number.has_value()) covered[*number] |= uint64_t{1} << i;
  }
  for (size_t number = 0; number < covered.size(); ++number) {
    if (parents_[number] != kNoParent) covered[number] |= covered[parents_[number]];
  }
  return covered;
}

size_t HierarchicalDictionary::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  return codes_.MemoryBytes() + parents_.capacity() * sizeof(uint32_t);
}

uint32_t ScheduleTable::Intern(const Schedule& schedule) {
  absl::MutexLock lock(&mutex_);
  const auto [entry, inserted] =
      numbers_.try_emplace(schedule, static_cast<uint32_t>(schedules_.size()));
  if (inserted) schedules_.push_back(&entry->first);
  return entry->second;
}

std::shared_ptr<const std::vector<const Schedule*>> ScheduleTable::All() const {
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (all_ != nullptr && all_->size() == schedules_.size()) return all_;
  }
  absl::MutexLock lock(&mutex_);
  all_ = std::make_shared<const std::vector<const Schedule*>>(schedules_);
  return all_;
}

uint32_t ScheduleTable::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return static_cast<uint32_t>(schedules_.size());
}

size_t ScheduleTable::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  constexpr size_t kNode = sizeof(Schedule) + 2 * sizeof(uint64_t);
  size_t bytes = numbers_.capacity() * (sizeof(void*) + 1) + schedules_.capacity() * sizeof(void*);
  for (const Schedule* schedule : schedules_) {
    bytes += kNode;
    if (schedule->spans.size() > kInlineSpans) {
      bytes += schedule->spans.capacity() * sizeof(QuarterSpan);
    }
  }
  return bytes;
}

size_t Dictionaries::MemoryBytes() const {
  return mentors.MemoryBytes() + organisations.MemoryBytes() + countries.MemoryBytes() +
         contexts.MemoryBytes() + zones.MemoryBytes() + topics.MemoryBytes() +
         languages.MemoryBytes() + schedules.MemoryBytes();
}

}  // namespace tandem::engine
