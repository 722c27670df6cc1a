#include "tools/cli/testing/run_tandem.h"

#include <sstream>

#include "tools/cli/app.h"

namespace tandem::cli {

Outcome RunTandem(const std::vector<std::string>& arguments, const Terminal& terminal) {
  std::ostringstream out;
  std::ostringstream err;
  Program program(out, err, terminal);
  Outcome outcome;
  outcome.exit_code = RunProgram(arguments, program);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

}  // namespace tandem::cli
