#include "services/matching/index/regions.h"

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace tandem::matching {
namespace {

using ::google::protobuf::Struct;
using ::google::protobuf::Value;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("regions.json: ", what, "; see tools/reference/README.md"));
}

absl::StatusOr<std::vector<std::string>> CountriesOf(const Value& entry) {
  const auto& fields = entry.struct_value().fields();
  const auto countries = fields.find("countries");
  if (countries == fields.end() || countries->second.list_value().values().empty()) {
    return Malformed("an entry has no countries");
  }
  std::vector<std::string> result;
  for (const Value& country : countries->second.list_value().values()) {
    if (country.string_value().size() != 2) return Malformed("a country is no two-letter code");
    result.push_back(country.string_value());
  }
  return result;
}

}  // namespace

absl::StatusOr<Regions> Regions::Load(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/regions.json");
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        path, " cannot be read: pass the folder of the reference data with --reference"));
  }
  std::ostringstream content;
  content << file.rdbuf();
  return Parse(content.str());
}

absl::StatusOr<Regions> Regions::Parse(const std::string& json) {
  Struct root;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &root);
  if (!parsed.ok()) return Malformed("is not valid JSON");
  const auto entries = root.fields().find("entries");
  if (entries == root.fields().end()) return Malformed("has no entries");
  Regions regions;
  for (const Value& entry : entries->second.list_value().values()) {
    TANDEM_ASSIGN_OR_RETURN(std::vector<std::string> countries, CountriesOf(entry));
    for (const std::string& country : countries) {
      regions.regions_of_country_.emplace(country, regions.regions_.size());
    }
    regions.regions_.push_back(std::move(countries));
  }
  regions.digest_ = base::Sha256Hex(json);
  return regions;
}

std::vector<std::string> Regions::CountriesAround(absl::string_view country) const {
  std::set<std::string> around;
  const auto [begin, end] = regions_of_country_.equal_range(std::string(country));
  for (auto it = begin; it != end; ++it) {
    around.insert(regions_[it->second].begin(), regions_[it->second].end());
  }
  return {around.begin(), around.end()};
}

}  // namespace tandem::matching
