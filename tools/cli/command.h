// What every command of `tandem` shares: the options that stand before all of them, where answers
// go, and how a command ends.
//
// A command registers itself with CLI11 and, when chosen, sets `Program::action`; main runs it.
// An action returns the exit code (0 fine, 1 a negative or infeasible answer) or an error:
// INVALID_ARGUMENT ends with 2 (bad input), every other code with 1.

#ifndef TANDEM_TOOLS_CLI_COMMAND_H_
#define TANDEM_TOOLS_CLI_COMMAND_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "services/common/tls/tls_files.h"
#include "tools/cli/session.h"
#include "tools/cli/table.h"

namespace tandem::cli {

enum class Format { kTable, kJson, kCsv };

// What is known of the terminal that a person looks at.
struct Terminal {
  // Columns of the terminal that answers go to; 0 if they go elsewhere.
  int out_width = 0;
  // Whether progress may be shown where errors go.
  bool err_is_terminal = false;
};

class Program {
 public:
  Program(std::ostream& out, std::ostream& err, const Terminal& terminal = Terminal());

  // Adds the options that all commands share to the top of the command line.
  void AddOptions(CLI::App& app);

  // The connection, made at the first use.
  const Session& session();
  // INVALID_ARGUMENT if a shared option cannot be right, or a file that one names cannot be used.
  // Once, after the options are read and before the first session().
  absl::Status CheckOptions();

  Format format() const { return format_; }
  std::ostream& out() { return *out_; }
  std::ostream& err() { return err_; }

  // Shows progress in one line that the next call replaces; nothing unless on a terminal. An empty
  // line removes it.
  void Progress(const std::string& line);

  // Prints `message` as JSON, or `table` in the chosen format, with cells of at most
  // `max_cell_width` columns for people.
  absl::Status Print(const google::protobuf::Message& message, const Table& table,
                     int max_cell_width = kCellWidth);
  // Prints a table for people, "none" if it is empty; fitted to the terminal, if there is one.
  void Show(const Table& table, int max_cell_width = kCellWidth);
  // Prints a sentence for people, and a line break; wrapped at the end of the terminal's lines,
  // further lines with `indent` spaces before them.
  void Say(const std::string& text, int indent = 0);
  // Prints an answer without a protobuf message of its own as `json` or in the chosen format.
  void Print(const std::string& json, const Table& table, int max_cell_width = kCellWidth);
  // Prints one message as JSON.
  absl::Status PrintJson(const google::protobuf::Message& message);

  // What the chosen command does.
  std::function<absl::StatusOr<int>()> action;

  // Runs another command line within this one and returns its exit code; set by RunProgram.
  std::function<int(const std::vector<std::string>&)> run;
  // The same, with its answer written to `out`.
  int RunInto(const std::vector<std::string>& arguments, std::ostream& out);

 private:
  absl::Status PrepareTls();
  absl::Status PrepareToken();

  std::ostream* out_;
  std::ostream& err_;
  const Terminal terminal_;
  Format format_ = Format::kTable;
  double timeout_seconds_ = 60;
  SessionOptions session_options_;
  common::TlsFiles tls_;
  std::string token_file_;
  bool states_caller_ = false;  // --as or --subject was given
  std::unique_ptr<Session> session_;
};

// For options that take a whole number from 0 to 2^64 - 1: CLI11 by itself takes "-1" for the
// largest.
CLI::Validator WholeNumber();

// Parses `json` (protobuf JSON) into `message`. INVALID_ARGUMENT naming `file`.
absl::Status ParseJson(const std::string& json, const std::string& file,
                       google::protobuf::Message* message);

// Reads a whole local file; every failure is INVALID_ARGUMENT (exit 2) naming the file.
absl::StatusOr<std::string> ReadLocalFile(const std::string& path);
// Writes a whole local file; every failure is INVALID_ARGUMENT naming the file.
absl::Status WriteLocalFile(const std::string& path, absl::string_view bytes);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMAND_H_
