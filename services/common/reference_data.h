// The closed lists that codes in requests are checked against: countries, languages and scripts
// from Debian's iso-codes, and our own versioned files in tools/reference (topics, development
// contexts, regional bodies, ICS fields).
//
// Loaded once at start; immutable and thread-safe from then on.
#ifndef SERVICES_COMMON_REFERENCE_DATA_H_
#define SERVICES_COMMON_REFERENCE_DATA_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/code_list.h"

namespace tandem::common {

inline constexpr char kIsoCodesFolder[] = "/usr/share/iso-codes/json";

class ReferenceData {
 public:
  // Reads both folders. An empty `folder` means DefaultReferenceFolder(). Errors name the file:
  // NOT_FOUND, INVALID_ARGUMENT (not the expected JSON).
  static absl::StatusOr<std::shared_ptr<const ReferenceData>> Load(
      const std::string& folder, const std::string& iso_codes_folder = kIsoCodesFolder);

  const CodeList& countries() const { return countries_; }  // ISO 3166-1 alpha-2
  const CodeList& languages() const { return languages_; }  // ISO 639: two letters, else three
  const CodeList& scripts() const { return scripts_; }      // ISO 15924
  const CodeList& topics() const { return topics_; }        // ours and ICS fields
  const CodeList& development_contexts() const { return development_contexts_; }
  const CodeList& regional_bodies() const { return regional_bodies_; }

  // SHA-256 in hexadecimal of each of our own files, by file name: what a decision records.
  const std::map<std::string, std::string>& digests() const { return digests_; }

 private:
  ReferenceData() = default;

  CodeList countries_{"country", "ISO 3166-1 alpha-2, such as KE"};
  CodeList languages_{"language", "ISO 639, such as fr"};
  CodeList scripts_{"script", "ISO 15924, such as Arab"};
  CodeList topics_{"topic", "tools/reference/topics.json, such as metrology.legal"};
  CodeList development_contexts_{"development context",
                                 "tools/reference/development_contexts.json, such as ldc"};
  CodeList regional_bodies_{"regional body", "tools/reference/regional_bodies.json, such as ARSO"};
  std::map<std::string, std::string> digests_;
};

// tools/reference, looked for in the runfiles of the program, in the folders above the program, and
// in those above the current folder. NOT_FOUND when it is nowhere: pass --reference.
absl::StatusOr<std::string> DefaultReferenceFolder();

}  // namespace tandem::common

#endif  // SERVICES_COMMON_REFERENCE_DATA_H_
