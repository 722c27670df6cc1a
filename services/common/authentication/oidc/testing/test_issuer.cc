#include "services/common/authentication/oidc/testing/test_issuer.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tandem::common {
namespace {

void Must(bool went_well) {
  if (!went_well) std::abort();
}

EVP_PKEY* MakeKey(absl::string_view algorithm, int rsa_bits) {
  EVP_PKEY* key = algorithm == "ES256"   ? EVP_EC_gen("P-256")
                  : algorithm == "ES384" ? EVP_EC_gen("P-384")
                                         : EVP_RSA_gen(static_cast<unsigned int>(rsa_bits));
  Must(key != nullptr);
  return key;
}

// A number of the key, big-endian; `size` bytes, or as few as it takes for 0.
std::string NumberOf(const EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* number = nullptr;
  Must(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(static_cast<size_t>(size == 0 ? BN_num_bytes(number) : size), '\0');
  Must(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size())) >= 0);
  BN_free(number);
  return bytes;
}

// r and s of a DER signature, one after the other.
std::string RawSignature(absl::string_view der, int half) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  Must(pair != nullptr);
  std::string raw(static_cast<size_t>(2 * half), '\0');
  auto* to = reinterpret_cast<unsigned char*>(raw.data());
  Must(BN_bn2binpad(ECDSA_SIG_get0_r(pair), to, half) == half);
  Must(BN_bn2binpad(ECDSA_SIG_get0_s(pair), to + half, half) == half);
  ECDSA_SIG_free(pair);
  return raw;
}

int HalfOf(absl::string_view algorithm) { return algorithm == "ES384" ? 48 : 32; }

}  // namespace

TestIssuer::TestIssuer(std::string algorithm, std::string kid, int rsa_bits)
    : algorithm_(std::move(algorithm)), kid_(std::move(kid)), key_(MakeKey(algorithm_, rsa_bits)) {}

TestIssuer::~TestIssuer() { EVP_PKEY_free(key_); }

std::string TestIssuer::Jwk(absl::string_view more) const {
  const std::string name = absl::StrCat("\"kid\": \"", kid_, "\"");
  if (absl::StartsWith(algorithm_, "ES")) {
    const int half = HalfOf(algorithm_);
    return absl::StrCat("{\"kty\": \"EC\", ", name, ", \"crv\": \"P-", algorithm_.substr(2),
                        "\", \"x\": \"", Base64Url(NumberOf(key_, OSSL_PKEY_PARAM_EC_PUB_X, half)),
                        "\", \"y\": \"", Base64Url(NumberOf(key_, OSSL_PKEY_PARAM_EC_PUB_Y, half)),
                        "\"", more, "}");
  }
  return absl::StrCat("{\"kty\": \"RSA\", ", name, ", \"n\": \"",
                      Base64Url(NumberOf(key_, OSSL_PKEY_PARAM_RSA_N)), "\", \"e\": \"",
                      Base64Url(NumberOf(key_, OSSL_PKEY_PARAM_RSA_E)), "\"", more, "}");
}

std::string TestIssuer::Jwks() const { return absl::StrCat("{\"keys\": [", Jwk(), "]}"); }

std::string TestIssuer::PublicKeyPem() const {
  BIO* text = BIO_new(BIO_s_mem());
  Must(PEM_write_bio_PUBKEY(text, key_) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(text);
  return pem;
}

std::string TestIssuer::Header() const {
  return absl::StrCat("{\"alg\":\"", algorithm_, "\",\"kid\":\"", kid_, "\",\"typ\":\"at+jwt\"}");
}

std::string TestIssuer::Sign(absl::string_view header, absl::string_view claims) const {
  const std::string part = SignedPart(header, claims);
  std::string signature = SignDer(part);
  if (absl::StartsWith(algorithm_, "ES")) signature = RawSignature(signature, HalfOf(algorithm_));
  return absl::StrCat(part, ".", Base64Url(signature));
}

std::string TestIssuer::SignDer(absl::string_view data) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* of_key = nullptr;
  Must(EVP_DigestSignInit(context, &of_key, algorithm_ == "ES384" ? EVP_sha384() : EVP_sha256(),
                          nullptr, key_) == 1);
  if (algorithm_ == "PS256") {
    Must(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1);
    Must(EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  size_t size = 0;
  Must(EVP_DigestSign(context, nullptr, &size, bytes, data.size()) == 1);
  std::string signature(size, '\0');
  Must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                      data.size()) == 1);
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return signature;
}

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

std::string SignedPart(absl::string_view header, absl::string_view claims) {
  return absl::StrCat(Base64Url(header), ".", Base64Url(claims));
}

}  // namespace tandem::common
