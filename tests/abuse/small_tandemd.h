// A real tandemd with few file descriptors, and newcomers who call it over gRPC and over HTTP.
#ifndef TESTS_ABUSE_SMALL_TANDEMD_H_
#define TESTS_ABUSE_SMALL_TANDEMD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/child_process.h"
#include "base/temp_dir.h"
#include "grpcpp/channel.h"

namespace tandem::abuse {

// Within which others are served again after those who took too much have gone.
inline constexpr absl::Duration kRecovery = absl::Seconds(5);

class SmallTandemd {
 public:
  // Raises the limit of this process: it holds the other ends of all connections.
  SmallTandemd();

  // Starts tandemd with `options`, and waits until it answers. It has at most `files` descriptors.
  absl::Status Start(int files, const std::vector<std::string>& options = {});

  const std::string& grpc_address() const { return grpc_; }
  const std::string& http_address() const { return http_; }

  // Takes all descriptors from it that it does not use now, and gives them back.
  void UseUpDescriptors();
  void GiveDescriptorsBack();

  // A call over a new connection, which may be sent again as long as the server sheds it with the
  // code that says so: how long until it was answered. Anything else is an error.
  absl::StatusOr<absl::Duration> UntilServedByGrpc() const;
  absl::StatusOr<absl::Duration> UntilServedByHttp() const;
  // One call, by `channel`.
  static absl::Status List(const std::shared_ptr<grpc::Channel>& channel);
  // Writes something new.
  absl::Status Write(const std::string& external_id) const;

  // A channel with a connection of its own.
  std::shared_ptr<grpc::Channel> NewConnection() const;
  int64_t ResidentBytes() const { return process_->ResidentBytes(); }

 private:
  absl::Status WaitForAddress(const std::string& before, std::string* address);

  const base::TempDir folder_;
  std::unique_ptr<base::ChildProcess> process_;
  uint64_t files_ = 0;
  std::string http_;
  std::string grpc_;
};

}  // namespace tandem::abuse

#endif  // TESTS_ABUSE_SMALL_TANDEMD_H_
