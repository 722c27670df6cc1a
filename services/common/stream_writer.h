// The sending side of a server stream, as handlers see it.
#ifndef SERVICES_COMMON_STREAM_WRITER_H_
#define SERVICES_COMMON_STREAM_WRITER_H_

namespace tandem::common {

// Not thread-safe: one handler writes. Valid until the handler returns.
template <typename Response>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Sends one message. Blocks until the transport took the one before, so that a slow reader slows
  // the handler down instead of filling memory. False when the call has ended: return then.
  virtual bool Write(const Response& response) = 0;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_STREAM_WRITER_H_
