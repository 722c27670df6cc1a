// The rules that a request for an engagement keeps, and what it may refer to. Thread-safe.
#ifndef SERVICES_NEEDS_ENGAGEMENT_REQUEST_RULES_H_
#define SERVICES_NEEDS_ENGAGEMENT_REQUEST_RULES_H_

#include <memory>

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_table.h"
#include "services/needs/helped_organisations.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::needs {

// Adds every rule of engagement_request.proto that `request` breaks by itself.
void CheckEngagementRequest(const v1::EngagementRequest& request,
                            const common::ReferenceData& reference,
                            common::FieldViolations* violations);

// Checks besides that the programme and the items exist, and that each item is of one of the
// request's organisations, and that organisations can be helped, but for those that were the
// request's already. Mentors belong to another service: only the form of their names is checked.
class EngagementRequestHooks final : public common::ResourceHooks<v1::EngagementRequest> {
 public:
  // The tables must outlive the hooks.
  EngagementRequestHooks(std::shared_ptr<const common::ReferenceData> reference,
                         const common::ResourceTable<v1::Programme>* programmes,
                         const common::ResourceTable<v1::Assessment>* assessments,
                         std::shared_ptr<HelpedOrganisations> helped)
      : reference_(std::move(reference)),
        programmes_(programmes),
        assessments_(assessments),
        helped_(std::move(helped)) {}

  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::EngagementRequest* previous, const v1::EngagementRequest& next,
                        common::FieldViolations* violations) const override;

 private:
  absl::Status CheckHelped(const common::CallContext& call, const v1::EngagementRequest* previous,
                           const v1::EngagementRequest& next,
                           common::FieldViolations* violations) const;
  absl::Status CheckItems(const common::CallContext& call, const storage::Snapshot& snapshot,
                          const v1::EngagementRequest& request,
                          common::FieldViolations* violations) const;

  const std::shared_ptr<const common::ReferenceData> reference_;
  const common::ResourceTable<v1::Programme>* const programmes_;
  const common::ResourceTable<v1::Assessment>* const assessments_;
  const std::shared_ptr<HelpedOrganisations> helped_;
};

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_ENGAGEMENT_REQUEST_RULES_H_
