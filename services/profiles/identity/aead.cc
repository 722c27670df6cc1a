#include "services/profiles/identity/aead.h"

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "openssl/evp.h"
#include "openssl/rand.h"

namespace tandem::profiles {

namespace {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
static_assert(kNonceBytes + kTagBytes == kSealOverheadBytes);

// Fetched once: OpenSSL 3 otherwise looks the algorithm up, under a lock, for every text.
const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// One per thread, since making one costs more than sealing a short text. Every use sets key and
// nonce again; Forget() below overwrites the key after the use.
EVP_CIPHER_CTX* ThreadContext() {
  thread_local std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  return context.get();
}

class Forget {
 public:
  explicit Forget(EVP_CIPHER_CTX* context) : context_(context) {}
  ~Forget() { EVP_CIPHER_CTX_reset(context_); }

 private:
  EVP_CIPHER_CTX* context_;
};

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

uint8_t* Bytes(std::string* text, size_t offset) {
  return reinterpret_cast<uint8_t*>(&(*text)[0]) + offset;
}

}  // namespace

absl::StatusOr<std::string> SealText(const Secret& secret, absl::string_view text,
                                     absl::string_view associated_data) {
  std::string sealed(text.size() + kSealOverheadBytes, '\0');
  EVP_CIPHER_CTX* context = ThreadContext();
  Forget forget(context);
  int written = 0;
  const bool done =
      RAND_bytes(Bytes(&sealed, 0), kNonceBytes) == 1 &&
      EVP_EncryptInit_ex2(context, Aes256Gcm(), secret.data(), Bytes(&sealed, 0), nullptr) == 1 &&
      EVP_EncryptUpdate(context, nullptr, &written, Bytes(associated_data),
                        static_cast<int>(associated_data.size())) == 1 &&
      EVP_EncryptUpdate(context, Bytes(&sealed, kNonceBytes), &written, Bytes(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(context, Bytes(&sealed, kNonceBytes + text.size()), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes,
                          Bytes(&sealed, kNonceBytes + text.size())) == 1;
  if (!done) return absl::InternalError("OpenSSL could not encrypt; restart the service");
  return sealed;
}

absl::StatusOr<std::string> OpenText(const Secret& secret, absl::string_view sealed,
                                     absl::string_view associated_data) {
  if (sealed.size() < kSealOverheadBytes) {
    return absl::DataLossError("a sealed text is too short: the file is damaged");
  }
  const size_t size = sealed.size() - kSealOverheadBytes;
  // A byte more than the text, so that an empty text too has an address to write to.
  std::string text(size + 1, '\0');
  std::string tag(sealed.substr(kNonceBytes + size));
  EVP_CIPHER_CTX* context = ThreadContext();
  Forget forget(context);
  int written = 0;
  const bool done =
      EVP_DecryptInit_ex2(context, Aes256Gcm(), secret.data(), Bytes(sealed), nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &written, Bytes(associated_data),
                        static_cast<int>(associated_data.size())) == 1 &&
      EVP_DecryptUpdate(context, Bytes(&text, 0), &written, Bytes(sealed.substr(kNonceBytes)),
                        static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, &tag[0]) == 1 &&
      EVP_DecryptFinal_ex(context, Bytes(&text, size), &written) == 1;
  if (!done) {
    Wipe(&text);  // unauthenticated: nobody may see it
    return absl::DataLossError(
        "a sealed text does not open: it was damaged, moved, or sealed under another key");
  }
  text.resize(size);
  return text;
}

}  // namespace tandem::profiles
