#include "services/profiles/mentor_hooks.h"

#include <algorithm>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/validation.h"
#include "services/profiles/mentor_validation.h"
#include "tandem/common/v1/access.pb.h"
#include "tandem/profiles/v1/stored.pb.h"

namespace tandem::profiles {

namespace {

// Moves what identifies the person from `mentor` to a message of its own.
v1::SealedMentor TakePerson(v1::Mentor* mentor) {
  v1::SealedMentor person;
  person.mutable_external_id()->swap(*mentor->mutable_external_id());
  if (mentor->has_identity()) person.mutable_identity()->Swap(mentor->mutable_identity());
  mentor->clear_identity();
  return person;
}

bool SamePerson(const v1::Mentor& previous, const v1::SealedMentor& person) {
  return previous.external_id() == person.external_id() &&
         previous.has_identity() == person.has_identity() &&
         previous.identity().SerializeAsString() == person.identity().SerializeAsString();
}

// What has happened lies before this. A day is left for those who state a local day that has not
// begun everywhere.
absl::Time LatestPast(const common::CallContext& call) {
  return call.received_at() + absl::Hours(24);
}

// A confirmation that lies ahead would never go stale.
void CheckConfirmedByNow(const common::CallContext& call, const v1::Mentor& next,
                         common::FieldViolations* violations) {
  if (next.last_confirmed_time().seconds() <= absl::ToUnixSeconds(LatestPast(call))) return;
  violations->Add("last_confirmed_time",
                  "lies in the future: state when the mentor confirmed the profile");
}

bool HasExpertise(const v1::Mentor& mentor, const v1::Expertise& expertise) {
  return std::any_of(mentor.expertise().begin(), mentor.expertise().end(),
                     [&](const v1::Expertise& held) {
                       return held.topic() == expertise.topic() &&
                              common::ToCivilDay(held.last_practised()) ==
                                  common::ToCivilDay(expertise.last_practised());
                     });
}

// Practice that lies ahead would count as recent for years.
void CheckPractisedByNow(const common::CallContext& call, const v1::Mentor* previous,
                         const v1::Mentor& next, common::FieldViolations* violations) {
  const absl::CivilDay latest = absl::ToCivilDay(LatestPast(call), absl::UTCTimeZone());
  for (int i = 0; i < next.expertise_size(); ++i) {
    const v1::Expertise& expertise = next.expertise(i);
    if (common::ToCivilDay(expertise.last_practised()) <= latest) continue;
    if (previous != nullptr && HasExpertise(*previous, expertise)) continue;
    violations->Add(common::JoinPath(common::IndexPath("expertise", i), "last_practised"),
                    "lies in the future: state the last day of practice, or leave it out");
  }
}

}  // namespace

common::ResourceSpec MentorSpec() {
  common::ResourceSpec spec;
  spec.collection = "mentors";
  spec.field = "mentor";
  spec.plural = "mentors";
  spec.active_state = v1::PROFILE_STATE_ACTIVE;
  spec.inactive_state = v1::PROFILE_STATE_INACTIVE;
  spec.mentor_field = "name";
  spec.filter_fields = {"state", "external_id", "residence_country", "kind", "vetting_state"};
  return spec;
}

absl::Status MentorHooks::Validate(const common::CallContext& call, const storage::Snapshot&,
                                   const v1::Mentor* previous, const v1::Mentor& next,
                                   common::FieldViolations* violations) const {
  if (previous != nullptr && previous->state() == v1::PROFILE_STATE_ERASED) {
    return common::FailedPrecondition(
        "PERSON_ERASED", "the person was erased; a new profile of the same person is a new mentor",
        {{"resource", previous->name()}});
  }
  const bool vetting_changes =
      previous != nullptr && previous->vetting_state() != next.vetting_state();
  if (vetting_changes && call.principal().role == common::v1::ROLE_MENTOR) {
    return common::PermissionDenied(
        "vetting_state is set by staff; leave it out of the update_mask");
  }
  CheckMentor(next, reference_, violations);
  // The time of a call that is repeated later does not count against what is stored already.
  const bool confirmed_anew = previous == nullptr || previous->last_confirmed_time().seconds() !=
                                                         next.last_confirmed_time().seconds();
  if (confirmed_anew) CheckConfirmedByNow(call, next, violations);
  CheckPractisedByNow(call, previous, next, violations);
  return absl::OkStatus();
}

absl::Status MentorHooks::Split(const v1::Mentor* previous, v1::Mentor* record,
                                common::ChangeSet* changes) const {
  const v1::SealedMentor person = TakePerson(record);
  if (record->state() == v1::PROFILE_STATE_ERASED) return absl::OkStatus();
  if (previous == nullptr) {
    return persons_.StageNew(record->name(), person.SerializeAsString(), IndexKeyOf(person),
                             changes);
  }
  if (previous->state() == v1::PROFILE_STATE_ERASED) {
    return common::FailedPrecondition("PERSON_ERASED", "the person was erased",
                                      {{"resource", previous->name()}});
  }
  if (SamePerson(*previous, person)) return absl::OkStatus();
  const absl::Status staged = persons_.StageChanged(record->name(), person.SerializeAsString(),
                                                    IndexKeyOf(person), changes);
  if (!IsErased(staged)) return staged;
  return common::FailedPrecondition("PERSON_ERASED", "the person is being erased",
                                    {{"resource", record->name()}});
}

std::string MentorHooks::IndexKeyOf(const v1::SealedMentor& person) const {
  return person.external_id().empty() ? std::string() : ExternalIdKey(person.external_id());
}

absl::Status MentorHooks::Complete(const storage::Snapshot& snapshot, v1::Mentor* mentor) const {
  if (mentor->state() == v1::PROFILE_STATE_ERASED) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> text, persons_.Read(snapshot, mentor->name()));
  if (!text.has_value()) return absl::OkStatus();
  v1::SealedMentor person;
  if (!person.ParseFromString(*text)) {
    return absl::DataLossError("the identity of " + mentor->name() +
                               " is damaged; restore the records from their backup");
  }
  mentor->mutable_external_id()->swap(*person.mutable_external_id());
  if (person.has_identity()) mentor->mutable_identity()->Swap(person.mutable_identity());
  return absl::OkStatus();
}

}  // namespace tandem::profiles
