#include "services/common/reference_data.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace tandem::common {
namespace {

namespace fs = std::filesystem;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int64_t kMaxFileBytes = 16 << 20;
constexpr char kReferencePath[] = "tools/reference";
constexpr char kReferenceFile[] = "topics.json";

absl::StatusOr<Struct> ParseJson(const std::string& path, const std::string& text) {
  Struct parsed;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &parsed);
  if (status.ok()) return parsed;
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is no JSON object: ", std::string(status.message())));
}

// The text under `key`, "" when it is not there.
std::string Text(const Struct& object, const std::string& key) {
  const auto found = object.fields().find(key);
  return found == object.fields().end() ? "" : found->second.string_value();
}

// The objects in the list `key` of the file at `path`.
absl::StatusOr<std::vector<Struct>> Entries(const std::string& path, const Struct& file,
                                            const std::string& key) {
  const auto list = file.fields().find(key);
  if (list == file.fields().end() || list->second.list_value().values().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has no list \"", key, "\""));
  }
  std::vector<Struct> entries;
  for (const Value& value : list->second.list_value().values()) {
    entries.push_back(value.struct_value());
  }
  return entries;
}

// Adds the entries of the file at `path`: the first of `code_keys` that an entry has is its code.
absl::Status AddEntries(const std::string& path, const Struct& file, const std::string& list,
                        const std::vector<std::string>& code_keys, const std::string& title_key,
                        CodeList* codes) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Struct> entries, Entries(path, file, list));
  for (size_t i = 0; i < entries.size(); ++i) {
    std::string code;
    for (const std::string& key : code_keys) {
      if (code.empty()) code = Text(entries[i], key);
    }
    if (code.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": entry ", i + 1, " of \"", list, "\" has no code"));
    }
    codes->Add(code, Text(entries[i], title_key));
  }
  return absl::OkStatus();
}

absl::Status AddIsoFile(const std::string& folder, const std::string& name, const std::string& list,
                        const std::vector<std::string>& code_keys, CodeList* codes) {
  const std::string path = absl::StrCat(folder, "/", name);
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(path, kMaxFileBytes));
  TANDEM_ASSIGN_OR_RETURN(const Struct file, ParseJson(path, text));
  return AddEntries(path, file, list, code_keys, "name", codes);
}

absl::Status AddOwnFile(const std::string& folder, const std::string& name, const std::string& list,
                        CodeList* codes, std::map<std::string, std::string>* digests) {
  const std::string path = absl::StrCat(folder, "/", name);
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(path, kMaxFileBytes));
  TANDEM_ASSIGN_OR_RETURN(const Struct file, ParseJson(path, text));
  (*digests)[name] = base::Sha256Hex(text);
  return AddEntries(path, file, list, {"code"}, "title", codes);
}

// `start` or a folder above it that holds the reference data; "" when there is none.
std::string FindAbove(fs::path start) {
  std::error_code ignored;
  for (; !start.empty(); start = start.parent_path()) {
    const fs::path folder = start / kReferencePath;
    if (fs::exists(folder / kReferenceFile, ignored)) return folder.string();
    if (start == start.parent_path()) break;
  }
  return "";
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ReferenceData>> ReferenceData::Load(const std::string& folder,
                                                                         const std::string& iso) {
  std::string own = folder;
  if (own.empty()) {
    TANDEM_ASSIGN_OR_RETURN(own, DefaultReferenceFolder());
  }
  std::shared_ptr<ReferenceData> data(new ReferenceData());
  TANDEM_RETURN_IF_ERROR(
      AddIsoFile(iso, "iso_3166-1.json", "3166-1", {"alpha_2"}, &data->countries_));
  TANDEM_RETURN_IF_ERROR(AddIsoFile(iso, "iso_15924.json", "15924", {"alpha_4"}, &data->scripts_));
  // BCP 47 takes the two letters where a language has them.
  TANDEM_RETURN_IF_ERROR(
      AddIsoFile(iso, "iso_639-2.json", "639-2", {"alpha_2", "alpha_3"}, &data->languages_));
  TANDEM_RETURN_IF_ERROR(
      AddIsoFile(iso, "iso_639-3.json", "639-3", {"alpha_2", "alpha_3"}, &data->languages_));
  std::map<std::string, std::string>* digests = &data->digests_;
  TANDEM_RETURN_IF_ERROR(AddOwnFile(own, "topics.json", "entries", &data->topics_, digests));
  TANDEM_RETURN_IF_ERROR(AddOwnFile(own, "ics_fields.json", "entries", &data->topics_, digests));
  TANDEM_RETURN_IF_ERROR(AddOwnFile(own, "development_contexts.json", "contexts",
                                    &data->development_contexts_, digests));
  TANDEM_RETURN_IF_ERROR(
      AddOwnFile(own, "regional_bodies.json", "entries", &data->regional_bodies_, digests));
  return std::shared_ptr<const ReferenceData>(std::move(data));
}

absl::StatusOr<std::string> DefaultReferenceFolder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path runfiles = fs::path(program.string() + ".runfiles") / "tandem" / kReferencePath;
  if (fs::exists(runfiles / kReferenceFile, error)) return runfiles.string();
  std::string folder = FindAbove(program.parent_path());
  if (folder.empty()) folder = FindAbove(fs::current_path(error));
  if (!folder.empty()) return folder;
  return absl::NotFoundError(
      absl::StrCat("the reference data is not found: pass --reference with "
                   "the folder that holds ",
                   kReferenceFile));
}

}  // namespace tandem::common
