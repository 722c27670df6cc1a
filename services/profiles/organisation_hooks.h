// What is special about organisations among the resources: their rules, and that each contact
// person is sealed apart, under a key of the person's own.
//
// Thread-safe. The records of persons and the reference data must outlive it.
#ifndef SERVICES_PROFILES_ORGANISATION_HOOKS_H_
#define SERVICES_PROFILES_ORGANISATION_HOOKS_H_

#include <string>

#include "services/common/reference_data.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_spec.h"
#include "services/profiles/person_records.h"
#include "tandem/profiles/v1/organisation.pb.h"

namespace tandem::profiles {

common::ResourceSpec OrganisationSpec();

// Whom the key store knows a contact as: "organisations/ID/contacts/ID".
std::string ContactPerson(absl::string_view organisation, absl::string_view contact_id);

class OrganisationHooks : public common::ResourceHooks<v1::Organisation> {
 public:
  OrganisationHooks(const PersonRecords* persons, const common::ReferenceData* reference)
      : persons_(*persons), reference_(*reference) {}

  // Gives each contact without an id that of the contact of `previous` who is the same person: the
  // one with the same e-mail address, else with the same name, whom no other contact claims. So an
  // organisation can be sent again without knowing Tandem's ids. The others are new persons.
  void Prepare(const common::CallContext& call, const v1::Organisation* previous,
               v1::Organisation* next) const override;

  // The rules of organisation_validation.h; a contact_id must be one of `previous`.
  absl::Status Validate(const common::CallContext& call, const storage::Snapshot& snapshot,
                        const v1::Organisation* previous, const v1::Organisation& next,
                        common::FieldViolations* violations) const override;

  // Leaves contact_id and `erased` of each contact in the record and stages the rest sealed.
  absl::Status Split(const v1::Organisation* previous, v1::Organisation* record,
                     common::ChangeSet* changes) const override;

  absl::Status Complete(const storage::Snapshot& snapshot,
                        v1::Organisation* organisation) const override;

  std::string ExternalIdKey(absl::string_view external_id) const override {
    return persons_.IndexKey(external_id);
  }

 private:
  absl::Status StageContact(const v1::Organisation* previous, absl::string_view organisation,
                            const v1::Contact& contact, common::ChangeSet* changes) const;

  const PersonRecords& persons_;
  const common::ReferenceData& reference_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_ORGANISATION_HOOKS_H_
