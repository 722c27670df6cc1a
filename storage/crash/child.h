// The process that the kill test kills.
#ifndef STORAGE_CRASH_CHILD_H_
#define STORAGE_CRASH_CHILD_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "storage/crash/workload.h"

namespace tandem::storage {

// The command line argument that makes this program the writing process: the store's folder.
inline constexpr char kChildArgument[] = "--write-into=";

// Writes into the store in `path` with kCrashWriters threads until it is killed, and reports every
// acknowledged commit as an Acknowledged on file descriptor 3. Returns an exit code on errors only.
int RunWritingProcess(const std::string& path);

// A running writing process.
class WritingProcess {
 public:
  // Starts this same program again with kChildArgument. Ends the test program if that fails.
  explicit WritingProcess(const std::string& path);
  // Kills it if it still runs.
  ~WritingProcess();

  // Waits for at least one more report; false when the process has ended.
  bool ReadReports();
  // SIGKILL; then reads what it reported before. True when it was killed by that, and not ended by
  // an error of its own.
  bool Kill();

  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }

 private:
  pid_t process_ = -1;
  int reports_ = -1;  // read end of the pipe
  std::vector<Acknowledged> acknowledged_;
};

}  // namespace tandem::storage

#endif  // STORAGE_CRASH_CHILD_H_
