// Which versions of a key a trim keeps: those after the trim's revision, and those that a read at a
// kept revision (the trim's own, a pinned one, one of an open snapshot) would find.
//
// Example: versions 9, 6, 4, 1 of a key; trimmed to 7, with 5 pinned. Kept: 9, 6 (read at 7), 4
// (read at 5). Dropped: 1.
#ifndef STORAGE_RETENTION_H_
#define STORAGE_RETENTION_H_

#include <limits>
#include <set>
#include <vector>

#include "storage/store.h"

namespace tandem::storage {

// One version of a key, as far as retention is concerned.
struct VersionMark {
  Revision revision = 0;
  bool deleted = false;
};

class Retention {
 public:
  // `also_kept`: revisions below `oldest` that stay readable; others are ignored.
  Retention(Revision oldest, const std::set<Revision>& also_kept);

  // The versions to drop, out of all versions of one key, newest first.
  std::vector<Revision> Dropped(const std::vector<VersionMark>& newest_first) const;

 private:
  // True when a kept revision r has version <= r < next_newer.
  bool ReadsFind(Revision version, Revision next_newer) const;

  Revision oldest_;
  std::set<Revision> kept_;  // <= oldest_
};

}  // namespace tandem::storage

#endif  // STORAGE_RETENTION_H_
