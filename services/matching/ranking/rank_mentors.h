// Answers about one need: who of the roster fits best, and why a mentor fits or does not.
#ifndef TANDEM_SERVICES_MATCHING_RANKING_RANK_MENTORS_H_
#define TANDEM_SERVICES_MATCHING_RANKING_RANK_MENTORS_H_

#include "absl/status/statusor.h"
#include "services/matching/cohorts/cohort_question.h"
#include "tandem/matching/v1/ranking.pb.h"

namespace tandem::matching {

// Errors: see MatchingService.RankMentors and ExplainPair. Thread-safe.
absl::StatusOr<v1::RankMentorsResponse> RankMentors(const DecisionSources& sources,
                                                    const v1::RankMentorsRequest& request);
absl::StatusOr<v1::ExplainPairResponse> ExplainPair(const DecisionSources& sources,
                                                    const v1::ExplainPairRequest& request);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RANKING_RANK_MENTORS_H_
