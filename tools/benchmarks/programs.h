// The programs that the benchmarks start: the server, and the command line.
#ifndef TOOLS_BENCHMARKS_PROGRAMS_H_
#define TOOLS_BENCHMARKS_PROGRAMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/child_process.h"

namespace tandem::benchmarks {

// Runs `arguments` (the first is the program) to its end. INTERNAL with its exit code and errors
// unless that is 0.
absl::Status Run(const std::vector<std::string>& arguments);

// A running `tandemd`; the destructor ends it by SIGTERM and waits for it.
class ServerProcess {
 public:
  // Starts `program` on `data`, on a free port, and waits until it says that it listens.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::string& program,
                                                              const std::string& data);

  // "127.0.0.1:PORT": of gRPC, and of HTTP.
  const std::string& address() const { return address_; }
  const std::string& http_address() const { return http_address_; }
  // Resident memory in bytes.
  int64_t ResidentBytes() const { return process_->ResidentBytes(); }

 private:
  std::unique_ptr<base::ChildProcess> process_;
  std::string address_;
  std::string http_address_;
};

// A server that only answers, in a process of its own, ended by the destructor.
class PayloadServerProcess {
 public:
  // Starts `program` with `option`: "--bare-server" (bare_server.h) or "--idle-server"
  // (idle_server.h), which answers every call with `answer_bytes`.
  static absl::StatusOr<std::unique_ptr<PayloadServerProcess>> Start(const std::string& program,
                                                                     const std::string& option,
                                                                     int64_t answer_bytes);

  // "127.0.0.1:PORT".
  const std::string& address() const { return address_; }

 private:
  std::unique_ptr<base::ChildProcess> process_;
  std::string address_;
};

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_PROGRAMS_H_
