// What is said about the mentors who are the best for a need, kept beside a scan of the roster:
// most of a ranking's time goes to wording it, and it says the same all day but for how fresh
// profiles are.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_KEPT_SENTENCES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_KEPT_SENTENCES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// By index of the criterion.
using CriterionSentences = std::array<std::string, kCriterionCount>;

CriterionSentences SentencesOf(const MentorView& mentor, const PreparedNeed& need);

// For one question and one state of the roster, like the scan that it belongs to. Thread-safe.
class KeptSentences {
 public:
  // The same as SentencesOf.
  CriterionSentences Of(const MentorView& mentor, const PreparedNeed& need);

  // About as many as it may come to hold.
  static constexpr size_t MaxBytes() { return kMostMentors * kCriterionCount * kBytesPerSentence; }

 private:
  // More than a usual page; of longer rankings the others are worded anew.
  static constexpr size_t kMostMentors = 16;
  static constexpr size_t kBytesPerSentence = 96;

  absl::Mutex mutex_;
  absl::flat_hash_map<int32_t, CriterionSentences> by_row_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_KEPT_SENTENCES_H_
