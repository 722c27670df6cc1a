// What every channel to one of Tandem's own services is made with. Thread-safe: a function.
#ifndef SERVICES_COMMON_CHANNEL_ARGUMENTS_H_
#define SERVICES_COMMON_CHANNEL_ARGUMENTS_H_

#include "grpcpp/support/channel_arguments.h"

namespace tandem::common {

// Answers of any size, long error details, and a new connection within a second of a loss.
grpc::ChannelArguments ServiceChannelArguments();

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CHANNEL_ARGUMENTS_H_
