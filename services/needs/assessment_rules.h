// The rules that a needs assessment keeps, and what it may refer to. Thread-safe.
#ifndef SERVICES_NEEDS_ASSESSMENT_RULES_H_
#define SERVICES_NEEDS_ASSESSMENT_RULES_H_

#include <memory>

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_table.h"
#include "services/needs/helped_organisations.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::needs {

// Adds every rule of assessment.proto that `assessment` breaks by itself.
void CheckAssessment(const v1::Assessment& assessment, const common::ReferenceData& reference,
                     common::FieldViolations* violations);

// Adds the items whose state only the programme may set, and `next` sets: an NSB drafts, submits
// and withdraws its needs, and keeps what else it finds in `previous`, which is null for a new
// assessment.
void CheckStatesOfNsb(const v1::Assessment* previous, const v1::Assessment& next,
                      common::FieldViolations* violations);

// Checks besides that the programme, its outputs and indicators, and the superseded assessment
// exist, and that the organisation is one that can be helped, unless it was the assessment's
// already: what was right when it was written can still be corrected.
class AssessmentHooks final : public common::ResourceHooks<v1::Assessment> {
 public:
  // `programmes` must outlive the hooks.
  AssessmentHooks(std::shared_ptr<const common::ReferenceData> reference,
                  const common::ResourceTable<v1::Programme>* programmes,
                  std::shared_ptr<HelpedOrganisations> helped)
      : reference_(std::move(reference)), programmes_(programmes), helped_(std::move(helped)) {}

  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::Assessment* previous, const v1::Assessment& next,
                        common::FieldViolations* violations) const override;

 private:
  const std::shared_ptr<const common::ReferenceData> reference_;
  const common::ResourceTable<v1::Programme>* const programmes_;
  const std::shared_ptr<HelpedOrganisations> helped_;
};

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_ASSESSMENT_RULES_H_
