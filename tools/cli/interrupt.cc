#include "tools/cli/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <utility>

namespace tandem::cli {
namespace {

std::atomic<const char*> note_in_force{nullptr};
std::atomic<const char*> file_to_remove{nullptr};

// Only what is safe in a signal handler.
void Print(const char* text) {
  // Nothing can be done about an error stream that is gone.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
}

void OnInterrupt(int) {
  const char* note = note_in_force.load();
  const char* file = file_to_remove.load();
  if (file != nullptr) unlink(file);
  Print("\ninterrupted. ");
  Print(note == nullptr ? "\n" : note);
  _exit(kInterruptedExitCode);
}

}  // namespace

void ExitOnInterrupt() { std::signal(SIGINT, OnInterrupt); }

InterruptRemoves::InterruptRemoves(std::string path) : path_(std::move(path)) {
  file_to_remove = path_.c_str();
}

InterruptRemoves::~InterruptRemoves() { file_to_remove = nullptr; }

InterruptNote::InterruptNote(const char* text) : before_(note_in_force.exchange(text)) {}

InterruptNote::~InterruptNote() { note_in_force = before_; }

}  // namespace tandem::cli
