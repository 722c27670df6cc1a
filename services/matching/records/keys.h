// Every key that matching adds to its store, in one place. How the store keeps keys and values is
// in storage/FORMAT.md.
//
//   matches/ID, cohorts/ID         resources, kept by services/common/resource_table.h
//   policy/POLICY/VERSION          v1.Policy; VERSION in 8 digits
//   run/COHORT/NUMBER              v1.CohortRun; NUMBER in 8 digits
//   run_file/COHORT/NUMBER/PIECE   v1.RunFilePiece; PIECE in 6 digits
//   reservations/MENTOR            v1.MentorReservations
//   bookings/REQUEST               v1.RequestBookings
//   proposals/COHORT               v1.CohortProposals
//   operation/ID                   v1.StoredOperation
//
// COHORT, MENTOR, REQUEST and ID are the last segments of resource names.
#ifndef TANDEM_SERVICES_MATCHING_RECORDS_KEYS_H_
#define TANDEM_SERVICES_MATCHING_RECORDS_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tandem::matching {

// "policies/POLICY/versions/N" and back.
struct PolicyVersion {
  std::string policy_id;
  int32_t version = 0;
};
std::string PolicyName(absl::string_view policy_id, int32_t version);
std::optional<PolicyVersion> ParsePolicyName(absl::string_view name);

// "cohorts/COHORT/runs/N" and back.
struct RunNumber {
  std::string cohort;  // "cohorts/COHORT"
  int64_t number = 0;
};
std::string RunName(absl::string_view cohort, int64_t number);
std::optional<RunNumber> ParseRunName(absl::string_view name);

// Keys. Names are full resource names; those of policies and runs must parse.
std::string PolicyKey(const PolicyVersion& policy);
std::string PolicyPrefix(absl::string_view policy_id);  // empty: of all policies
std::string RunKey(const RunNumber& run);
std::string RunFilePrefix(const RunNumber& run);
std::string RunFileKey(const RunNumber& run, int piece);
std::string ReservationsKey(absl::string_view mentor);
std::string BookingsKey(absl::string_view engagement_request);
std::string ProposalsKey(absl::string_view cohort);
std::string OperationKey(absl::string_view operation);
inline constexpr char kOperationPrefix[] = "operation/";
inline constexpr char kMatchPrefix[] = "matches/";

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RECORDS_KEYS_H_
