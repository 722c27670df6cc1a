#include "services/profiles/testing/builders.h"

#include <cstdlib>

#include "google/protobuf/text_format.h"

namespace tandem::profiles {

namespace {

template <typename T>
T Parse(const char* text) {
  T message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) std::abort();
  return message;
}

}  // namespace

v1::Mentor ValidMentor(const std::string& external_id, const std::string& full_name) {
  static const auto model = Parse<v1::Mentor>(R"pb(
    residence_country: "KE"
    nationalities: "KE"
    kind: MENTOR_KIND_VOLUNTEER
    expertise { topic: "conformity-assessment.certification" level: 4 }
    expertise { topic: "conformity-assessment" level: 3 }
    languages { language: "en" spoken: CEFR_LEVEL_C2 written: CEFR_LEVEL_C2 }
    languages { language: "fr" spoken: CEFR_LEVEL_B2 written: CEFR_LEVEL_B1 }
    experience_countries: "ET"
    experience_countries: "LS"
    development_contexts: "ldc"
    availability {
      time_zone: "Africa/Nairobi"
      weekly_windows { weekday: WEEKDAY_MONDAY start_minute: 540 end_minute: 720 }
      weekly_windows { weekday: WEEKDAY_THURSDAY start_minute: 840 end_minute: 1020 }
      hours_per_month: 12
      max_engagements: 2
      modalities: MODALITY_REMOTE
    }
    coi_declaration {
      declared_on { year: 2026 month: 3 day: 1 }
      expires_on { year: 2027 month: 2 day: 28 }
    }
    vetting_state: VETTING_STATE_VETTED
    consents {
      purpose: CONSENT_PURPOSE_MATCHING
      given_on { year: 2026 month: 3 day: 1 }
    }
    last_confirmed_time { seconds: 1790000000 }
  )pb");
  v1::Mentor mentor = model;
  mentor.set_external_id(external_id);
  v1::PersonName* name = mentor.mutable_identity()->add_names();
  name->set_full_name(full_name);
  name->set_script("Latn");
  return mentor;
}

v1::Organisation ValidOrganisation(const std::string& external_id) {
  static const auto model = Parse<v1::Organisation>(R"pb(
    display_name: "Example Standards Institution"
    acronym: "ESI"
    kind: ORGANISATION_KIND_NSB
    country: "LS"
    iso_memberships {
      category: ISO_CATEGORY_CORRESPONDENT
      start_date { year: 2010 month: 1 day: 1 }
    }
    regional_bodies: "ARSO"
    languages: "en"
    time_zone: "Africa/Maseru"
    weekend_days: WEEKDAY_SATURDAY
    weekend_days: WEEKDAY_SUNDAY
    weekly_windows { weekday: WEEKDAY_TUESDAY start_minute: 480 end_minute: 960 }
    connectivity: CONNECTIVITY_INTERMITTENT
    development_contexts: "ldc"
  )pb");
  v1::Organisation organisation = model;
  organisation.set_external_id(external_id);
  return organisation;
}

}  // namespace tandem::profiles
