#include "tools/benchmarks/slow_disk.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"

namespace tandem::benchmarks {
namespace {

constexpr char kDelay[] = "TANDEM_SYNC_DELAY_US";
constexpr char kLibrary[] = "libsync_delay.so";

}  // namespace

absl::Status DelaySyncs(int64_t delay_us, char** argv) {
  const std::string delay = absl::StrCat(delay_us);
  if (const char* set = std::getenv(kDelay); set != nullptr && set == delay) {
    return absl::OkStatus();
  }
  const std::filesystem::path self = std::filesystem::canonical("/proc/self/exe");
  const std::string library = self.parent_path() / kLibrary;
  if (!std::filesystem::exists(library)) {
    return absl::NotFoundError(absl::StrCat(library, " is missing: build it"));
  }
  setenv(kDelay, delay.c_str(), 1);
  setenv("LD_PRELOAD", library.c_str(), 1);
  execv(self.c_str(), argv);
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot start ", self.string(), " anew"));
}

}  // namespace tandem::benchmarks
