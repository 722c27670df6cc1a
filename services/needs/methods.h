// The RPCs of the needs service, added by resource. The handlers share the tables and keep them
// alive. Internal to this package.
#ifndef SERVICES_NEEDS_METHODS_H_
#define SERVICES_NEEDS_METHODS_H_

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/common/method_registry.h"
#include "services/needs/needs_tables.h"

namespace tandem::needs {

inline std::string MethodName(absl::string_view rpc) {
  return absl::StrCat("tandem.needs.v1.NeedsService/", rpc);
}

void AddProgrammeMethods(const std::shared_ptr<NeedsTables>& tables,
                         common::MethodRegistry& registry);
void AddAssessmentMethods(const std::shared_ptr<NeedsTables>& tables,
                          common::MethodRegistry& registry);
void AddEngagementRequestMethods(const std::shared_ptr<NeedsTables>& tables,
                                 common::MethodRegistry& registry);
// ListChanges and WatchChanges.
void AddFeedMethods(const std::shared_ptr<NeedsTables>& tables, common::MethodRegistry& registry);

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_METHODS_H_
