#include "services/matching/index/mentor_facts.h"

#include "services/matching/index/dates.h"

namespace tandem::matching {
namespace {

using ::tandem::engine::MentorFacts;
using ::tandem::profiles::v1::Mentor;

void SetConsent(const Mentor& mentor, MentorFacts* facts) {
  for (const profiles::v1::Consent& consent : mentor.consents()) {
    if (consent.purpose() != profiles::v1::CONSENT_PURPOSE_MATCHING) continue;
    facts->consent_given_on = ToDay(consent.given_on());
    facts->consent_withdrawn_on = ToDay(consent.withdrawn_on());
  }
}

// Employments, the nomination and the declared relations: everything that may be a conflict.
void SetRelations(const Mentor& mentor, MentorFacts* facts) {
  for (const profiles::v1::Employment& employment : mentor.employments()) {
    facts->relations.push_back({employment.organisation(), engine::RelationKind::kEmployment,
                                ToDay(employment.start_date()), ToDay(employment.end_date())});
  }
  if (!mentor.nominating_organisation().empty()) {
    facts->relations.push_back({mentor.nominating_organisation(), engine::RelationKind::kNomination,
                                engine::kNoDay, engine::kNoDay});
  }
  for (const profiles::v1::DeclaredRelation& relation : mentor.coi_declaration().relations()) {
    facts->relations.push_back({relation.organisation(),
                                static_cast<engine::RelationKind>(relation.kind()),
                                ToDay(relation.start_date()), ToDay(relation.end_date())});
  }
}

void SetSkills(const Mentor& mentor, MentorFacts* facts) {
  for (const profiles::v1::Expertise& expertise : mentor.expertise()) {
    facts->expertise.push_back(
        {expertise.topic(), expertise.level(), ToDay(expertise.last_practised())});
  }
  for (const common::v1::LanguageSkill& skill : mentor.languages()) {
    facts->languages.push_back({skill.language(), static_cast<engine::Cefr>(skill.spoken()),
                                static_cast<engine::Cefr>(skill.written())});
  }
}

void SetAvailability(const profiles::v1::Availability& availability, MentorFacts* facts) {
  facts->time_zone = availability.time_zone();
  facts->weekly_windows = ToWindows(availability.weekly_windows());
  for (const common::v1::DateRange& range : availability.days_off()) {
    facts->days_off.push_back({ToDay(range.start_date()), ToDay(range.end_date())});
  }
  facts->hours_per_month = availability.hours_per_month();
  facts->max_engagements = availability.max_engagements();
  for (int modality : availability.modalities()) {
    if (modality == common::v1::MODALITY_REMOTE) facts->modalities |= engine::kRemote;
    if (modality == common::v1::MODALITY_ON_SITE) facts->modalities |= engine::kOnSite;
  }
}

}  // namespace

MentorFacts ToMentorFacts(const Mentor& mentor) {
  MentorFacts facts;
  facts.id = mentor.name();
  facts.revision = mentor.revision();
  facts.active = mentor.state() == profiles::v1::PROFILE_STATE_ACTIVE;
  facts.vetting = static_cast<engine::Vetting>(mentor.vetting_state());
  SetConsent(mentor, &facts);
  if (mentor.has_last_confirmed_time()) {
    facts.last_confirmed = mentor.last_confirmed_time().seconds();
  }
  facts.coi_declared_on = ToDay(mentor.coi_declaration().declared_on());
  facts.coi_expires_on = ToDay(mentor.coi_declaration().expires_on());
  facts.residence_country = mentor.residence_country();
  facts.nationalities.assign(mentor.nationalities().begin(), mentor.nationalities().end());
  SetRelations(mentor, &facts);
  SetSkills(mentor, &facts);
  facts.experience_countries.assign(mentor.experience_countries().begin(),
                                    mentor.experience_countries().end());
  facts.development_contexts.assign(mentor.development_contexts().begin(),
                                    mentor.development_contexts().end());
  SetAvailability(mentor.availability(), &facts);
  facts.preferred_organisations.assign(mentor.preferred_organisations().begin(),
                                       mentor.preferred_organisations().end());
  facts.excluded_organisations.assign(mentor.excluded_organisations().begin(),
                                      mentor.excluded_organisations().end());
  return facts;
}

}  // namespace tandem::matching
