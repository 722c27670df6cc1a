// Remembers at which revision recently used keys are, so that checking an expectation seldom reads
// the disk. Two generations: when the young one is full it becomes the old one, and the old one is
// forgotten; so at most 2 x `generation_size` keys are held, and a key used often stays.
//
// Thread safety: none; one thread at a time.
#ifndef STORAGE_REVISION_CACHE_H_
#define STORAGE_REVISION_CACHE_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tandem::storage {

class RevisionCache {
 public:
  explicit RevisionCache(size_t generation_size) : generation_size_(generation_size) {}

  // 0: known to be absent. std::nullopt: not known.
  std::optional<Revision> Find(absl::string_view key);
  void Put(absl::string_view key, Revision revision);

 private:
  using Generation = absl::flat_hash_map<std::string, Revision>;

  const size_t generation_size_;
  Generation young_;
  Generation old_;
};

}  // namespace tandem::storage

#endif  // STORAGE_REVISION_CACHE_H_
