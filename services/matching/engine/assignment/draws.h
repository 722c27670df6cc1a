// Draw numbers: how equal plans are told apart without favouring anybody's name or place in a list.
// Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DRAWS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DRAWS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace tandem::engine {

// The first 8 bytes, big-endian, of the SHA-256 of an id.
uint64_t IdHash(absl::string_view id);

// The draw of a pair: the low 40 bits of the first output of SplitMix64 (Steele, Lea, Flood 2014)
// started from seed xor need_hash xor rotl32(mentor_hash).
int64_t Draw(uint64_t seed, uint64_t need_hash, uint64_t mentor_hash);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_DRAWS_H_
