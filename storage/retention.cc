#include "storage/retention.h"

namespace tandem::storage {

Retention::Retention(Revision oldest, const std::set<Revision>& also_kept)
    : oldest_(oldest), kept_(also_kept.begin(), also_kept.upper_bound(oldest)) {
  kept_.insert(oldest);
}

bool Retention::ReadsFind(Revision version, Revision next_newer) const {
  const auto reader = kept_.lower_bound(version);
  return reader != kept_.end() && *reader < next_newer;
}

std::vector<Revision> Retention::Dropped(const std::vector<VersionMark>& newest_first) const {
  std::vector<Revision> dropped;
  Revision next_newer = std::numeric_limits<Revision>::max();
  const VersionMark* oldest_kept = nullptr;
  for (const VersionMark& version : newest_first) {
    if (version.revision > oldest_ || ReadsFind(version.revision, next_newer)) {
      oldest_kept = &version;
    } else {
      dropped.push_back(version.revision);
    }
    next_newer = version.revision;
  }
  // A deletion with nothing before it reads the same as no version at all.
  if (oldest_kept != nullptr && oldest_kept->deleted && oldest_kept->revision <= oldest_) {
    dropped.push_back(oldest_kept->revision);
  }
  return dropped;
}

}  // namespace tandem::storage
