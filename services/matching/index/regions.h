// Which countries lie in the same region, for regional experience: regions.json of the reference
// data. Immutable; thread-safe.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_REGIONS_H_
#define TANDEM_SERVICES_MATCHING_INDEX_REGIONS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::matching {

class Regions {
 public:
  // No regions: no country has neighbours.
  Regions() = default;

  // Reads "regions.json" in `folder`. NOT_FOUND without the file; INVALID_ARGUMENT naming what is
  // not as its README says.
  static absl::StatusOr<Regions> Load(const std::string& folder);

  // Reads the content of such a file.
  static absl::StatusOr<Regions> Parse(const std::string& json);

  // The countries of all regions that `country` stands in, itself included; none if unknown.
  std::vector<std::string> CountriesAround(absl::string_view country) const;

  // SHA-256 of what was read, in hexadecimal: decisions record it. Empty without regions.
  const std::string& digest() const { return digest_; }

 private:
  std::vector<std::vector<std::string>> regions_;
  std::multimap<std::string, size_t> regions_of_country_;
  std::string digest_;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_REGIONS_H_
