// Files that hold one secret (an access token, the code of an invitation): nobody but their owner
// may read them.
//
//   TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<SecretFile> file, SecretFile::Create(path));
//   ... get the secret: it has a place now, and cannot be lost for want of one ...
//   TANDEM_RETURN_IF_ERROR(file->Write(secret));
//   file->Keep();
//
// No error repeats what a file holds. Not thread-safe.

#ifndef TANDEM_BASE_SECRET_FILE_H_
#define TANDEM_BASE_SECRET_FILE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::base {

class SecretFile {
 public:
  // Makes an empty file that only its owner reads and writes (mode 0600). ALREADY_EXISTS: something
  // has that name, even a link that leads nowhere; NOT_FOUND, PERMISSION_DENIED and so on as the
  // system says. Each names `path`.
  static absl::StatusOr<std::unique_ptr<SecretFile>> Create(const std::string& path);
  // Removes the file unless it was to be kept.
  ~SecretFile();
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  // Writes `secret` and a line break, durably. Once.
  absl::Status Write(absl::string_view secret);
  void Keep() { kept_ = true; }

 private:
  SecretFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  const std::string path_;
  const int descriptor_;
  bool kept_ = false;
};

// The secret in a file: printable ASCII without spaces, at most 16 KiB, with or without a line
// break behind it. Of a terminal the next line; of a pipe all that comes. INVALID_ARGUMENT: it is
// empty, holds more than a secret, or is a folder; PERMISSION_DENIED: others may read it, too, or
// the system says so; NOT_FOUND. Each names `path` and what to do.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

}  // namespace tandem::base

#endif  // TANDEM_BASE_SECRET_FILE_H_
