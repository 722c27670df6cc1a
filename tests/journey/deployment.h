// Tandem as it is installed: real server programs on real files, in one process or in one process a
// service. Tests start it, kill it, and start it again on the same files.
#ifndef TESTS_JOURNEY_DEPLOYMENT_H_
#define TESTS_JOURNEY_DEPLOYMENT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/child_process.h"

namespace tandem::journey {

enum class Shape {
  kOneProcess,       // tandemd
  kProcessAService,  // profiles_server, needs_server, matching_server, audit_server
};

class Deployment {
 public:
  // `folder` holds the databases.
  Deployment(Shape shape, std::string folder);

  // Starts every program on a free port and waits until each says that it listens.
  absl::Status Start();
  // Ends every program by SIGKILL, as a power cut or the kernel would.
  void Kill();
  // Ends every program by SIGTERM; INTERNAL naming one that did not end with exit code 0.
  absl::Status Terminate();

  // The options of the command line that say where the services are.
  std::vector<std::string> AddressOptions() const;

 private:
  // Starts `program` and remembers where `service` is.
  absl::Status StartOne(const std::string& service, const std::string& program,
                        std::vector<std::string> options);

  const Shape shape_;
  const std::string folder_;
  std::map<std::string, std::unique_ptr<base::ChildProcess>> processes_;
  std::map<std::string, std::string> addresses_;  // by service; "" is all of them
};

}  // namespace tandem::journey

#endif  // TESTS_JOURNEY_DEPLOYMENT_H_
