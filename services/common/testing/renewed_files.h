// Files that a server reads again when they change, for fixtures of tests to derive from.
#ifndef SERVICES_COMMON_TESTING_RENEWED_FILES_H_
#define SERVICES_COMMON_TESTING_RENEWED_FILES_H_

#include <string>

#include "base/temp_dir.h"
#include "services/common/testing/test_certificates.h"

namespace tandem::common {

class RenewedFiles {
 protected:
  // Replaces the file in the folder in one step, as a renewal does it. Fails the test if it cannot.
  void Write(const std::string& name, const std::string& text);
  // NAME.key and then NAME.pem.
  void WritePair(const std::string& name, const TestCertificate& pair);

  const base::TempDir folder_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_RENEWED_FILES_H_
