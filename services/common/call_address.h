// Where a server can be called. Thread-safe: a function without state.
#ifndef SERVICES_COMMON_CALL_ADDRESS_H_
#define SERVICES_COMMON_CALL_ADDRESS_H_

#include "absl/strings/string_view.h"

namespace tandem::common {

// Whether it is HOST:PORT with a port from 1 to 65535, [IPV6]:PORT, or unix:PATH. Whether there is
// such a host shows when it is called.
bool IsCallAddress(absl::string_view text);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALL_ADDRESS_H_
