// A library to preload (LD_PRELOAD) into a program so that each fsync and fdatasync takes
// TANDEM_SYNC_DELAY_US microseconds longer, as on a disk that acknowledges later than this one.
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace {

using Sync = int (*)(int);

Sync Real(const char* name) { return reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name)); }

// After the real call: the data is where it was to go, only the word of it comes later.
int Later(int result) {
  static const char* const text = std::getenv("TANDEM_SYNC_DELAY_US");
  static const long delay_us = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  timespec pause = {delay_us / 1'000'000, delay_us % 1'000'000 * 1'000};
  while (nanosleep(&pause, &pause) != 0) {
  }
  return result;
}

}  // namespace

extern "C" int fsync(int fd) {
  static const Sync real = Real("fsync");
  return Later(real(fd));
}

extern "C" int fdatasync(int fd) {
  static const Sync real = Real("fdatasync");
  return Later(real(fd));
}
