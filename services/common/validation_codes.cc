// Codes of validation.h.
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/common/validation.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxTagBytes = 35;  // RFC 5646, 4.4.1
constexpr size_t kMaxSubtagBytes = 8;
constexpr size_t kMaxZoneBytes = 64;

bool IsSubtag(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxSubtagBytes &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c); });
}

// The tag as RFC 5646, 2.1.1 writes it: "pt-BR", "fr-Latn-CA". Decisions compare tags as they are.
std::string CanonicalTag(const std::vector<absl::string_view>& subtags) {
  std::string tag = absl::AsciiStrToLower(subtags[0]);
  bool extension = false;  // Behind a subtag of one character all is in lower case.
  for (size_t i = 1; i < subtags.size(); ++i) {
    std::string subtag = absl::AsciiStrToLower(subtags[i]);
    extension = extension || subtag.size() == 1;
    if (!extension && subtag.size() == 2) subtag = absl::AsciiStrToUpper(subtag);
    if (!extension && subtag.size() == 4) subtag[0] = absl::ascii_toupper(subtag[0]);
    absl::StrAppend(&tag, "-", subtag);
  }
  return tag;
}

// Abseil remembers every name that it was asked for and takes paths too, so only names of existing
// zone files get there.
bool IsZoneFile(absl::string_view zone) {
  const bool plain = std::all_of(zone.begin(), zone.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
  if (!plain || zone.size() > kMaxZoneBytes || zone[0] == '/' || zone == "localtime") return false;
  const char* folder = std::getenv("TZDIR");
  struct stat file = {};
  const std::string path =
      absl::StrCat(folder == nullptr ? "/usr/share/zoneinfo" : folder, "/", zone);
  return stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode);
}

// Zones that were found before: a file that is there once stays in use, whatever becomes of it,
// since Abseil keeps what it has loaded. Only names of real files get in, so there are few.
class FoundZones {
 public:
  bool Has(absl::string_view zone) {
    absl::MutexLock lock(&mutex_);
    return zones_.contains(zone);
  }
  void Add(absl::string_view zone) {
    absl::MutexLock lock(&mutex_);
    zones_.emplace(zone);
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> zones_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

void CheckCode(absl::string_view code, const CodeList& list, Presence presence,
               absl::string_view path, FieldViolations* violations) {
  if (code.empty()) {
    if (presence == Presence::kRequired) violations->Add(path, "is required");
    return;
  }
  if (list.Contains(code)) return;
  const std::string nearest = list.Nearest(code);
  const std::string help = !nearest.empty() ? absl::StrCat("; did you mean \"", nearest, "\"?")
                           : list.source().empty() ? ""
                                                   : absl::StrCat(": see ", list.source());
  violations->Add(path, absl::StrCat("is not a known ", list.what(), " code", help));
}

void CheckLanguageTag(absl::string_view tag, const CodeList& languages, absl::string_view path,
                      FieldViolations* violations) {
  const std::vector<absl::string_view> subtags =
      absl::StrSplit(tag.substr(0, kMaxTagBytes + 1), '-');
  const bool well_formed =
      tag.size() <= kMaxTagBytes && std::all_of(subtags.begin(), subtags.end(), IsSubtag);
  if (tag.empty()) {
    violations->Add(path, "is required");
  } else if (!well_formed) {
    violations->Add(path, "must be a BCP 47 tag, such as \"fr\" or \"pt-BR\"");
  } else {
    CheckCode(subtags[0], languages, Presence::kRequired, path, violations);
    const std::string canonical = CanonicalTag(subtags);
    if (languages.Contains(subtags[0]) && tag != canonical) {
      violations->Add(path,
                      absl::StrCat("is not written as usual; did you mean \"", canonical, "\"?"));
    }
  }
}

void CheckTimeZone(absl::string_view zone, Presence presence, absl::string_view path,
                   FieldViolations* violations) {
  if (zone.empty()) {
    if (presence == Presence::kRequired) violations->Add(path, "is required");
    return;
  }
  static FoundZones* const found = new FoundZones;
  if (found->Has(zone)) return;
  absl::TimeZone loaded;
  if (!IsZoneFile(zone) || !absl::LoadTimeZone(zone, &loaded)) {
    violations->Add(path, "must be an IANA time zone, such as \"Africa/Maseru\"");
    return;
  }
  found->Add(zone);
}

}  // namespace tandem::common
