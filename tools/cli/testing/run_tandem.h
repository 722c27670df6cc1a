// Runs the command line within a test.

#ifndef TANDEM_TOOLS_CLI_TESTING_RUN_TANDEM_H_
#define TANDEM_TOOLS_CLI_TESTING_RUN_TANDEM_H_

#include <string>
#include <vector>

#include "tools/cli/command.h"

namespace tandem::cli {

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

// `tandem ARGUMENTS...`, as on a `terminal`: by default none.
Outcome RunTandem(const std::vector<std::string>& arguments, const Terminal& terminal = Terminal());

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_TESTING_RUN_TANDEM_H_
