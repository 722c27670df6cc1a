// A folder of a test's own, removed with everything in it when the object ends.

#ifndef TANDEM_BASE_TEMP_DIR_H_
#define TANDEM_BASE_TEMP_DIR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::base {

// Made under $TEST_TMPDIR (or $TMPDIR, or /tmp). Ends the process if it cannot be made, so a test
// never writes anywhere else.
class TempDir {
 public:
  TempDir();
  ~TempDir();

  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  // Absolute, without a slash at the end.
  const std::string& path() const { return path_; }

  // The path of `name`, which may contain slashes, inside the folder. Makes nothing.
  std::string Join(absl::string_view name) const;

 private:
  std::string path_;
};

}  // namespace tandem::base

#endif  // TANDEM_BASE_TEMP_DIR_H_
