// Erasing a person: the key is destroyed, what it sealed can never be read again, and the
// pseudonymous record stays as evidence of what was decided.
//
// The key store's list of erasures is what counts. The records follow it: within the call, and at
// every start, which covers a process that ended in the middle and records restored from a backup
// that is older than the erasure.
//
// Thread-safe. What it is given must outlive it.
#ifndef SERVICES_PROFILES_ERASURE_H_
#define SERVICES_PROFILES_ERASURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "services/profiles/person_records.h"
#include "tandem/profiles/v1/mentor.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"

namespace tandem::profiles {

// What bringing the records in line with the key store did.
struct Reapplied {
  int erased = 0;     // persons whom the key store erased
  int reapplied = 0;  // of them those whose records still stood
};

class Eraser {
 public:
  Eraser(common::ResourceStore* resources, const PersonRecords* persons,
         const common::ResourceTable<v1::Mentor>* mentors,
         const common::ResourceTable<v1::Organisation>* organisations)
      : resources_(*resources),
        persons_(*persons),
        mentors_(*mentors),
        organisations_(*organisations) {}

  // Erases a mentor. Repeating it changes nothing. NOT_FOUND; the errors of a write.
  absl::Status EraseMentor(const common::CallContext& call, absl::string_view name,
                           absl::string_view reason_code) const;

  // Erases a person who is or was a contact of the organisation. Repeating it changes nothing.
  // NOT_FOUND: no such organisation or contact; the errors of a write.
  absl::Status EraseContact(const common::CallContext& call, absl::string_view organisation,
                            absl::string_view contact_id, absl::string_view reason_code) const;

  // Brings the records in line with the key store's list of erasures: at every start, and when
  // asked for. `call` has no request_id, since each person is a commit of their own.
  absl::StatusOr<Reapplied> ReapplyErasures(const common::CallContext& call) const;

 private:
  absl::Status StageMentor(const storage::Snapshot& snapshot, absl::string_view name,
                           absl::string_view reason_code, common::ChangeSet* changes) const;
  absl::Status StageContact(const storage::Snapshot& snapshot, absl::string_view organisation,
                            absl::string_view contact_id, absl::string_view reason_code,
                            common::ChangeSet* changes) const;
  // True when a record of the person still stood.
  absl::StatusOr<bool> Reapply(const common::CallContext& call, absl::string_view person) const;

  common::ResourceStore& resources_;
  const PersonRecords& persons_;
  const common::ResourceTable<v1::Mentor>& mentors_;
  const common::ResourceTable<v1::Organisation>& organisations_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_ERASURE_H_
