// What a person is told who stops a command with Ctrl-C while the server may have taken something
// in already.
//
//   ExitOnInterrupt();  // once, in main
//   ...
//   const InterruptNote note("The import stopped on the way: import the same file again.\n");
//
// Thread-safe; one note at a time, the last one made counts.

#ifndef TANDEM_TOOLS_CLI_INTERRUPT_H_
#define TANDEM_TOOLS_CLI_INTERRUPT_H_

#include <string>

namespace tandem::cli {

// The exit code of a program that Ctrl-C ended, as shells count it.
inline constexpr int kInterruptedExitCode = 130;

// From now on SIGINT prints the note in force to standard error and ends the process.
void ExitOnInterrupt();

// While this object lives, SIGINT also removes the file that is being written, which nobody could
// use. One at a time.
class InterruptRemoves {
 public:
  explicit InterruptRemoves(std::string path);
  ~InterruptRemoves();
  InterruptRemoves(const InterruptRemoves&) = delete;
  InterruptRemoves& operator=(const InterruptRemoves&) = delete;

 private:
  const std::string path_;
};

// The note in force while this object lives.
class InterruptNote {
 public:
  // `text` must live as long as the program.
  explicit InterruptNote(const char* text);
  ~InterruptNote();
  InterruptNote(const InterruptNote&) = delete;
  InterruptNote& operator=(const InterruptNote&) = delete;

 private:
  const char* const before_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_INTERRUPT_H_
