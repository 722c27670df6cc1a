#include "services/common/connections/connection_acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace tandem::common {
namespace {

constexpr int kWithoutDescriptorPauseMs = 20;

int Accept(int listener) {
  return accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

bool OutOfDescriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

ConnectionAcceptor::ConnectionAcceptor(int listener, int max_connections,
                                       std::function<void(int)> hand_over,
                                       ConnectionList::BusyPeers busy_peers)
    : listener_(listener),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      hand_over_(std::move(hand_over)),
      connections_(static_cast<size_t>(max_connections), std::move(busy_peers)),
      thread_([this] { Run(); }) {}

ConnectionAcceptor::~ConnectionAcceptor() {
  const uint64_t one = 1;
  // An eventfd at 0 takes it.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
  thread_.join();
  close(listener_);
  close(wake_);
}

void ConnectionAcceptor::Run() {
  pollfd waiting[] = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
  while (true) {
    if (poll(waiting, 2, -1) < 0) continue;  // EINTR
    if (waiting[0].revents != 0) return;
    AcceptOne();
  }
}

void ConnectionAcceptor::AcceptOne() {
  const int fd = Accept(listener_);
  if (fd < 0) {
    if (!OutOfDescriptors(errno)) return;  // the peer is gone already
    RefuseWithoutDescriptor();
    pollfd end = {wake_, POLLIN, 0};
    poll(&end, 1, kWithoutDescriptorPauseMs);
    return;
  }
  if (!connections_.Admit(fd)) {
    close(fd);
    return;
  }
  // As gRPC does with those that it accepts itself; a Unix socket has no such option.
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  hand_over_(fd);
}

void ConnectionAcceptor::RefuseWithoutDescriptor() {
  spare_.Release();
  connections_.MakeRoom();  // needs one for a moment
  spare_.Refuse(listener_, [](int) {});
}

}  // namespace tandem::common
