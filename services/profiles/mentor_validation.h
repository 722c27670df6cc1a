// The rules of a mentor's profile.
#ifndef SERVICES_PROFILES_MENTOR_VALIDATION_H_
#define SERVICES_PROFILES_MENTOR_VALIDATION_H_

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "tandem/profiles/v1/mentor.pb.h"

namespace tandem::profiles {

// Adds every violated rule of `mentor` to `violations`, with paths like "languages[0].language".
// The rules are those that the comments of mentor.proto state; descriptions never repeat what
// identifies a person. Thread-safe.
void CheckMentor(const v1::Mentor& mentor, const common::ReferenceData& reference,
                 common::FieldViolations* violations);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_MENTOR_VALIDATION_H_
