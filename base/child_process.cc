#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace tandem::base {
namespace {

constexpr int kNotStarted = 127;  // as a shell says it

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::InternalError("cannot make a pipe");
  return Pipe{ends[0], ends[1]};
}

// Starts `arguments`; `errors` < 0 leaves standard error alone.
absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& arguments, int output, int errors) {
  if (access(arguments[0].c_str(), X_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(arguments[0], " is not a program"));
  }
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("cannot start ", arguments[0]));
  if (pid == 0) {
    const int input = open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    if (errors >= 0) dup2(errors, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(kNotStarted);
  }
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Reads both pipes to their ends, whichever has something first.
void ReadBoth(int output, int errors, Finished* finished) {
  pollfd readable[] = {{output, POLLIN, 0}, {errors, POLLIN, 0}};
  std::string* texts[] = {&finished->output, &finished->errors};
  char buffer[65536];
  int open_count = 2;
  while (open_count > 0 && poll(readable, 2, -1) > 0) {
    for (int i = 0; i < 2; ++i) {
      if (readable[i].fd < 0 || readable[i].revents == 0) continue;
      const ssize_t got = read(readable[i].fd, buffer, sizeof(buffer));
      if (got > 0) {
        texts[i]->append(buffer, static_cast<size_t>(got));
      } else {
        readable[i].fd = -1;  // ignored by poll from now on
        --open_count;
      }
    }
  }
}

}  // namespace

absl::StatusOr<Finished> RunProgram(const std::vector<std::string>& arguments) {
  absl::StatusOr<Pipe> output = MakePipe();
  if (!output.ok()) return output.status();
  absl::StatusOr<Pipe> errors = MakePipe();
  if (!errors.ok()) return errors.status();
  const absl::StatusOr<pid_t> pid = Spawn(arguments, output->write_end, errors->write_end);
  close(output->write_end);
  close(errors->write_end);
  Finished finished;
  if (pid.ok()) {
    ReadBoth(output->read_end, errors->read_end, &finished);
    finished.exit_code = WaitFor(*pid);
  }
  close(output->read_end);
  close(errors->read_end);
  if (!pid.ok()) return pid.status();
  return finished;
}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& arguments) {
  absl::StatusOr<Pipe> output = MakePipe();
  if (!output.ok()) return output.status();
  const absl::StatusOr<pid_t> pid = Spawn(arguments, output->write_end, -1);
  close(output->write_end);
  if (!pid.ok()) {
    close(output->read_end);
    return pid.status();
  }
  return std::unique_ptr<ChildProcess>(new ChildProcess(*pid, output->read_end));
}

ChildProcess::~ChildProcess() {
  if (!ended_) Signal(SIGTERM);
  Wait();
  close(output_);
}

absl::StatusOr<std::string> ChildProcess::WaitForLine(absl::string_view text,
                                                      absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  std::string line;
  pollfd readable = {output_, POLLIN, 0};
  while (absl::Now() < deadline) {
    const int wait_ms = static_cast<int>(absl::ToInt64Milliseconds(deadline - absl::Now()) + 1);
    if (poll(&readable, 1, wait_ms) <= 0) continue;
    char c = 0;
    if (read(output_, &c, 1) != 1) {
      return absl::UnavailableError(
          absl::StrCat("the program ended before it said \"", text, "\""));
    }
    if (c != '\n') {
      line += c;
      continue;
    }
    if (absl::string_view(line).find(text) != absl::string_view::npos) return line;
    line.clear();
  }
  return absl::DeadlineExceededError(absl::StrCat("the program did not say \"", text, "\""));
}

void ChildProcess::Signal(int signal_number) {
  if (!ended_) kill(pid_, signal_number);
}

int ChildProcess::Wait() {
  if (!ended_) exit_code_ = WaitFor(pid_);
  ended_ = true;
  return exit_code_;
}

int64_t ChildProcess::ResidentBytes() const {
  std::ifstream statm(absl::StrCat("/proc/", pid_, "/statm"));
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace tandem::base
