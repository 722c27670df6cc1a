// What the engine found about pairs and needs, as clients see it: codes, numbers and sentences.
#ifndef TANDEM_SERVICES_MATCHING_WORDS_ANSWER_WORDS_H_
#define TANDEM_SERVICES_MATCHING_WORDS_ANSWER_WORDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/rules/verdict.h"
#include "tandem/matching/v1/ranking.pb.h"

namespace tandem::matching {

v1::RuleVerdict ToProto(const engine::Verdict& verdict);

// Rules that exclude nobody are left out.
google::protobuf::RepeatedPtrField<v1::RuleCount> ToProto(const engine::PoolCounts& pool);

// Every criterion in order; `sentences` may be nullptr.
google::protobuf::RepeatedPtrField<v1::CriterionValue> ToProto(
    const engine::Score& score, const std::array<std::string, engine::kCriterionCount>* sentences);

// "giving LANGUAGE the weight 12 instead of 10 would swap the two".
std::string TieTurnerSentence(const engine::TieTurner& turner);

// Why a plan's match is a good one: its rank, what counted most, and what it costs.
std::vector<std::string> MatchReasons(const engine::Explanation& explanation,
                                      int64_t eligible_count);

// "schedule overlap" for SCHEDULE_OVERLAP.
std::string CodeWords(absl::string_view code);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_WORDS_ANSWER_WORDS_H_
