// The command line as a whole.

#ifndef TANDEM_TOOLS_CLI_APP_H_
#define TANDEM_TOOLS_CLI_APP_H_

#include <string>
#include <vector>

#include "tools/cli/command.h"

namespace tandem::cli {

// Parses `arguments` (without the program's name), runs the command, prints what went wrong to
// program.err(), and returns the exit code: 0 fine; 1 a negative or infeasible answer, or a refusal
// of the server; 2 bad input. Not thread-safe.
int RunProgram(const std::vector<std::string>& arguments, Program& program);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_APP_H_
