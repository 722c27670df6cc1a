#include "services/profiles/organisation_hooks.h"

#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/resource_id.h"
#include "services/profiles/organisation_validation.h"

namespace tandem::profiles {

namespace {

const v1::Contact* FindContact(const v1::Organisation* organisation, absl::string_view contact_id) {
  if (organisation == nullptr) return nullptr;
  for (const v1::Contact& contact : organisation->contacts()) {
    if (contact.contact_id() == contact_id) return &contact;
  }
  return nullptr;
}

// The contact of `previous` who is the same person as `contact`, among those not in `claimed`.
const v1::Contact* SamePerson(const v1::Organisation& previous, const v1::Contact& contact,
                              const std::set<std::string>& claimed) {
  const v1::Contact* same_name = nullptr;
  for (const v1::Contact& candidate : previous.contacts()) {
    if (candidate.erased() || claimed.count(candidate.contact_id()) > 0) continue;
    if (!contact.email().empty() && candidate.email() == contact.email()) return &candidate;
    if (same_name == nullptr && candidate.full_name() == contact.full_name()) {
      same_name = &candidate;
    }
  }
  return same_name;
}

void RecogniseContacts(const v1::Organisation& previous, v1::Organisation* next) {
  std::set<std::string> claimed;
  for (const v1::Contact& contact : next->contacts()) {
    if (!contact.contact_id().empty()) claimed.insert(contact.contact_id());
  }
  for (v1::Contact& contact : *next->mutable_contacts()) {
    if (!contact.contact_id().empty()) continue;
    const v1::Contact* same = SamePerson(previous, contact, claimed);
    if (same == nullptr) continue;
    contact.set_contact_id(same->contact_id());
    claimed.insert(same->contact_id());
  }
}

}  // namespace

common::ResourceSpec OrganisationSpec() {
  common::ResourceSpec spec;
  spec.collection = "organisations";
  spec.field = "organisation";
  spec.plural = "organisations";
  spec.active_state = v1::PROFILE_STATE_ACTIVE;
  spec.inactive_state = v1::PROFILE_STATE_INACTIVE;
  spec.organisation_field = "name";
  spec.filter_fields = {"state", "external_id", "kind", "country"};
  return spec;
}

std::string ContactPerson(absl::string_view organisation, absl::string_view contact_id) {
  return absl::StrCat(organisation, "/contacts/", contact_id);
}

void OrganisationHooks::Prepare(const common::CallContext&, const v1::Organisation* previous,
                                v1::Organisation* next) const {
  if (next->contacts_size() > kMaxContacts) return;  // Validate refuses it: no work for millions
  if (previous != nullptr) RecogniseContacts(*previous, next);
  for (v1::Contact& contact : *next->mutable_contacts()) {
    const v1::Contact* before = FindContact(previous, contact.contact_id());
    contact.set_erased(before != nullptr && before->erased());
    if (contact.contact_id().empty()) {
      contact.set_contact_id(common::RandomId());
    } else if (before == nullptr) {
      contact.clear_contact_id();  // only the server makes ids: Validate names the field
    }
  }
}

absl::Status OrganisationHooks::Validate(const common::CallContext&, const storage::Snapshot&,
                                         const v1::Organisation*, const v1::Organisation& next,
                                         common::FieldViolations* violations) const {
  CheckOrganisation(next, reference_, violations);
  for (int i = 0; i < next.contacts_size() && i < kMaxContacts; ++i) {
    if (!next.contacts(i).contact_id().empty()) continue;
    violations->Add(common::JoinPath(common::IndexPath("contacts", i), "contact_id"),
                    "must be that of a contact which the organisation has; leave it out for a new "
                    "person");
  }
  return absl::OkStatus();
}

absl::Status OrganisationHooks::StageContact(const v1::Organisation* previous,
                                             absl::string_view organisation,
                                             const v1::Contact& contact,
                                             common::ChangeSet* changes) const {
  const std::string person = ContactPerson(organisation, contact.contact_id());
  const std::string text = contact.SerializeAsString();
  const v1::Contact* before = FindContact(previous, contact.contact_id());
  if (before == nullptr) return persons_.StageNew(person, text, "", changes);
  if (before->SerializeAsString() == text) return absl::OkStatus();
  const absl::Status staged = persons_.StageChanged(person, text, "", changes);
  if (!IsErased(staged)) return staged;
  return common::FailedPrecondition("PERSON_ERASED", "the contact person is being erased",
                                    {{"resource", person}});
}

absl::Status OrganisationHooks::Split(const v1::Organisation* previous, v1::Organisation* record,
                                      common::ChangeSet* changes) const {
  for (v1::Contact& contact : *record->mutable_contacts()) {
    if (!contact.erased()) {
      TANDEM_RETURN_IF_ERROR(StageContact(previous, record->name(), contact, changes));
    }
    v1::Contact skeleton;
    skeleton.set_contact_id(contact.contact_id());
    skeleton.set_erased(contact.erased());
    contact.Swap(&skeleton);
  }
  return absl::OkStatus();
}

absl::Status OrganisationHooks::Complete(const storage::Snapshot& snapshot,
                                         v1::Organisation* organisation) const {
  for (v1::Contact& contact : *organisation->mutable_contacts()) {
    if (contact.erased()) continue;
    const std::string person = ContactPerson(organisation->name(), contact.contact_id());
    TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> text, persons_.Read(snapshot, person));
    if (!text.has_value()) {
      contact.set_erased(true);
    } else if (!contact.ParseFromString(*text)) {
      return absl::DataLossError(absl::StrCat(
          "the record of ", person, " is damaged; restore the records from their backup"));
    }
  }
  return absl::OkStatus();
}

}  // namespace tandem::profiles
