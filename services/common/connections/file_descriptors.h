// How many files and sockets the process may have open, and which part of them connections may use.
// What they leave is for the databases: one that cannot open a file ends the process.
//
// Thread-safe.
#ifndef SERVICES_COMMON_CONNECTIONS_FILE_DESCRIPTORS_H_
#define SERVICES_COMMON_CONNECTIONS_FILE_DESCRIPTORS_H_

namespace tandem::common {

// Raises the process's limit (`ulimit -n`) to the highest that it may set itself. Systems give 1024
// by default, for programs that use select(2), which Tandem does not.
void RaiseDescriptorLimit();

// `wanted` connections of one listener, lowered to a quarter of the process's descriptors, at
// least 1.
int ConnectionsWithinLimit(int wanted);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CONNECTIONS_FILE_DESCRIPTORS_H_
