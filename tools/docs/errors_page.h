// docs/errors.md: the catalogue of reasons as a page. Thread-safe.
#ifndef TOOLS_DOCS_ERRORS_PAGE_H_
#define TOOLS_DOCS_ERRORS_PAGE_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace tandem::docs {

// `reasons` is the enum tandem.common.v1.ErrorReason, `actions` ClientAction, with comments.
std::string ErrorsPage(const google::protobuf::EnumDescriptor& reasons,
                       const google::protobuf::EnumDescriptor& actions);

}  // namespace tandem::docs

#endif  // TOOLS_DOCS_ERRORS_PAGE_H_
