#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tools/cli/app.h"
#include "tools/cli/interrupt.h"

namespace {

// Columns of the terminal that standard output goes to; 0 if it goes elsewhere.
int OutWidth() {
  winsize size = {};
  if (isatty(STDOUT_FILENO) != 1) return 0;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

int main(int argc, char** argv) {
  // Errors reach the user in our words; gRPC's own lines only when asked for.
  tandem::cli::ExitOnInterrupt();
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  tandem::cli::Program program(std::cout, std::cerr, {OutWidth(), isatty(STDERR_FILENO) == 1});
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const int exit_code = tandem::cli::RunProgram(arguments, program);
  std::cout.flush();
  // A full disk or a closed pipe must not look like success.
  return std::cout.good() || exit_code != 0 ? exit_code : 1;
}
