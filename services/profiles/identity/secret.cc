#include "services/profiles/identity/secret.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "openssl/crypto.h"
#include "openssl/rand.h"

namespace tandem::profiles {

namespace {

absl::Status FillRandom(uint8_t* bytes, size_t count) {
  if (RAND_bytes(bytes, static_cast<int>(count)) == 1) return absl::OkStatus();
  return absl::InternalError("the operating system gives no random numbers; restart the service");
}

}  // namespace

absl::StatusOr<Secret> Secret::Random() {
  Secret secret;
  TANDEM_RETURN_IF_ERROR(FillRandom(secret.bytes_.data(), kBytes));
  return secret;
}

absl::StatusOr<Secret> Secret::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a secret has ", kBytes, " bytes, not ", bytes.size()));
  }
  Secret secret;
  std::copy(bytes.begin(), bytes.end(), secret.bytes_.begin());
  return secret;
}

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

absl::StatusOr<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  TANDEM_RETURN_IF_ERROR(FillRandom(reinterpret_cast<uint8_t*>(&bytes[0]), count));
  return bytes;
}

absl::StatusOr<std::string> RandomId() {
  static constexpr char kAlphabet[] = "0123456789abcdefghijklmnopqrstuv";
  uint8_t bytes[16];
  TANDEM_RETURN_IF_ERROR(FillRandom(bytes, sizeof(bytes)));
  std::string id;
  id.reserve(26);
  uint32_t buffer = 0;
  int bits = 0;
  for (uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id.push_back(kAlphabet[(buffer >> bits) & 31]);
    }
  }
  id.push_back(kAlphabet[(buffer << (5 - bits)) & 31]);
  return id;
}

void Wipe(std::string* text) {
  OPENSSL_cleanse(&(*text)[0], text->size());
  text->clear();
}

}  // namespace tandem::profiles
