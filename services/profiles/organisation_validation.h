// The rules of an organisation's record.
#ifndef SERVICES_PROFILES_ORGANISATION_VALIDATION_H_
#define SERVICES_PROFILES_ORGANISATION_VALIDATION_H_

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "tandem/profiles/v1/organisation.pb.h"

namespace tandem::profiles {

// The most contacts of an organisation.
inline constexpr int kMaxContacts = 100;

// Adds every violated rule of `organisation` to `violations`, with paths like "contacts[0].email".
// The rules are those that the comments of organisation.proto state; descriptions never repeat what
// identifies a person. Thread-safe.
void CheckOrganisation(const v1::Organisation& organisation, const common::ReferenceData& reference,
                       common::FieldViolations* violations);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_ORGANISATION_VALIDATION_H_
