#include "services/common/connections/spare_descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tandem::common {
namespace {

int OpenOne() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

SpareDescriptor::SpareDescriptor() : descriptor_(OpenOne()) {}

SpareDescriptor::~SpareDescriptor() { Release(); }

void SpareDescriptor::Release() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void SpareDescriptor::Refuse(int listener, const std::function<void(int)>& tell) {
  Release();
  const int connection = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection >= 0) {
    tell(connection);
    close(connection);
  }
  descriptor_ = OpenOne();
}

}  // namespace tandem::common
