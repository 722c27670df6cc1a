#include "services/common/resource_id.h"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tandem::common {
namespace {

constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

void Fill(unsigned char* bytes, int size) {
  if (RAND_bytes(bytes, size) == 1) return;
  std::fputs("the system gives no random bytes: ids could repeat, so Tandem stops\n", stderr);
  std::abort();
}

}  // namespace

std::string RandomId() {
  std::array<unsigned char, 16> bytes;
  Fill(bytes.data(), static_cast<int>(bytes.size()));
  std::string id;
  id.reserve(26);
  uint32_t pending = 0;
  int bits = 0;
  for (unsigned char byte : bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id.push_back(kAlphabet[(pending >> bits) & 31]);
    }
  }
  id.push_back(kAlphabet[(pending << (5 - bits)) & 31]);
  return id;
}

std::string RandomKey() {
  std::string key(32, '\0');
  Fill(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size()));
  return key;
}

}  // namespace tandem::common
