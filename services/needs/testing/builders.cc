#include "services/needs/testing/builders.h"

#include "tandem/common/v1/service_type.pb.h"

namespace tandem::needs {

void SetDate(int year, int month, int day, google::type::Date* date) {
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
}

v1::Programme MakeProgramme(const std::string& external_id) {
  v1::Programme programme;
  programme.set_external_id(external_id);
  programme.set_display_name("LDC programme");
  v1::Outcome* outcome = programme.add_outcomes();
  outcome->set_outcome_id("oc1");
  outcome->set_title("Stronger bodies");
  v1::Output* output = outcome->add_outputs();
  output->set_output_id("op1");
  output->set_title("Trained staff");
  v1::Indicator* indicator = output->add_indicators();
  indicator->set_indicator_id("in1");
  indicator->set_title("Staff trained");
  indicator->set_baseline("0");
  indicator->set_target("12.5");
  return programme;
}

v1::Assessment MakeAssessment(const std::string& external_id, const std::string& programme) {
  v1::Assessment assessment;
  assessment.set_external_id(external_id);
  assessment.set_organisation("organisations/lesotho");
  assessment.set_programme(programme);
  v1::NeedItem* item = assessment.add_items();
  item->set_item_id("I1");
  item->set_area("conformity-assessment");
  item->set_baseline_level(1);
  item->set_target_level(3);
  item->set_priority(2);
  item->set_output_id("op1");
  item->set_indicator_id("in1");
  item->add_languages("en");
  item->add_modalities(tandem::common::v1::MODALITY_REMOTE);
  return assessment;
}

v1::EngagementRequest MakeRequest(const std::string& external_id, const std::string& programme) {
  v1::EngagementRequest request;
  request.set_external_id(external_id);
  request.set_programme(programme);
  request.add_organisations("organisations/lesotho");
  request.set_service_type(tandem::common::v1::SERVICE_TYPE_MENTORING);
  v1::RequestRole* role = request.add_roles();
  role->set_role_id("lead");
  role->set_max_mentors(1);
  role->set_hours_per_month(8);
  request.add_modalities(tandem::common::v1::MODALITY_REMOTE);
  SetDate(2027, 1, 1, request.mutable_period()->mutable_start_date());
  SetDate(2027, 12, 31, request.mutable_period()->mutable_end_date());
  return request;
}

std::vector<std::string> FieldsOf(const common::FieldViolations& violations) {
  std::vector<std::string> fields;
  for (const common::FieldViolation& violation : violations.violations()) {
    fields.push_back(violation.field);
  }
  return fields;
}

}  // namespace tandem::needs
