// Enum values that a request may not hold because this server does not know them: of a newer
// client, or a mistake. Nothing is guessed: they are refused. (Fields that the server does not know
// are ignored, as protobuf has it.) Thread-safe.
#ifndef SERVICES_COMMON_KNOWN_VALUES_H_
#define SERVICES_COMMON_KNOWN_VALUES_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace tandem::common {

// INVALID_ARGUMENT naming every field of `request`, at any depth, that holds an unknown enum value.
absl::Status CheckKnownValues(const google::protobuf::Message& request);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_KNOWN_VALUES_H_
