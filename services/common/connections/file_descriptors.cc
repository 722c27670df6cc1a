#include "services/common/connections/file_descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace tandem::common {
namespace {

constexpr int kShare = 4;

}  // namespace

void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Where it fails the limit stays, and connections get their share of that.
  setrlimit(RLIMIT_NOFILE, &limit);
}

int ConnectionsWithinLimit(int wanted) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const auto share = static_cast<int>(std::min<rlim_t>(limit.rlim_cur / kShare, 1 << 20));
  return std::max(1, std::min(wanted, share));
}

}  // namespace tandem::common
