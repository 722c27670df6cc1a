#include "services/common/testing/renewed_files.h"

#include <cstdio>
#include <fstream>

#include "gtest/gtest.h"

namespace tandem::common {

void RenewedFiles::Write(const std::string& name, const std::string& text) {
  const std::string fresh = folder_.Join(name + ".new");
  std::ofstream(fresh, std::ios::binary) << text;
  ASSERT_EQ(std::rename(fresh.c_str(), folder_.Join(name).c_str()), 0);
}

void RenewedFiles::WritePair(const std::string& name, const TestCertificate& pair) {
  Write(name + ".key", pair.key);
  Write(name + ".pem", pair.certificate);
}

}  // namespace tandem::common
