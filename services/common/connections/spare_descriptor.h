// One file descriptor that a listener keeps back: when the process has none left, it lets the next
// peer be accepted after all, and be told so, instead of waiting without an answer.
//
// Not thread-safe.
#ifndef SERVICES_COMMON_CONNECTIONS_SPARE_DESCRIPTOR_H_
#define SERVICES_COMMON_CONNECTIONS_SPARE_DESCRIPTOR_H_

#include <functional>

namespace tandem::common {

class SpareDescriptor {
 public:
  SpareDescriptor();
  ~SpareDescriptor();
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

  // Gives it up, for a moment.
  void Release();
  // Accepts whoever waits first at the socket `listener`, calls `tell` with the connection, which
  // does not block, closes it, and keeps a descriptor back again if there is one. Another thread
  // may have been quicker to take it: then whoever waits goes on waiting.
  void Refuse(int listener, const std::function<void(int)>& tell);

 private:
  int descriptor_;  // -1: none
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CONNECTIONS_SPARE_DESCRIPTOR_H_
