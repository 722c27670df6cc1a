// Opaque random ids of resources: 128 bits as 26 characters of lowercase base32 (RFC 4648, without
// padding), so that an id tells nothing about a person and cannot be guessed.
#ifndef SERVICES_COMMON_RESOURCE_ID_H_
#define SERVICES_COMMON_RESOURCE_ID_H_

#include <functional>
#include <string>

namespace tandem::common {

// Makes a new id at each call; thread-safe.
using IdGenerator = std::function<std::string()>;

// From OpenSSL's generator. Ends the process if that has no entropy: an id must never repeat.
std::string RandomId();

// 32 random bytes from the same generator, for keys.
std::string RandomKey();

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_ID_H_
