// What deciding who may do what costs by itself.
#ifndef TOOLS_BENCHMARKS_AUTHORIZATION_BENCHMARK_H_
#define TOOLS_BENCHMARKS_AUTHORIZATION_BENCHMARK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace tandem::benchmarks {

// A call to be authorized.
struct AuthorizedCall {
  std::string who;     // words for the table
  std::string token;   // empty: the caller states that it is staff
  std::string method;  // "package.Service/Method"
  std::shared_ptr<const google::protobuf::Message> request;
};

// Microseconds for each of `calls`, in their order, on the services of the data `folder`, which no
// process may have open: medians of kRuns. It is all that a call goes through between its metadata
// and its handler: who calls, and by the option in the proto the role, the objects and the fields,
// with the reads from the store that these take. The error of a call that is refused.
absl::StatusOr<std::vector<double>> AuthorizationMicroseconds(
    const std::string& folder, const std::vector<AuthorizedCall>& calls);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_AUTHORIZATION_BENCHMARK_H_
