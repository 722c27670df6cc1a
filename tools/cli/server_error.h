// What a server's refusal means, in words: its reason, every violated field, and what to do.
// Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_SERVER_ERROR_H_
#define TANDEM_TOOLS_CLI_SERVER_ERROR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace tandem::cli {

// One field that a server refused, from google.rpc.BadRequest.
struct FieldViolation {
  std::string field;
  std::string reason;
};

// The violated fields that the error carries; empty if it names none.
std::vector<FieldViolation> FieldViolations(const grpc::Status& status);

// The reason code of google.rpc.ErrorInfo; empty if the error has none: then it is not an answer of
// Tandem's, for example because nobody listens.
std::string ReasonOf(const grpc::Status& status);

// The same code, with a message for people: reason, fields, and the next step. `address` is where
// the server was looked for.
absl::Status DescribeServerError(const grpc::Status& status, absl::string_view address);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_SERVER_ERROR_H_
