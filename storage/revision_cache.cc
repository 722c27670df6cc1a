#include "storage/revision_cache.h"

#include <utility>

namespace tandem::storage {

std::optional<Revision> RevisionCache::Find(absl::string_view key) {
  if (auto found = young_.find(key); found != young_.end()) return found->second;
  auto found = old_.find(key);
  if (found == old_.end()) return std::nullopt;
  const Revision revision = found->second;
  Put(key, revision);
  return revision;
}

void RevisionCache::Put(absl::string_view key, Revision revision) {
  if (young_.size() >= generation_size_) {
    old_ = std::move(young_);
    young_ = Generation();
  }
  young_[key] = revision;
}

}  // namespace tandem::storage
