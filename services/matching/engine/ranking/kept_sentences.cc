#include "services/matching/engine/ranking/kept_sentences.h"

#include "services/matching/engine/criteria/words.h"

namespace tandem::engine {

CriterionSentences SentencesOf(const MentorView& mentor, const PreparedNeed& need) {
  CriterionSentences sentences;
  for (int i = 0; i < kCriterionCount; ++i) {
    sentences[i] = CriterionSentence(CriterionAt(i), mentor, need);
  }
  return sentences;
}

CriterionSentences KeptSentences::Of(const MentorView& mentor, const PreparedNeed& need) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto kept = by_row_.find(mentor.row());
    if (kept != by_row_.end()) {
      CriterionSentences sentences = kept->second;
      sentences[IndexOf(Criterion::kFreshness)] =
          CriterionSentence(Criterion::kFreshness, mentor, need);
      return sentences;
    }
  }
  CriterionSentences sentences = SentencesOf(mentor, need);
  absl::MutexLock lock(&mutex_);
  if (by_row_.size() < kMostMentors) by_row_.emplace(mentor.row(), sentences);
  return sentences;
}

}  // namespace tandem::engine
