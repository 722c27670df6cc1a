// What is special about mentors among the resources: their rules, and that who they are is sealed
// apart from what decisions read.
//
// Thread-safe. The records of persons and the reference data must outlive it.
#ifndef SERVICES_PROFILES_MENTOR_HOOKS_H_
#define SERVICES_PROFILES_MENTOR_HOOKS_H_

#include <string>

#include "services/common/reference_data.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_spec.h"
#include "services/profiles/person_records.h"
#include "tandem/profiles/v1/mentor.pb.h"
#include "tandem/profiles/v1/stored.pb.h"

namespace tandem::profiles {

common::ResourceSpec MentorSpec();

class MentorHooks : public common::ResourceHooks<v1::Mentor> {
 public:
  MentorHooks(const PersonRecords* persons, const common::ReferenceData* reference)
      : persons_(*persons), reference_(*reference) {}

  // The rules of mentor_validation.h. FAILED_PRECONDITION when the person was erased,
  // PERMISSION_DENIED when a mentor changes the state of their own vetting.
  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::Mentor* previous, const v1::Mentor& next,
                        common::FieldViolations* violations) const override;

  // Takes identity and external_id out and stages them sealed; for an erased mentor stages nothing.
  absl::Status Split(const v1::Mentor* previous, v1::Mentor* record,
                     common::ChangeSet* changes) const override;

  absl::Status Complete(const storage::Snapshot& snapshot, v1::Mentor* mentor) const override;

  std::string ExternalIdKey(absl::string_view external_id) const override {
    return persons_.IndexKey(external_id);
  }

 private:
  // Empty without external id.
  std::string IndexKeyOf(const v1::SealedMentor& person) const;

  const PersonRecords& persons_;
  const common::ReferenceData& reference_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_MENTOR_HOOKS_H_
