// docs/api/SERVICE.md: the reference page of one service. Thread-safe.
#ifndef TOOLS_DOCS_SERVICE_PAGE_H_
#define TOOLS_DOCS_SERVICE_PAGE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace tandem::docs {

// Full name of a method, "package.Service/Method" -> an example of its request in JSON. A string
// in it may be a variable of the shell: "$MENTOR".
using Examples = std::map<std::string, std::string>;

// Reads {"package.Service/Method": {...}, ...}. INVALID_ARGUMENT: no JSON of that form.
absl::StatusOr<Examples> ParseExamples(const std::string& json);

// Every method with its errors, roles, request and copy-paste calls, then every message and enum
// that they use. NOT_FOUND: a method without an example. INVALID_ARGUMENT: an example that is no
// request of its method.
absl::StatusOr<std::string> ServicePage(const google::protobuf::ServiceDescriptor& service,
                                        const Examples& examples);

}  // namespace tandem::docs

#endif  // TOOLS_DOCS_SERVICE_PAGE_H_
