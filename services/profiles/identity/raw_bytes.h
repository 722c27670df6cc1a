// Looks for bytes in the raw content of every file of a folder, for tests of what files give away.
#ifndef SERVICES_PROFILES_IDENTITY_RAW_BYTES_H_
#define SERVICES_PROFILES_IDENTITY_RAW_BYTES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::profiles {

// The files under `folder` whose name or content contains `needle`, sorted. Ends the process when a
// file that stays cannot be read: a search that skips files proves nothing.
std::vector<std::string> FilesContaining(const std::string& folder, absl::string_view needle);

// How many files there are, to show that a search had something to search.
int CountFiles(const std::string& folder);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_RAW_BYTES_H_
