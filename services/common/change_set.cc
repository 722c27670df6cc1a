#include "services/common/change_set.h"

#include "absl/strings/escaping.h"

namespace tandem::common {

void ChangeSet::AddChange(absl::string_view resource, v1::ChangeKind kind,
                          absl::string_view reason_code, absl::string_view before_digest,
                          absl::string_view after_digest) {
  v1::Change* change = changes_.add_changes();
  change->set_resource(std::string(resource));
  change->set_kind(kind);
  change->set_reason_code(std::string(reason_code));
  change->set_before_digest(absl::BytesToHexString(before_digest));
  change->set_after_digest(absl::BytesToHexString(after_digest));
}

}  // namespace tandem::common
