// About how many bytes of memory a message takes once it is parsed, told from its bytes alone. An
// empty message within a list has two bytes on the wire and several hundred in memory, so a request
// is weighed before it is parsed.
//
//   if (ParsedSize(&stream, *request.GetDescriptor(), kMost) > kMost) return TooLarge();
//
// Thread-safe.
#ifndef SERVICES_COMMON_PARSED_SIZE_H_
#define SERVICES_COMMON_PARSED_SIZE_H_

#include <cstddef>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream.h"

namespace tandem::common {

// Bytes of the message of type `type` in `stream`, with all that hangs on it, unknown fields
// included. Counting ends soon after `enough`, and where the bytes are no message: parsing ends
// there, too.
size_t ParsedSize(google::protobuf::io::ZeroCopyInputStream* stream,
                  const google::protobuf::Descriptor& type, size_t enough);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_PARSED_SIZE_H_
