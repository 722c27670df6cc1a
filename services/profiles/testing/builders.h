// Resources that break no rule, for tests to change one thing at a time.
#ifndef SERVICES_PROFILES_TESTING_BUILDERS_H_
#define SERVICES_PROFILES_TESTING_BUILDERS_H_

#include <string>

#include "tandem/profiles/v1/mentor.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"

namespace tandem::profiles {

// A mentor who breaks no rule.
v1::Mentor ValidMentor(const std::string& external_id, const std::string& full_name);

// An organisation that breaks no rule, without contacts.
v1::Organisation ValidOrganisation(const std::string& external_id);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_TESTING_BUILDERS_H_
