// Updates by field mask: exactly the fields that a caller names change, and none that only the
// server sets. Thread-safe.
#ifndef SERVICES_COMMON_FIELD_MASKS_H_
#define SERVICES_COMMON_FIELD_MASKS_H_

#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "services/common/errors.h"
#include "services/common/resource_fields.h"

namespace tandem::common {

// Adds a violation of "update_mask" for an empty mask, each path that is unknown in `type`'s
// message and each output-only field. False if there was one.
bool CheckFieldMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& type,
                    const ResourceFields& fields, FieldViolations* violations);

// Sets the fields of `target` that `mask` names to their values in `source`, which may be empty;
// "*" stands for all but the output-only ones. Paths may go into messages, not into lists; lists
// and messages are replaced as a whole. What CheckFieldMask refuses leaves `target` alone.
void ApplyFieldMask(const google::protobuf::FieldMask& mask,
                    const google::protobuf::Message& source, const ResourceFields& fields,
                    google::protobuf::Message* target, FieldViolations* violations);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_FIELD_MASKS_H_
