#include "services/matching/cohorts/cohort_table.h"

#include <set>
#include <string>

#include "services/common/validation.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {
namespace {

using ::tandem::common::FieldViolations;
using ::tandem::common::Presence;

constexpr int kMaxDisplayName = 200;
constexpr int64_t kFirstSecond = -2'208'988'800;  // 1900-01-01
constexpr int64_t kLastSecond = 7'258'118'399;    // 2199-12-31

// A policy that is named must exist when the cohort is written.
absl::Status CheckPolicy(const storage::Snapshot& snapshot, const v1::Cohort& cohort,
                         FieldViolations* violations) {
  if (cohort.policy().empty()) return absl::OkStatus();
  const auto version = ParsePolicyName(cohort.policy());
  if (!version.has_value()) return absl::OkStatus();  // reported by ValidateCohort
  TANDEM_ASSIGN_OR_RETURN(const Stored<v1::Policy> policy,
                          ReadRecord<v1::Policy>(snapshot, PolicyKey(*version)));
  if (policy.revision == 0) violations->Add("policy", "does not exist: create it first");
  return absl::OkStatus();
}

class CohortHooks : public common::ResourceHooks<v1::Cohort> {
 public:
  absl::Status Validate(const common::CallContext&, const storage::Snapshot& snapshot,
                        const v1::Cohort*, const v1::Cohort& next,
                        FieldViolations* violations) const override {
    violations->AddAll("", ValidateCohort(next));
    return CheckPolicy(snapshot, next, violations);
  }
};

}  // namespace

std::unique_ptr<CohortTable> MakeCohortTable(common::ResourceStore* resources) {
  common::ResourceSpec spec;
  spec.collection = "cohorts";
  spec.field = "cohort";
  spec.plural = "cohorts";
  spec.output_only = {"latest_run"};
  spec.filter_fields = {"external_id", "programme"};
  return std::make_unique<CohortTable>(resources, std::move(spec), std::make_unique<CohortHooks>());
}

FieldViolations ValidateCohort(const v1::Cohort& cohort) {
  FieldViolations violations;
  common::CheckExternalId(cohort.external_id(), Presence::kOptional, "external_id", &violations);
  common::CheckDisplayName(cohort.display_name(), kMaxDisplayName, Presence::kRequired,
                           "display_name", &violations);
  const bool named = cohort.engagement_requests_size() > 0;
  common::CheckResourceName(cohort.programme(), "programmes",
                            named ? Presence::kOptional : Presence::kRequired, "programme",
                            &violations);
  common::CheckCount(cohort.engagement_requests_size(), kMaxCohortRequests, "engagement_requests",
                     &violations);
  std::set<std::string> seen;
  for (int i = 0; i < cohort.engagement_requests_size(); ++i) {
    const std::string path = common::IndexPath("engagement_requests", i);
    common::CheckResourceName(cohort.engagement_requests(i), "engagementRequests",
                              Presence::kRequired, path, &violations);
    common::CheckUnique(cohort.engagement_requests(i), path, &seen, &violations);
  }
  if (!cohort.policy().empty() && !ParsePolicyName(cohort.policy()).has_value()) {
    violations.Add("policy", "must be of the form \"policies/POLICY/versions/N\"");
  }
  if (cohort.has_decision_time()) {
    common::CheckRange(cohort.decision_time().seconds(), kFirstSecond, kLastSecond,
                       "decision_time.seconds", &violations);
    common::CheckRange(cohort.decision_time().nanos(), 0, 999'999'999, "decision_time.nanos",
                       &violations);
  }
  return violations;
}

}  // namespace tandem::matching
