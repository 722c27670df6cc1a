#include "services/profiles/identity/raw_bytes.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tandem::profiles {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> FilesOf(const std::string& folder) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ContentOf(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.is_open() && fs::exists(file)) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    std::abort();
  }
  return content;
}

}  // namespace

std::vector<std::string> FilesContaining(const std::string& folder, absl::string_view needle) {
  std::vector<std::string> found;
  const std::string text(needle);
  for (const std::string& file : FilesOf(folder)) {
    const bool in_name = fs::path(file).filename().string().find(text) != std::string::npos;
    if (in_name || ContentOf(file).find(text) != std::string::npos) found.push_back(file);
  }
  return found;
}

int CountFiles(const std::string& folder) { return static_cast<int>(FilesOf(folder).size()); }

}  // namespace tandem::profiles
