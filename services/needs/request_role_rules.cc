#include "services/needs/request_role_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "services/common/validation.h"

namespace tandem::needs {
namespace {

using common::FieldViolations;
using common::IndexPath;
using common::JoinPath;
using common::Presence;

constexpr int kMaxRoles = 20;
constexpr int kMaxList = 50;
constexpr int kMaxMentors = 100;
constexpr int kHoursOfAMonth = 744;

void CheckTopics(const v1::RequestRole& role, const common::ReferenceData& reference,
                 const std::string& path, FieldViolations* violations) {
  common::CheckCount(role.topics_size(), kMaxList, path, violations);
  std::set<std::string> seen;
  for (int i = 0; i < std::min(role.topics_size(), kMaxList); ++i) {
    const v1::TopicRequirement& topic = role.topics(i);
    const std::string at = IndexPath(path, i);
    common::CheckCode(topic.topic(), reference.topics(), Presence::kRequired, JoinPath(at, "topic"),
                      violations);
    common::CheckUnique(topic.topic(), JoinPath(at, "topic"), &seen, violations);
    common::CheckRange(topic.min_level(), 0, 5, JoinPath(at, "min_level"), violations);
    common::CheckRange(topic.weight(), 1, 100, JoinPath(at, "weight"), violations);
  }
}

void CheckLanguages(const v1::RequestRole& role, const common::ReferenceData& reference,
                    const std::string& path, FieldViolations* violations) {
  common::CheckCount(role.languages_size(), kMaxList, path, violations);
  std::set<std::string> seen;
  for (int i = 0; i < std::min(role.languages_size(), kMaxList); ++i) {
    const v1::LanguageRequirement& language = role.languages(i);
    const std::string at = IndexPath(path, i);
    common::CheckLanguageTag(language.language(), reference.languages(), JoinPath(at, "language"),
                             violations);
    common::CheckUnique(language.language(), JoinPath(at, "language"), &seen, violations);
    common::CheckEnum(language.min_spoken(), tandem::common::v1::CefrLevel_IsValid,
                      Presence::kOptional, JoinPath(at, "min_spoken"), violations);
    common::CheckEnum(language.min_written(), tandem::common::v1::CefrLevel_IsValid,
                      Presence::kOptional, JoinPath(at, "min_written"), violations);
  }
}

void CheckRole(const v1::RequestRole& role, const common::ReferenceData& reference,
               const std::string& path, FieldViolations* violations) {
  common::CheckLocalId(role.role_id(), JoinPath(path, "role_id"), violations);
  if (role.role_id() != absl::AsciiStrToLower(role.role_id())) {
    violations->Add(JoinPath(path, "role_id"), "must be in lower case");
  }
  common::CheckRange(role.min_mentors(), 0, kMaxMentors, JoinPath(path, "min_mentors"), violations);
  common::CheckRange(role.max_mentors(), 1, kMaxMentors, JoinPath(path, "max_mentors"), violations);
  if (role.max_mentors() < role.min_mentors()) {
    violations->Add(JoinPath(path, "max_mentors"), "must not be below min_mentors");
  }
  common::CheckRange(role.hours_per_month(), 1, kHoursOfAMonth, JoinPath(path, "hours_per_month"),
                     violations);
  CheckTopics(role, reference, JoinPath(path, "topics"), violations);
  CheckLanguages(role, reference, JoinPath(path, "languages"), violations);
}

}  // namespace

void CheckRequestRoles(const v1::EngagementRequest& request, const common::ReferenceData& reference,
                       FieldViolations* violations) {
  if (request.roles().empty()) violations->Add("roles", "must have at least one entry");
  common::CheckCount(request.roles_size(), kMaxRoles, "roles", violations);
  std::set<std::string> ids;
  for (int i = 0; i < std::min(request.roles_size(), kMaxRoles); ++i) {
    const std::string path = IndexPath("roles", i);
    CheckRole(request.roles(i), reference, path, violations);
    common::CheckUnique(request.roles(i).role_id(), JoinPath(path, "role_id"), &ids, violations);
  }
}

}  // namespace tandem::needs
