// One caller of the fuzzer: makes requests, sends them as every role, and judges the answers.
#ifndef TANDEM_TESTS_BOUNDARY_FUZZ_WORKER_H_
#define TANDEM_TESTS_BOUNDARY_FUZZ_WORKER_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "tests/access/world.h"
#include "tests/boundary/nasty_values.h"
#include "tests/boundary/request_mutator.h"
#include "tests/boundary/wire_caller.h"
#include "tests/boundary/write_ledger.h"

namespace tandem::tests {

// A method with a request that it would take, where one is known.
struct FuzzTarget {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string name;  // "package.Service/Method"
  bool writes = false;
  std::string example;  // bytes; may be empty
};

struct FuzzCounts {
  std::map<std::string, int64_t> by_code;
  std::set<std::string> succeeded;  // methods
  absl::Duration slowest;
};

class FuzzWorker {
 public:
  // All that is pointed to must outlive it. `number` is unique in a world.
  FuzzWorker(World* world, const std::vector<FuzzTarget>* targets, WriteLedger* ledger,
             uint64_t seed, int number);

  // Sends `calls` requests.
  void Run(int64_t calls);

  const FuzzCounts& counts() const { return counts_; }
  // One text per broken rule, each with what is needed to send the call again.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  WireCall NextCall(const FuzzTarget& target);
  common::Principal NextPrincipal(const FuzzTarget& target);
  std::string NextRequest(const FuzzTarget& target, bool* validate_only);
  // Empty, or what is wrong with the answer.
  static std::string Judge(const WireCall& call, const WireOutcome& outcome);
  void Learn(const FuzzTarget& target, const WireCall& call, const WireOutcome& outcome);

  World* const world_;
  const std::vector<FuzzTarget>* const targets_;
  WriteLedger* const ledger_;
  const std::shared_ptr<grpc::Channel> channel_;
  NastyValues values_;
  RequestMutator mutator_;
  const int number_;
  int64_t sent_ = 0;
  bool validate_only_ = false;                              // of the call being sent
  std::map<std::string, std::vector<std::string>> corpus_;  // requests that were taken, by method
  FuzzCounts counts_;
  std::vector<std::string> faults_;
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_BOUNDARY_FUZZ_WORKER_H_
