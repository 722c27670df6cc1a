#include "services/matching/engine/roster/chunk.h"

namespace tandem::engine {

size_t Chunk::MemoryBytes() const {
  return sizeof(Chunk) + rows.capacity() * sizeof(MentorRow) +
         last_confirmed.capacity() * sizeof(int64_t) + id_hashes.capacity() * sizeof(uint64_t) +
         revisions.capacity() * sizeof(int64_t) + nationalities.MemoryBytes() +
         relations.MemoryBytes() + expertise.MemoryBytes() + languages.MemoryBytes() +
         experience_countries.MemoryBytes() + development_contexts.MemoryBytes() +
         days_off.MemoryBytes() + preferred_organisations.MemoryBytes() +
         excluded_organisations.MemoryBytes();
}

}  // namespace tandem::engine
