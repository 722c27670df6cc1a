// Cohorts as resources, with the rules that their content keeps.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_COHORT_TABLE_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_COHORT_TABLE_H_

#include <memory>

#include "services/common/errors.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

using CohortTable = common::ResourceTable<v1::Cohort>;

// The most requests that a cohort may name.
inline constexpr int kMaxCohortRequests = 10'000;

// `resources` must outlive the table.
std::unique_ptr<CohortTable> MakeCohortTable(common::ResourceStore* resources);

// Names every field of `cohort` that is not as cohort.proto says, relative to the cohort.
common::FieldViolations ValidateCohort(const v1::Cohort& cohort);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_COHORT_TABLE_H_
