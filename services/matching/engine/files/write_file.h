// Replaces a file as a whole. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_WRITE_FILE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_WRITE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tandem::engine::files {

// Where the text of `path` is written before it takes its place.
std::string UnfinishedPath(const std::string& path);

// Writes `text` beside `path` and renames it there, so that a reader, or a failure on the way,
// never meets half a file. An existing target that is no ordinary file (a pipe, /dev/stdout) is
// written directly. An error names `path` and the reason, and leaves the old file.
absl::Status WriteWholeFile(const std::string& path, absl::string_view text);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_WRITE_FILE_H_
