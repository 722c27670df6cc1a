#include "services/profiles/erasure.h"

#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/profiles/organisation_hooks.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::profiles {

namespace {

using common::v1::CHANGE_KIND_ERASED;

constexpr char kReapplied[] = "ERASURE_REAPPLIED";

// The contact with that id, or nullptr.
v1::Contact* FindContact(v1::Organisation* organisation, absl::string_view contact_id) {
  for (v1::Contact& contact : *organisation->mutable_contacts()) {
    if (contact.contact_id() == contact_id) return &contact;
  }
  return nullptr;
}

void KeepSkeleton(v1::Contact* contact) {
  v1::Contact skeleton;
  skeleton.set_contact_id(contact->contact_id());
  skeleton.set_erased(true);
  contact->Swap(&skeleton);
}

}  // namespace

absl::Status Eraser::StageMentor(const storage::Snapshot& snapshot, absl::string_view name,
                                 absl::string_view reason_code, common::ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(const v1::Mentor previous, mentors_.Read(snapshot, name));
  changes->answer().names = {std::string(name)};
  if (previous.state() == v1::PROFILE_STATE_ERASED) return absl::OkStatus();
  v1::Mentor next = previous;
  next.clear_identity();
  next.clear_external_id();
  next.set_state(v1::PROFILE_STATE_ERASED);
  TANDEM_RETURN_IF_ERROR(
      mentors_.StageUpdate(snapshot, previous, CHANGE_KIND_ERASED, reason_code, &next, changes)
          .status());
  if (previous.external_id().empty()) {
    // The key is gone already, and with it the external id; its entry in the index is not.
    TANDEM_ASSIGN_OR_RETURN(const std::string index_key, persons_.IndexKeyOf(snapshot, name));
    if (!index_key.empty()) changes->Delete(absl::StrCat("ext/mentors/", index_key));
  }
  persons_.StageErasure(name, resources_.Now(), changes);
  return absl::OkStatus();
}

absl::Status Eraser::StageContact(const storage::Snapshot& snapshot, absl::string_view organisation,
                                  absl::string_view contact_id, absl::string_view reason_code,
                                  common::ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(v1::Organisation previous, organisations_.Read(snapshot, organisation));
  changes->answer().names = {std::string(organisation)};
  const std::string person = ContactPerson(organisation, contact_id);
  TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> record,
                          snapshot.Get(PersonRecords::KeyOf(person)));
  v1::Contact* contact = FindContact(&previous, contact_id);
  if (!record.has_value()) {
    // An erased one has no record; one that never was is neither a contact nor in the key store.
    const bool erased = IsErased(persons_.keys().FetchKey(person).status());
    return contact != nullptr || erased ? absl::OkStatus() : common::NotFound(person);
  }
  v1::Organisation next = previous;
  if (contact != nullptr) {
    KeepSkeleton(FindContact(&next, contact_id));
    // With the key gone already a contact reads as erased, while its record does not say so yet.
    contact->set_erased(false);
  }
  TANDEM_ASSIGN_OR_RETURN(const bool staged,
                          organisations_.StageUpdate(snapshot, previous, CHANGE_KIND_ERASED,
                                                     reason_code, &next, changes));
  // A former contact stands in no record that would change, but the erasure is told all the same.
  if (!staged) changes->AddChange(organisation, CHANGE_KIND_ERASED, reason_code, "", "");
  persons_.StageErasure(person, resources_.Now(), changes);
  return absl::OkStatus();
}

absl::Status Eraser::EraseMentor(const common::CallContext& call, absl::string_view name,
                                 absl::string_view reason_code) const {
  return resources_
      .Write(call, common::WriteMode::kCommit,
             [&](const storage::Snapshot& snapshot, common::ChangeSet* changes) {
               return StageMentor(snapshot, name, reason_code, changes);
             })
      .status();
}

absl::Status Eraser::EraseContact(const common::CallContext& call, absl::string_view organisation,
                                  absl::string_view contact_id,
                                  absl::string_view reason_code) const {
  return resources_
      .Write(call, common::WriteMode::kCommit,
             [&](const storage::Snapshot& snapshot, common::ChangeSet* changes) {
               return StageContact(snapshot, organisation, contact_id, reason_code, changes);
             })
      .status();
}

absl::StatusOr<bool> Eraser::Reapply(const common::CallContext& call,
                                     absl::string_view person) const {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<storage::Snapshot> snapshot, resources_.SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> record,
                          snapshot->Get(PersonRecords::KeyOf(person)));
  if (!record.has_value()) return false;
  const std::vector<std::string> parts = absl::StrSplit(person, '/');
  if (parts.size() == 2) {
    TANDEM_RETURN_IF_ERROR(EraseMentor(call, person, kReapplied));
    return true;
  }
  if (parts.size() != 4) {
    return absl::DataLossError(absl::StrCat("the key store erased '", person,
                                            "', which names no person; restore it from its "
                                            "backup"));
  }
  TANDEM_RETURN_IF_ERROR(
      EraseContact(call, absl::StrCat(parts[0], "/", parts[1]), parts[3], kReapplied));
  return true;
}

absl::StatusOr<Reapplied> Eraser::ReapplyErasures(const common::CallContext& call) const {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Erasure> erasures,
                          persons_.keys().ErasedSince(absl::InfinitePast()));
  Reapplied result;
  result.erased = static_cast<int>(erasures.size());
  for (const Erasure& erasure : erasures) {
    TANDEM_ASSIGN_OR_RETURN(const bool stood, Reapply(call, erasure.person_id));
    result.reapplied += stood ? 1 : 0;
  }
  return result;
}

}  // namespace tandem::profiles
