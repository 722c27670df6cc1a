// Sends any bytes to any method, as anybody, and tells how it ended. Thread-safe.
#ifndef TANDEM_TESTS_BOUNDARY_WIRE_CALLER_H_
#define TANDEM_TESTS_BOUNDARY_WIRE_CALLER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/principal.h"

namespace tandem::tests {

struct WireCall {
  std::string method;  // "package.Service/Method"
  bool streaming = false;
  common::Principal
      principal;              // its actor as stated in metadata; a role that is unspecified is not
  std::string request;        // bytes
  bool long_details = false;  // says to take long error details
  absl::Duration timeout;
};

struct WireOutcome {
  absl::Status status;
  bool ended_by_caller = false;  // its deadline passed, or it hung up: the outcome is unknown
  absl::Duration took;
  std::vector<std::string> answers;  // bytes; of a stream at most three
};

// A stream is followed until three messages came or its timeout passed, then cancelled.
WireOutcome SendCall(const std::shared_ptr<grpc::Channel>& channel, const WireCall& call);

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_BOUNDARY_WIRE_CALLER_H_
