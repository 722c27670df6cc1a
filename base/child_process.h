// Programs that tests and benchmarks start: run to the end with the output caught, or kept running
// and killed at will. Not thread-safe: one thread owns a process.
//
//   TANDEM_ASSIGN_OR_RETURN(auto server, ChildProcess::Start({"tandemd", "--data", folder}));
//   TANDEM_ASSIGN_OR_RETURN(std::string line, server->WaitForLine("listening on ", timeout));
//   server->Signal(SIGKILL);
//   server->Wait();
#ifndef BASE_CHILD_PROCESS_H_
#define BASE_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem::base {

struct Finished {
  int exit_code = 0;   // 128 + the signal's number when a signal ended it
  std::string output;  // of standard output
  std::string errors;  // of standard error
};

// Runs `arguments` (the first is the program's path) to its end, with an empty standard input.
// NOT_FOUND when the program cannot be started. Any exit code is an answer, not an error.
absl::StatusOr<Finished> RunProgram(const std::vector<std::string>& arguments);

class ChildProcess {
 public:
  // Starts `arguments` with standard error left alone and standard output for WaitForLine.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& arguments);
  // Ends it by SIGTERM and waits, if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of its output that contains `text`; those before it are dropped. UNAVAILABLE when
  // the output ends first, DEADLINE_EXCEEDED after `timeout`.
  absl::StatusOr<std::string> WaitForLine(absl::string_view text, absl::Duration timeout);

  void Signal(int signal_number);
  // Waits for the end; returns the exit code, as in Finished. Repeating it returns the same.
  int Wait();
  pid_t pid() const { return pid_; }
  // Resident memory in bytes; 0 when it has ended.
  int64_t ResidentBytes() const;

 private:
  ChildProcess(pid_t pid, int output) : pid_(pid), output_(output) {}

  const pid_t pid_;
  const int output_;
  bool ended_ = false;
  int exit_code_ = 0;
};

}  // namespace tandem::base

#endif  // BASE_CHILD_PROCESS_H_
