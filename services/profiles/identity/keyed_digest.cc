#include "services/profiles/identity/keyed_digest.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "openssl/core_names.h"
#include "openssl/evp.h"
#include "openssl/params.h"

namespace tandem::profiles {

namespace {

constexpr size_t kDigestBytes = 32;

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};
struct FreeContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

// OpenSSL fails here only when memory ends or the library is not the one we were built with.
void Require(bool succeeded) {
  if (!succeeded) std::abort();
}

void Update(EVP_MAC_CTX* context, absl::string_view data) {
  Require(EVP_MAC_update(context, reinterpret_cast<const uint8_t*>(data.data()), data.size()) == 1);
}

}  // namespace

// A context that has taken in the secret; every digest starts from a copy of it.
struct KeyedDigest::State {
  std::unique_ptr<EVP_MAC, FreeMac> mac;
  std::unique_ptr<EVP_MAC_CTX, FreeContext> keyed;
};

KeyedDigest::KeyedDigest(const Secret& secret) : state_(std::make_unique<State>()) {
  state_->mac.reset(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  Require(state_->mac != nullptr);
  state_->keyed.reset(EVP_MAC_CTX_new(state_->mac.get()));
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
      OSSL_PARAM_construct_end(),
  };
  Require(state_->keyed != nullptr &&
          EVP_MAC_init(state_->keyed.get(), secret.data(), Secret::kBytes, params) == 1);
}

KeyedDigest::~KeyedDigest() = default;

std::string KeyedDigest::Digest(absl::string_view purpose, absl::string_view data) const {
  std::unique_ptr<EVP_MAC_CTX, FreeContext> context(EVP_MAC_CTX_dup(state_->keyed.get()));
  Require(context != nullptr);
  Update(context.get(), purpose);
  Update(context.get(), absl::string_view("\0", 1));  // no purpose holds a NUL: unambiguous
  Update(context.get(), data);
  std::string digest(kDigestBytes, '\0');
  size_t written = 0;
  Require(EVP_MAC_final(context.get(), reinterpret_cast<uint8_t*>(&digest[0]), &written,
                        digest.size()) == 1 &&
          written == kDigestBytes);
  return digest;
}

}  // namespace tandem::profiles
