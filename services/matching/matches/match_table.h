// Matches as resources: how they are stored, listed and found.
#ifndef TANDEM_SERVICES_MATCHING_MATCHES_MATCH_TABLE_H_
#define TANDEM_SERVICES_MATCHING_MATCHES_MATCH_TABLE_H_

#include <memory>

#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

using MatchTable = common::ResourceTable<v1::Match>;

// `resources` must outlive the table.
std::unique_ptr<MatchTable> MakeMatchTable(common::ResourceStore* resources);

// The name of the match that a run proposes for a pair: equal runs name equal matches.
std::string MatchName(absl::string_view run, absl::string_view need, absl::string_view mentor);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_MATCHES_MATCH_TABLE_H_
