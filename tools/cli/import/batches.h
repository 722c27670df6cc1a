// Rows on their way to the server: packed into batches, sent several at a time.

#ifndef TANDEM_TOOLS_CLI_IMPORT_BATCHES_H_
#define TANDEM_TOOLS_CLI_IMPORT_BATCHES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/status.h"

namespace tandem::cli {

// Some resources as one batch request on the wire: the request's bytes without request_id, and per
// resource the lines of the file that it comes from, the first one standing for the whole.
struct Batch {
  std::string bytes;
  std::vector<std::vector<int64_t>> lines;
};

// Packs resources into batches of at most 1000 and about 2 MB. Not thread-safe.
class BatchBuilder {
 public:
  // `request` is a batch request that holds one resource.
  void Add(const google::protobuf::MessageLite& request, std::vector<int64_t> lines);

  const std::vector<Batch>& batches() const { return batches_; }
  int64_t row_count() const { return row_count_; }

 private:
  std::vector<Batch> batches_;
  int64_t row_count_ = 0;
};

// Calls `send` once for each batch, in order but several at a time, from threads of its own.
// `done` is called, one call at a time, with the number of resources that went through so far.
// After the first failure that `go_on` does not accept, no new batch is begun. Returns one status
// per batch; those never begun are CANCELLED.
std::vector<grpc::Status> SendBatches(const std::vector<Batch>& batches,
                                      const std::function<grpc::Status(size_t batch)>& send,
                                      const std::function<bool(const grpc::Status&)>& go_on,
                                      const std::function<void(int64_t rows)>& done);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_BATCHES_H_
