#include "services/common/authentication/oidc/key_set.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "services/common/authentication/oidc/jwt.h"
#include "services/common/authentication/oidc/public_key.h"

namespace tandem::common {
namespace {

using base::JsonValue;

constexpr int kMinRsaBits = 2048;

// What an algorithm asks of a key.
struct Facts {
  JwtAlgorithm algorithm;
  const char* name;
  const char* key_type;       // of a JWK
  const char* curve;          // of a JWK and of OpenSSL; null for RSA
  size_t coordinate_bytes;    // of a curve
  const EVP_MD* (*digest)();  // of OpenSSL
};

constexpr Facts kFacts[] = {
    {JwtAlgorithm::kRs256, "RS256", "RSA", nullptr, 0, EVP_sha256},
    {JwtAlgorithm::kPs256, "PS256", "RSA", nullptr, 0, EVP_sha256},
    {JwtAlgorithm::kEs256, "ES256", "EC", "P-256", 32, EVP_sha256},
    {JwtAlgorithm::kEs384, "ES384", "EC", "P-384", 48, EVP_sha384},
};

const Facts& FactsOf(JwtAlgorithm algorithm) {
  return *std::find_if(std::begin(kFacts), std::end(kFacts),
                       [&](const Facts& facts) { return facts.algorithm == algorithm; });
}

absl::Status Unusable(absl::string_view where, absl::string_view what) {
  ERR_clear_error();  // else gRPC's next use of OpenSSL on this thread would
                      // find it
  return absl::InvalidArgumentError(absl::StrCat(where, ": ", what));
}

// Whether a key is for signatures by that algorithm, as far as it says.
bool IsFor(const JsonValue& key, const Facts& facts) {
  const auto is = [&](const char* member, absl::string_view value) {
    const auto text = StringMember(key, member);
    return text.has_value() && *text == value;
  };
  if (!is("kty", facts.key_type) || (facts.curve != nullptr && !is("crv", facts.curve))) {
    return false;
  }
  if (key.Find("use") != nullptr && !is("use", "sig")) return false;
  if (key.Find("alg") != nullptr && !is("alg", facts.name)) return false;
  const JsonValue* operations = key.Find("key_ops");
  return operations == nullptr ||
         std::any_of(
             operations->items.begin(), operations->items.end(), [](const JsonValue& operation) {
               return operation.kind == JsonValue::Kind::kString && operation.text == "verify";
             });
}

// The bytes of a member in base64url; "" when it has none.
std::string BytesOf(const JsonValue& key, absl::string_view member) {
  const auto text = StringMember(key, member);
  return text.has_value() ? FromBase64Url(*text).value_or("") : "";
}

// Null when it is none.
EVP_PKEY* MakeKey(const JsonValue& key, const Facts& facts) {
  if (facts.curve == nullptr) {
    const std::string modulus = BytesOf(key, "n");
    const std::string exponent = BytesOf(key, "e");
    return modulus.empty() || exponent.empty() ? nullptr : MakeRsaKey(modulus, exponent);
  }
  const std::string x = BytesOf(key, "x");
  const std::string y = BytesOf(key, "y");
  const bool sized = x.size() == facts.coordinate_bytes && y.size() == facts.coordinate_bytes;
  return sized ? MakeEcKey(facts.curve, x, y) : nullptr;
}

}  // namespace

absl::StatusOr<JwtAlgorithm> JwtAlgorithmFromText(absl::string_view text) {
  for (const Facts& facts : kFacts) {
    if (facts.name == text) return facts.algorithm;
  }
  return Unusable(
      "--oidc-algorithm",
      absl::StrCat("must be the one that the provider signs with, of ", kJwtAlgorithms));
}

absl::string_view JwtAlgorithmToText(JwtAlgorithm algorithm) { return FactsOf(algorithm).name; }

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view json, const std::string& file_name,
                                     JwtAlgorithm algorithm) {
  const Facts& facts = FactsOf(algorithm);
  const absl::StatusOr<JsonValue> parsed = base::ParseJson(json, file_name);
  if (!parsed.ok()) return Unusable("the keys of the identity provider", parsed.status().message());
  const JsonValue* keys = parsed->Find("keys");
  if (keys == nullptr || keys->kind != JsonValue::Kind::kArray) {
    return Unusable(file_name, "is no JSON Web Key Set: it has no list \"keys\"");
  }
  KeySet set(algorithm);
  for (size_t i = 0; i < keys->items.size(); ++i) {
    const JsonValue& key = keys->items[i];
    const std::string where = absl::StrCat(file_name, ": keys[", i, "]");
    if (key.Find("d") != nullptr || key.Find("k") != nullptr) {
      return Unusable(where, "is a secret key: give the provider's public ones only");
    }
    if (!IsFor(key, facts)) continue;
    const auto kid = StringMember(key, "kid");
    if (!kid.has_value() || kid->empty()) return Unusable(where, "has no kid, its name");
    Key made(MakeKey(key, facts));
    if (made == nullptr) return Unusable(where, absl::StrCat("is no valid key for ", facts.name));
    if (facts.curve == nullptr && EVP_PKEY_get_bits(made.get()) < kMinRsaBits) {
      return Unusable(where, "has fewer than 2048 bits");
    }
    if (!set.keys_.emplace(std::string(*kid), std::move(made)).second) {
      return Unusable(where, "has the kid of an earlier key");
    }
  }
  if (!set.keys_.empty()) return set;
  return Unusable(file_name, absl::StrCat("has no key for ", facts.name));
}

bool KeySet::Verify(absl::string_view kid, absl::string_view data,
                    absl::string_view signature) const {
  const auto key = keys_.find(kid);
  if (key == keys_.end()) return false;
  const Facts& facts = FactsOf(algorithm_);
  std::string encoded(signature);
  if (facts.curve != nullptr) {
    if (signature.size() != 2 * facts.coordinate_bytes) return false;
    encoded = EcSignatureToDer(signature);
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_PKEY_CTX* of_key = nullptr;  // the context's
  bool fits = context != nullptr && EVP_DigestVerifyInit(context.get(), &of_key, facts.digest(),
                                                         nullptr, key->second.get()) == 1;
  if (fits && algorithm_ == JwtAlgorithm::kPs256) {
    fits = EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  fits = fits &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(encoded.data()),
                          encoded.size(), reinterpret_cast<const unsigned char*>(data.data()),
                          data.size()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace tandem::common
