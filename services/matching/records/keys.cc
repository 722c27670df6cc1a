#include "services/matching/records/keys.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace tandem::matching {
namespace {

constexpr int64_t kMaxNumber = 99'999'999;  // 8 digits in keys

// The segment after the last slash.
absl::string_view IdOf(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

struct Parts {
  std::string id;
  int64_t number = 0;
};

// Reads "FIRST/ID/SECOND/N", with N written as a positive number without leading zeros.
std::optional<Parts> ParseNumbered(absl::string_view name, absl::string_view first,
                                   absl::string_view second) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != 4 || parts[0] != first || parts[2] != second || parts[1].empty()) {
    return std::nullopt;
  }
  int64_t number = 0;
  if (!absl::SimpleAtoi(parts[3], &number) || number < 1 || number > kMaxNumber ||
      absl::StrCat(number) != parts[3]) {
    return std::nullopt;
  }
  return Parts{std::string(parts[1]), number};
}

}  // namespace

std::string PolicyName(absl::string_view policy_id, int32_t version) {
  return absl::StrCat("policies/", policy_id, "/versions/", version);
}

std::optional<PolicyVersion> ParsePolicyName(absl::string_view name) {
  const std::optional<Parts> parts = ParseNumbered(name, "policies", "versions");
  if (!parts.has_value()) return std::nullopt;
  return PolicyVersion{parts->id, static_cast<int32_t>(parts->number)};
}

std::string RunName(absl::string_view cohort, int64_t number) {
  return absl::StrCat(cohort, "/runs/", number);
}

std::optional<RunNumber> ParseRunName(absl::string_view name) {
  const std::optional<Parts> parts = ParseNumbered(name, "cohorts", "runs");
  if (!parts.has_value()) return std::nullopt;
  return RunNumber{absl::StrCat("cohorts/", parts->id), parts->number};
}

std::string PolicyKey(const PolicyVersion& policy) {
  return absl::StrFormat("%s%08d", PolicyPrefix(policy.policy_id), policy.version);
}

std::string PolicyPrefix(absl::string_view policy_id) {
  if (policy_id.empty()) return "policy/";
  return absl::StrCat("policy/", policy_id, "/");
}

std::string RunKey(const RunNumber& run) {
  return absl::StrFormat("run/%s/%08d", std::string(IdOf(run.cohort)), run.number);
}

std::string RunFilePrefix(const RunNumber& run) {
  return absl::StrFormat("run_file/%s/%08d/", std::string(IdOf(run.cohort)), run.number);
}

std::string RunFileKey(const RunNumber& run, int piece) {
  return absl::StrFormat("%s%06d", RunFilePrefix(run), piece);
}

std::string ReservationsKey(absl::string_view mentor) {
  return absl::StrCat("reservations/", IdOf(mentor));
}

std::string BookingsKey(absl::string_view engagement_request) {
  return absl::StrCat("bookings/", IdOf(engagement_request));
}

std::string ProposalsKey(absl::string_view cohort) {
  return absl::StrCat("proposals/", IdOf(cohort));
}

std::string OperationKey(absl::string_view operation) {
  return absl::StrCat(kOperationPrefix, IdOf(operation));
}

}  // namespace tandem::matching
