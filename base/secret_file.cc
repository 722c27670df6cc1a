#include "base/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tandem::base {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOfOthers = 0077;
constexpr size_t kMaxBytes = 16 << 10;

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path));
}

// The name of a new file is durable once its folder is.
absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open the folder of", path);
  const int synced = fsync(descriptor);
  const absl::Status status = synced == 0 ? absl::OkStatus() : Failed("sync the folder of", path);
  close(descriptor);
  return status;
}

absl::StatusOr<std::string> ReadDescriptor(int descriptor, const std::string& path) {
  const bool terminal = isatty(descriptor) == 1;
  std::string bytes;
  char buffer[4096];
  while (bytes.size() <= kMaxBytes && !(terminal && absl::EndsWith(bytes, "\n"))) {
    const ssize_t count = read(descriptor, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("read", path);
    if (count == 0) break;
    bytes.append(buffer, static_cast<size_t>(count));
  }
  return bytes;
}

absl::StatusOr<std::string> SecretIn(absl::string_view bytes, const std::string& path) {
  absl::ConsumeSuffix(&bytes, "\n");
  absl::ConsumeSuffix(&bytes, "\r");
  const bool one = std::all_of(bytes.begin(), bytes.end(),
                               [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (bytes.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is empty, and should hold a secret"));
  }
  if (one && bytes.size() <= kMaxBytes) return std::string(bytes);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": must hold one secret of printable characters and nothing else"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SecretFile>> SecretFile::Create(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (descriptor >= 0) return std::unique_ptr<SecretFile>(new SecretFile(path, descriptor));
  if (errno != EEXIST) return Failed("make", path);
  return absl::AlreadyExistsError(absl::StrCat(
      path, " exists already and is not overwritten: choose another file, or remove it first"));
}

SecretFile::~SecretFile() {
  close(descriptor_);
  if (!kept_) unlink(path_.c_str());
}

absl::Status SecretFile::Write(absl::string_view secret) {
  const std::string line = absl::StrCat(secret, "\n");
  size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = write(descriptor_, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("write", path_);
    written += static_cast<size_t>(count);
  }
  if (fsync(descriptor_) != 0) return Failed("write", path_);
  return SyncFolderOf(path_);
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open", path);
  struct stat facts = {};
  absl::StatusOr<std::string> bytes;
  if (fstat(descriptor, &facts) != 0) {
    bytes = Failed("read", path);
  } else if (S_ISDIR(facts.st_mode)) {
    bytes = absl::InvalidArgumentError(absl::StrCat(path, ": this is a folder, not a file"));
  } else if (S_ISREG(facts.st_mode) && (facts.st_mode & kOfOthers) != 0) {
    bytes = absl::PermissionDeniedError(
        absl::StrCat(path, ": others than its owner may use this file: run \"chmod 600 ", path,
                     "\", and replace the secret if somebody may have read it"));
  } else {
    bytes = ReadDescriptor(descriptor, path);
  }
  close(descriptor);
  if (!bytes.ok()) return bytes;
  return SecretIn(*bytes, path);
}

}  // namespace tandem::base
