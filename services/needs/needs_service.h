// The needs service: programmes with their results framework, needs assessments with their items,
// and requests for engagements, kept in one store. See protos/tandem/needs/v1/needs_service.proto
// for what each method does.
//
//   MethodRegistry registry;
//   TANDEM_RETURN_IF_ERROR(RegisterNeedsService(registry, store, reference, helped));
//   ...
//   helped->AskAt(channel_to_profiles);
#ifndef SERVICES_NEEDS_NEEDS_SERVICE_H_
#define SERVICES_NEEDS_NEEDS_SERVICE_H_

#include <memory>

#include "absl/status/status.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/needs/helped_organisations.h"
#include "storage/store.h"

namespace tandem::needs {

// Adds all methods of tandem.needs.v1.NeedsService to `registry`, served from `store`, which must
// be the service's own. `helped` tells which organisations can be helped; null, and as long as it
// has nobody to ask, only the form of their names is checked. Errors: those of ResourceStore::Open.
absl::Status RegisterNeedsService(common::MethodRegistry& registry,
                                  std::shared_ptr<storage::Store> store,
                                  std::shared_ptr<const common::ReferenceData> reference,
                                  std::shared_ptr<HelpedOrganisations> helped = nullptr);

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_NEEDS_SERVICE_H_
