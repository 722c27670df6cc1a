// The rules that a programme and its results framework keep. Thread-safe.
#ifndef SERVICES_NEEDS_PROGRAMME_RULES_H_
#define SERVICES_NEEDS_PROGRAMME_RULES_H_

#include <set>
#include <string>

#include "services/common/errors.h"
#include "services/common/resource_hooks.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::needs {

// Adds every rule of programme.proto that `programme` breaks.
void CheckProgramme(const v1::Programme& programme, common::FieldViolations* violations);

// The ids of the results framework that items of assessments may refer to.
struct FrameworkIds {
  std::set<std::string> outputs;
  std::set<std::string> indicators;
};
FrameworkIds FrameworkIdsOf(const v1::Programme& programme);

class ProgrammeHooks final : public common::ResourceHooks<v1::Programme> {
 public:
  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::Programme* previous, const v1::Programme& next,
                        common::FieldViolations* violations) const override;
};

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_PROGRAMME_RULES_H_
