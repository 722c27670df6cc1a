#include "services/profiles/identity/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace tandem::profiles {

namespace {

constexpr size_t kHexDigits = 2 * Secret::kBytes;

absl::Status FileError(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

absl::StatusOr<std::string> ReadDigits(const std::string& path) {
  File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return FileError("read the master key", path);
  struct stat info = {};
  if (fstat(file.descriptor(), &info) != 0) return FileError("inspect the master key", path);
  if ((info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("the master key ", path, " may be read by others than its owner; run: chmod ",
                     "600 ", path));
  }
  std::string digits(kHexDigits + 2, '\0');
  const ssize_t count = read(file.descriptor(), &digits[0], digits.size());
  if (count < 0) return FileError("read the master key", path);
  digits.resize(static_cast<size_t>(count));
  return digits;
}

bool IsHex(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

absl::Status WriteDurably(const std::string& path, absl::string_view content) {
  unlink(path.c_str());  // what a start that was cut off left
  File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.ok()) return FileError("create the master key", path);
  const ssize_t count = write(file.descriptor(), content.data(), content.size());
  if (count != static_cast<ssize_t>(content.size()) || fsync(file.descriptor()) != 0) {
    if (count >= 0 && errno == 0) errno = ENOSPC;
    return FileError("write the master key", path);
  }
  return absl::OkStatus();
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

absl::StatusOr<Secret> ReadMasterKey(const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(std::string digits, ReadDigits(path));
  const absl::string_view stripped = absl::StripTrailingAsciiWhitespace(digits);
  if (stripped.size() != kHexDigits || !IsHex(stripped)) {
    Wipe(&digits);
    return absl::DataLossError(absl::StrCat("the master key ", path, " does not hold ", kHexDigits,
                                            " hexadecimal digits; restore it from its backup"));
  }
  std::string bytes = absl::HexStringToBytes(stripped);
  absl::StatusOr<Secret> secret = Secret::FromBytes(bytes);
  Wipe(&bytes);
  Wipe(&digits);
  return secret;
}

absl::StatusOr<Secret> CreateMasterKey(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(absl::StrCat("the master key ", path, " is there already"));
  }
  TANDEM_ASSIGN_OR_RETURN(Secret secret, Secret::Random());
  std::string content = absl::StrCat(absl::BytesToHexString(secret.bytes()), "\n");
  const std::string draft = absl::StrCat(path, ".new");
  errno = 0;
  const absl::Status written = WriteDurably(draft, content);
  Wipe(&content);
  TANDEM_RETURN_IF_ERROR(written);
  if (rename(draft.c_str(), path.c_str()) != 0) return FileError("rename the master key to", path);
  TANDEM_RETURN_IF_ERROR(SyncFolder(ParentOf(path)));
  return secret;
}

absl::Status SyncFolder(const std::string& folder) {
  File file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.ok() || fsync(file.descriptor()) != 0) return FileError("sync the folder", folder);
  return absl::OkStatus();
}

}  // namespace tandem::profiles
