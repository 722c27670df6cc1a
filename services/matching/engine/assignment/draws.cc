#include "services/matching/engine/assignment/draws.h"

#include "base/sha256.h"

namespace tandem::engine {

uint64_t IdHash(absl::string_view id) { return base::Sha256Prefix(id); }

int64_t Draw(uint64_t seed, uint64_t need_hash, uint64_t mentor_hash) {
  const uint64_t start = seed ^ need_hash ^ ((mentor_hash << 32) | (mentor_hash >> 32));
  uint64_t z = start + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return static_cast<int64_t>(z & 0xFFFFFFFFFFu);
}

}  // namespace tandem::engine
