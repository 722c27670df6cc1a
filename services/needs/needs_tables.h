// The tables of the needs service over one store. Thread-safe.
#ifndef SERVICES_NEEDS_NEEDS_TABLES_H_
#define SERVICES_NEEDS_NEEDS_TABLES_H_

#include <memory>

#include "services/common/reference_data.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "services/needs/helped_organisations.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::needs {

struct NeedsTables {
  NeedsTables(std::unique_ptr<common::ResourceStore> store,
              const std::shared_ptr<const common::ReferenceData>& reference,
              const std::shared_ptr<HelpedOrganisations>& helped);
  NeedsTables(const NeedsTables&) = delete;
  NeedsTables& operator=(const NeedsTables&) = delete;

  const std::unique_ptr<common::ResourceStore> store;
  common::ResourceTable<v1::Programme> programmes;
  common::ResourceTable<v1::Assessment> assessments;
  common::ResourceTable<v1::EngagementRequest> requests;
};

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_NEEDS_TABLES_H_
