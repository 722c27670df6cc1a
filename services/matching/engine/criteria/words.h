// What a criterion is about, in words.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_WORDS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_WORDS_H_

#include <string>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// The data behind a criterion's points, for example "level 4 in conformity-assessment.testing, last
// practised 2026-05-01".
std::string CriterionSentence(Criterion criterion, const MentorView& mentor,
                              const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_WORDS_H_
