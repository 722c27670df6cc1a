// Resources of the needs service that break no rule, for tests to change one thing at a time.
#ifndef SERVICES_NEEDS_TESTING_BUILDERS_H_
#define SERVICES_NEEDS_TESTING_BUILDERS_H_

#include <functional>
#include <string>
#include <vector>

#include "google/type/date.pb.h"
#include "services/common/errors.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::needs {

void SetDate(int year, int month, int day, google::type::Date* date);

// A programme with outcome "oc1", output "op1" and indicator "in1".
v1::Programme MakeProgramme(const std::string& external_id);

// An assessment of organisations/lesotho with one item "I1".
v1::Assessment MakeAssessment(const std::string& external_id, const std::string& programme);

// A request of organisations/lesotho for one mentor over the year 2027.
v1::EngagementRequest MakeRequest(const std::string& external_id, const std::string& programme);

// A case of a table: what is changed, and the fields that break a rule then (none: it is allowed).
template <typename T>
struct RuleCase {
  const char* name;
  std::function<void(T*)> edit;
  std::vector<std::string> violated;
};

std::vector<std::string> FieldsOf(const common::FieldViolations& violations);

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_TESTING_BUILDERS_H_
