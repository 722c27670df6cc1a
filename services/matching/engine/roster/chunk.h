// A block of mentors in the roster, and the view of one mentor that rules and criteria read.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_CHUNK_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/ragged_column.h"

namespace tandem::engine {

// Mentors per chunk: few enough to copy in some 20 microseconds, many enough to scan fast.
constexpr int kChunkRows = 256;

// What every rule looks at first, in as few bytes as possible. The signatures are sets of
// SignatureBit: if a bit is missing, the mentor has nothing of that number, and the rule need not
// look any further.
struct MentorRow {
  uint64_t topics_signature = 0;         // Topics of expertise and everything above them.
  uint64_t languages_signature = 0;      // Languages and everything above them.
  uint64_t organisations_signature = 0;  // Relations, preferred and excluded organisations.
  uint64_t countries_signature = 0;      // Residence and nationalities.
  Day consent_given_on = kNoDay;         // As in MentorFacts, so are the fields without a comment.
  Day consent_withdrawn_on = kNoDay;
  Day coi_declared_on = kNoDay;
  Day coi_expires_on = kNoDay;
  uint32_t schedule = 0;   // A number of Dictionaries::schedules.
  uint32_t residence = 0;  // A number of Dictionaries::countries.
  uint16_t hours_per_month = 0;
  uint16_t max_engagements = 0;
  bool active = false;
  Vetting vetting = Vetting::kUnspecified;
  uint8_t modalities = 0;
  bool has_days_off = false;
};

// Entries of lists. Numbers are those of the dictionary named.
struct RelationEntry {
  uint32_t organisation = 0;  // Of organisations.
  RelationKind kind = RelationKind::kUnspecified;
  Day first = kNoDay;
  Day last = kNoDay;
};
struct ExpertiseEntry {
  uint32_t topic = 0;  // Of topics.
  Day last_practised = kNoDay;
  uint8_t level = 0;
};
struct LanguageEntry {
  uint32_t language = 0;  // Of languages.
  Cefr spoken = Cefr::kNone;
  Cefr written = Cefr::kNone;
};

struct Chunk {
  uint64_t state = 0;  // See NewStateNumber: another one after every change.
  std::vector<MentorRow> rows;
  // Apart from the rows: decisions read these of mentors of whom they read nothing else.
  std::vector<int64_t> last_confirmed;
  std::vector<uint64_t> id_hashes;  // Of the ids, for draws.
  std::vector<int64_t> revisions;
  RaggedColumn<uint32_t> nationalities;  // Of countries.
  RaggedColumn<RelationEntry> relations;
  RaggedColumn<ExpertiseEntry> expertise;
  RaggedColumn<LanguageEntry> languages;
  RaggedColumn<uint32_t> experience_countries;     // Of countries.
  RaggedColumn<uint32_t> development_contexts;     // Of contexts.
  RaggedColumn<DayRange> days_off;                 // Merged, in rising order.
  RaggedColumn<uint32_t> preferred_organisations;  // Of organisations.
  RaggedColumn<uint32_t> excluded_organisations;   // Of organisations.

  size_t MemoryBytes() const;
};

// One mentor as rules and criteria see it. Cheap to copy; valid as long as its snapshot.
class MentorView {
 public:
  MentorView(const Chunk& chunk, int index, int32_t row)
      : chunk_(&chunk), facts_(&chunk.rows[index]), index_(index), row_(row) {}

  const MentorRow& facts() const { return *facts_; }
  int32_t row() const { return row_; }  // In the roster.
  int64_t revision() const { return chunk_->revisions[index_]; }
  int64_t last_confirmed() const { return chunk_->last_confirmed[index_]; }
  uint64_t id_hash() const { return chunk_->id_hashes[index_]; }
  absl::Span<const uint32_t> nationalities() const { return chunk_->nationalities[index_]; }
  absl::Span<const RelationEntry> relations() const { return chunk_->relations[index_]; }
  absl::Span<const ExpertiseEntry> expertise() const { return chunk_->expertise[index_]; }
  absl::Span<const LanguageEntry> languages() const { return chunk_->languages[index_]; }
  absl::Span<const uint32_t> experience_countries() const {
    return chunk_->experience_countries[index_];
  }
  absl::Span<const uint32_t> development_contexts() const {
    return chunk_->development_contexts[index_];
  }
  absl::Span<const DayRange> days_off() const {
    return facts_->has_days_off ? chunk_->days_off[index_] : absl::Span<const DayRange>();
  }
  absl::Span<const uint32_t> preferred_organisations() const {
    return chunk_->preferred_organisations[index_];
  }
  absl::Span<const uint32_t> excluded_organisations() const {
    return chunk_->excluded_organisations[index_];
  }

 private:
  const Chunk* chunk_;
  const MentorRow* facts_;
  int index_;
  int32_t row_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_CHUNK_H_
