// Certificates for tests, made when they are needed: an authority, and what it signs.
#ifndef SERVICES_COMMON_TESTING_TEST_CERTIFICATES_H_
#define SERVICES_COMMON_TESTING_TEST_CERTIFICATES_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string>

namespace tandem::common {

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  // The authority's own certificate, PEM.
  std::string certificate() const;
  // One for `name`, good for a day, for servers at localhost and 127.0.0.1 and for clients.
  TestCertificate Issue(const std::string& name);

 private:
  EVP_PKEY* const key_;
  X509* const certificate_;
  int next_serial_ = 2;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_TEST_CERTIFICATES_H_
