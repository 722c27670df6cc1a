#include "services/matching/engine/files/write_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace tandem::engine::files {
namespace {

absl::Status WriteTo(const std::string& path, absl::string_view text, const std::string& shown) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", shown));
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int write_error = errno;
  const bool closed = std::fclose(file) == 0;
  if (written && closed) return absl::OkStatus();
  return absl::ErrnoToStatus(written ? errno : write_error, absl::StrCat("cannot write ", shown));
}

}  // namespace

std::string UnfinishedPath(const std::string& path) { return absl::StrCat(path, ".new"); }

absl::Status WriteWholeFile(const std::string& path, absl::string_view text) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) return WriteTo(path, text, path);
  const std::string beside = UnfinishedPath(path);
  absl::Status status = WriteTo(beside, text, path);
  if (status.ok() && std::rename(beside.c_str(), path.c_str()) != 0) {
    status = absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
  }
  if (!status.ok()) std::remove(beside.c_str());
  return status;
}

}  // namespace tandem::engine::files
