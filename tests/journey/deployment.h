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
#include "base/temp_dir.h"

namespace tandem::journey {

enum class Shape {
  kOneProcess,       // tandemd
  kProcessAService,  // profiles_server, needs_server, matching_server, audit_server
  // The same and access_server, as deploy/systemd has them: all that they and callers say to each
  // other is in TLS 1.3 with client certificates.
  kProcessAServiceByTls,
};

class Deployment {
 public:
  // With kProcessAServiceByTls: whose certificate AddressOptions() shows; its role is admin.
  static constexpr char kAdmin[] = "amina";

  // `folder` holds the databases.
  Deployment(Shape shape, std::string folder);

  // Starts every program on a free port and waits until each says that it listens.
  absl::Status Start();
  // Ends every program by SIGKILL, as a power cut or the kernel would.
  void Kill();
  // Ends every program by SIGTERM; INTERNAL naming one that did not end with exit code 0.
  absl::Status Terminate();

  // The options of the command line that say where the services are, and by TLS who calls.
  std::vector<std::string> AddressOptions() const;

 private:
  // Starts `command` and remembers where `service` is.
  absl::Status Run(const std::string& service, const std::vector<std::string>& command);
  // The same for `program` with `options`, on a free port.
  absl::Status StartOne(const std::string& service, const std::string& program,
                        const std::vector<std::string>& options);

  // Starts what deploy/systemd starts.
  absl::Status StartByTls();
  // The command of its unit for `service`; machines and fixed paths are those of this test.
  absl::StatusOr<std::vector<std::string>> CommandOfUnit(const std::string& service) const;
  // Makes what the unit expects in /etc/tandem, in `tls_`.
  absl::Status MakeCertificates();

  const Shape shape_;
  const std::string folder_;
  const base::TempDir tls_;
  std::map<std::string, std::unique_ptr<base::ChildProcess>> processes_;
  std::map<std::string, std::string> addresses_;  // by service; "" is all of them
};

}  // namespace tandem::journey

#endif  // TESTS_JOURNEY_DEPLOYMENT_H_
