// Which rules excluded a pair in a run, on the data of that time: the profile, the request and the
// organisations are read again at the revisions that the run recorded.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_RULES_AT_RUN_H_
#define TANDEM_SERVICES_MATCHING_RUNS_RULES_AT_RUN_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/channel.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/time/zone_table.h"
#include "services/matching/index/regions.h"
#include "services/matching/policies/policy_store.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

// Nothing is owned; everything must outlive its users. The channels are set once Follow was called.
struct PastSources {
  common::ResourceStore* resources = nullptr;
  const PolicyStore* policies = nullptr;
  const engine::ZoneTable* zones = nullptr;
  const Regions* regions = nullptr;
  std::shared_ptr<grpc::Channel> profiles;
  std::shared_ptr<grpc::Channel> needs;
};

// The verdicts of the broken rules. NOT_FOUND when the mentor or need did not exist then;
// OUT_OF_RANGE when a revision is no longer kept; UNAVAILABLE when a service cannot be reached.
absl::StatusOr<std::vector<engine::Verdict>> BrokenRulesAtRun(const PastSources& sources,
                                                              const common::CallContext& call,
                                                              const v1::CohortRun& run,
                                                              absl::string_view need,
                                                              absl::string_view mentor);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_RULES_AT_RUN_H_
