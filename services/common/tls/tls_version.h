// TLS 1.3 and nothing older, for everything in this process. Thread-safe.
//
// gRPC 1.51 offers no option for it and always allows 1.2, so OpenSSL is told for the process.
#ifndef SERVICES_COMMON_TLS_TLS_VERSION_H_
#define SERVICES_COMMON_TLS_TLS_VERSION_H_

#include "absl/status/status.h"

namespace tandem::common {

// Every TLS context made afterwards speaks TLS 1.3 only. Repeating it does nothing.
// FAILED_PRECONDITION: this OpenSSL cannot do it; then nothing may be served with it.
absl::Status UseTls13Only();

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TLS_TLS_VERSION_H_
