#include "storage/crash/child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <thread>

#include "storage/rocksdb/rocksdb_store.h"
#include "storage/store.h"

namespace tandem::storage {
namespace {

constexpr int kReportDescriptor = 3;

void WriteForEver(Store* store, int64_t writer) {
  absl::StatusOr<int64_t> newest = NewestNumber(*store, writer);
  for (int64_t number = newest.value_or(0) + 1; newest.ok(); ++number) {
    const absl::StatusOr<Revision> revision = store->Apply(CrashCommit(writer, number));
    if (!revision.ok()) {
      fprintf(stderr, "writing process: %s\n", revision.status().ToString().c_str());
      _exit(3);
    }
    const Acknowledged report{writer, number, *revision};
    // Small enough that the pipe takes it whole.
    if (write(kReportDescriptor, &report, sizeof(report)) != sizeof(report)) _exit(4);
  }
  fprintf(stderr, "writing process: %s\n", newest.status().ToString().c_str());
  _exit(3);
}

[[noreturn]] void Fail(const char* what) {
  perror(what);
  abort();
}

}  // namespace

int RunWritingProcess(const std::string& path) {
  RocksDbOptions options;
  options.write_buffer_bytes = 64 * 1024;  // so that it is often killed while tables are written
  absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(path, options);
  if (!store.ok()) {
    fprintf(stderr, "writing process: %s\n", store.status().ToString().c_str());
    return 2;
  }
  std::vector<std::thread> writers;
  for (int64_t writer = 0; writer < kCrashWriters; ++writer) {
    writers.emplace_back([&, writer] { WriteForEver(store->get(), writer); });
  }
  for (std::thread& writer : writers) writer.join();
  return 1;
}

WritingProcess::WritingProcess(const std::string& path) {
  int ends[2];
  if (pipe(ends) != 0) Fail("pipe");
  const std::string argument = kChildArgument + path;
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ < 0) Fail("fork");
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // so that it never outlives the test
    if (getppid() != parent) _exit(5);
    close(ends[0]);
    if (ends[1] != kReportDescriptor) dup2(ends[1], kReportDescriptor);
    execl("/proc/self/exe", "crash_test", argument.c_str(), nullptr);
    _exit(6);
  }
  close(ends[1]);
  reports_ = ends[0];
}

WritingProcess::~WritingProcess() {
  if (process_ > 0) Kill();
  close(reports_);
}

bool WritingProcess::ReadReports() {
  Acknowledged reports[64];
  const ssize_t size = read(reports_, reports, sizeof(reports));
  if (size <= 0) return false;
  acknowledged_.insert(acknowledged_.end(), reports, reports + size / sizeof(reports[0]));
  return true;
}

bool WritingProcess::Kill() {
  kill(process_, SIGKILL);
  while (ReadReports()) {
  }
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

}  // namespace tandem::storage
