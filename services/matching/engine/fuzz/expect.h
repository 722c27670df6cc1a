// What a fuzzer demands of the code under test.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_EXPECT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_EXPECT_H_

#include <cstdlib>
#include <iostream>

#include "absl/strings/string_view.h"

namespace tandem::engine::fuzz {

// Ends the process, which the fuzzer takes for a crash, if `holds` is false.
inline void Expect(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << std::endl;
  std::abort();
}

}  // namespace tandem::engine::fuzz

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_EXPECT_H_
