// Writers whose server is killed under them, and what became of their calls: every call has a
// request_id, so one that was not answered is repeated, and must have had exactly one effect.
#ifndef TESTS_JOURNEY_INTERRUPTED_CALLS_H_
#define TESTS_JOURNEY_INTERRUPTED_CALLS_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace tandem::journey {

using Channel = std::shared_ptr<grpc::Channel>;

// A call with a request_id, and what it answered: the answer's bytes, or nothing when the server
// was killed first. One that was refused when it was repeated wrote nothing.
struct Attempt {
  std::string request_id;
  std::function<absl::StatusOr<std::string>(const Channel&)> call;
  std::optional<std::string> answer = std::nullopt;
  bool refused = false;
};

// Makes the next call of a writer; std::nullopt when there is nothing left to do.
using Writer = std::function<std::optional<Attempt>()>;

// Lets each writer call, one call after the other, on threads of their own, for `time`, then calls
// `kill`, which must make calls fail. Returns what was attempted. A call that the server refuses is
// left out: it wrote nothing. INTERNAL naming a call that failed before the kill in another way.
absl::StatusOr<std::vector<Attempt>> CallUntilKilled(const std::vector<Writer>& writers,
                                                     const Channel& channel, absl::Duration time,
                                                     const std::function<void()>& kill);

// Repeats each of `attempts` twice. DATA_LOSS naming a request_id whose answers are not all the
// same, the first one included if it came; the error of a call that fails. One without a first
// answer may be refused.
absl::Status RepeatAll(std::vector<Attempt>* attempts, const Channel& channel);

// Of each request_id the commits (store and revision) that made changes for it, by the audit log,
// once it has `last`, the request_id of a call after all others.
absl::StatusOr<std::map<std::string, std::set<std::pair<std::string, int64_t>>>> CommitsByRequest(
    const Channel& channel, const std::set<std::string>& last);

}  // namespace tandem::journey

#endif  // TESTS_JOURNEY_INTERRUPTED_CALLS_H_
