#include "services/matching/engine/roster/roster.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/draws.h"
#include "services/matching/engine/state_number.h"
#include "services/matching/engine/time/free_days.h"

namespace tandem::engine {
namespace {

// A thousand questions about 100,000 mentors, who take some 45 MB themselves.
constexpr size_t kMaxAnswerBytes = size_t{16} << 20;
constexpr size_t kMaxScanBytes = size_t{64} << 20;

uint16_t Clamp16(int value) { return static_cast<uint16_t>(std::clamp(value, 0, 65'535)); }

std::vector<uint32_t> Numbers(const std::vector<std::string>& texts, Dictionary* dictionary) {
  std::vector<uint32_t> numbers;
  numbers.reserve(texts.size());
  for (const std::string& text : texts) numbers.push_back(dictionary->Intern(text));
  return numbers;
}

// A mentor's facts in the form of the columns.
struct EncodedMentor {
  MentorRow row;
  int64_t last_confirmed = kNever;
  uint64_t id_hash = 0;
  std::vector<uint32_t> nationalities;
  std::vector<RelationEntry> relations;
  std::vector<ExpertiseEntry> expertise;
  std::vector<LanguageEntry> languages;
  std::vector<uint32_t> experience_countries;
  std::vector<uint32_t> development_contexts;
  std::vector<DayRange> days_off;
  std::vector<uint32_t> preferred_organisations;
  std::vector<uint32_t> excluded_organisations;
};

void EncodePlainFields(const MentorFacts& mentor, EncodedMentor* encoded) {
  MentorRow& row = encoded->row;
  encoded->id_hash = IdHash(mentor.id);
  encoded->last_confirmed = mentor.last_confirmed;
  row.consent_given_on = mentor.consent_given_on;
  row.consent_withdrawn_on = mentor.consent_withdrawn_on;
  row.coi_declared_on = mentor.coi_declared_on;
  row.coi_expires_on = mentor.coi_expires_on;
  row.hours_per_month = Clamp16(mentor.hours_per_month);
  row.max_engagements = Clamp16(mentor.max_engagements);
  row.active = mentor.active;
  row.vetting = mentor.vetting;
  row.modalities = mentor.modalities;
  encoded->days_off = NormalRanges(mentor.days_off);
  row.has_days_off = !encoded->days_off.empty();
}

void EncodeSkills(const MentorFacts& mentor, Dictionaries* names, EncodedMentor* encoded) {
  for (const ExpertiseFact& fact : mentor.expertise) {
    const uint32_t topic = names->topics.Intern(fact.topic);
    encoded->row.topics_signature |= names->topics.SignatureOf(topic);
    encoded->expertise.push_back(
        {topic, fact.last_practised, static_cast<uint8_t>(std::clamp(fact.level, 0, 5))});
  }
  for (const LanguageFact& fact : mentor.languages) {
    const uint32_t language = names->languages.Intern(fact.language);
    encoded->row.languages_signature |= names->languages.SignatureOf(language);
    encoded->languages.push_back({language, fact.spoken, fact.written});
  }
  encoded->development_contexts = Numbers(mentor.development_contexts, &names->contexts);
}

void EncodeTies(const MentorFacts& mentor, Dictionaries* names, EncodedMentor* encoded) {
  MentorRow& row = encoded->row;
  encoded->preferred_organisations = Numbers(mentor.preferred_organisations, &names->organisations);
  encoded->excluded_organisations = Numbers(mentor.excluded_organisations, &names->organisations);
  for (const RelationFact& fact : mentor.relations) {
    const uint32_t organisation = names->organisations.Intern(fact.organisation);
    encoded->relations.push_back({organisation, fact.kind, fact.first, fact.last});
    row.organisations_signature |= SignatureBit(organisation);
  }
  for (uint32_t number : encoded->preferred_organisations) {
    row.organisations_signature |= SignatureBit(number);
  }
  for (uint32_t number : encoded->excluded_organisations) {
    row.organisations_signature |= SignatureBit(number);
  }
}

void EncodePlaces(const MentorFacts& mentor, Dictionaries* names, EncodedMentor* encoded) {
  MentorRow& row = encoded->row;
  row.residence = names->countries.Intern(mentor.residence_country);
  row.countries_signature = SignatureBit(row.residence);
  encoded->nationalities = Numbers(mentor.nationalities, &names->countries);
  for (uint32_t country : encoded->nationalities) row.countries_signature |= SignatureBit(country);
  encoded->experience_countries = Numbers(mentor.experience_countries, &names->countries);
  Schedule schedule;
  schedule.zone = names->zones.Intern(mentor.time_zone);
  schedule.spans = NormalSpans(mentor.weekly_windows);
  row.schedule = names->schedules.Intern(schedule);
}

EncodedMentor Encode(const MentorFacts& mentor, Dictionaries* names) {
  EncodedMentor encoded;
  EncodePlainFields(mentor, &encoded);
  EncodeSkills(mentor, names, &encoded);
  EncodeTies(mentor, names, &encoded);
  EncodePlaces(mentor, names, &encoded);
  return encoded;
}

// Calls `write(column, values)` for every list.
template <typename Writer>
void ForEachColumn(Chunk* chunk, const EncodedMentor& mentor, Writer write) {
  write(&chunk->nationalities, mentor.nationalities);
  write(&chunk->relations, mentor.relations);
  write(&chunk->expertise, mentor.expertise);
  write(&chunk->languages, mentor.languages);
  write(&chunk->experience_countries, mentor.experience_countries);
  write(&chunk->development_contexts, mentor.development_contexts);
  write(&chunk->days_off, mentor.days_off);
  write(&chunk->preferred_organisations, mentor.preferred_organisations);
  write(&chunk->excluded_organisations, mentor.excluded_organisations);
}

void AppendTo(Chunk* chunk, const EncodedMentor& mentor, int64_t revision) {
  chunk->rows.push_back(mentor.row);
  chunk->last_confirmed.push_back(mentor.last_confirmed);
  chunk->id_hashes.push_back(mentor.id_hash);
  chunk->revisions.push_back(revision);
  ForEachColumn(chunk, mentor, [](auto* column, const auto& values) { column->Append(values); });
}

void ReplaceIn(Chunk* chunk, int index, const EncodedMentor& mentor, int64_t revision) {
  chunk->rows[index] = mentor.row;
  chunk->last_confirmed[index] = mentor.last_confirmed;
  chunk->id_hashes[index] = mentor.id_hash;
  chunk->revisions[index] = revision;
  ForEachColumn(chunk, mentor,
                [index](auto* column, const auto& values) { column->Replace(index, values); });
}

}  // namespace

std::optional<int32_t> RosterSnapshot::RowOf(absl::string_view mentor_id) const {
  const std::optional<uint32_t> row = dictionaries_->mentors.Find(mentor_id);
  if (!row.has_value() || *row >= static_cast<uint32_t>(size_)) return std::nullopt;
  return static_cast<int32_t>(*row);
}

std::vector<int32_t> RosterSnapshot::RowsOf(
    const std::vector<absl::string_view>& mentor_ids) const {
  std::vector<int32_t> rows = dictionaries_->mentors.FindAll(mentor_ids);
  for (int32_t& row : rows) row = row < size_ ? row : -1;
  return rows;
}

Roster::Roster()
    : dictionaries_(std::make_shared<Dictionaries>()),
      answers_(std::make_shared<AnswerMemo>(kMaxAnswerBytes)),
      scans_(std::make_shared<ScanMemo>(kMaxScanBytes)),
      chunks_(std::make_shared<std::vector<std::shared_ptr<Chunk>>>()) {}

Chunk& Roster::WritableChunk(int32_t chunk) {
  // A snapshot that is released at this moment may cause a copy too many, never one too few: only
  // snapshots share, and taking one needs the lock.
  if (chunks_.use_count() > 1) {
    chunks_ = std::make_shared<std::vector<std::shared_ptr<Chunk>>>(*chunks_);
  }
  if (chunk == static_cast<int32_t>(chunks_->size())) {
    chunks_->push_back(std::make_shared<Chunk>());
  }
  std::shared_ptr<Chunk>& entry = (*chunks_)[chunk];
  if (entry.use_count() > 1) entry = std::make_shared<Chunk>(*entry);
  // Whoever released the last other reference has finished reading.
  std::atomic_thread_fence(std::memory_order_acquire);
  entry->state = NewStateNumber();
  return *entry;
}

absl::StatusOr<bool> Roster::Upsert(const MentorFacts& mentor) {
  if (mentor.id.empty()) return absl::InvalidArgumentError("A mentor in the roster needs an id.");
  const EncodedMentor encoded = Encode(mentor, dictionaries_.get());
  absl::MutexLock lock(&mutex_);
  const int32_t row = static_cast<int32_t>(dictionaries_->mentors.Intern(mentor.id));
  if (row < size_) {
    const Chunk& present = *(*chunks_)[row / kChunkRows];
    if (present.revisions[row % kChunkRows] > mentor.revision) return false;
    ReplaceIn(&WritableChunk(row / kChunkRows), row % kChunkRows, encoded, mentor.revision);
  } else {
    AppendTo(&WritableChunk(row / kChunkRows), encoded, mentor.revision);
    size_ = row + 1;
  }
  return true;
}

absl::Status Roster::Deactivate(absl::string_view mentor_id, int64_t revision) {
  absl::MutexLock lock(&mutex_);
  const std::optional<uint32_t> row = dictionaries_->mentors.Find(mentor_id);
  if (!row.has_value()) {
    return absl::NotFoundError(absl::StrCat("The roster has no mentor ", mentor_id, "."));
  }
  Chunk& chunk = WritableChunk(static_cast<int32_t>(*row) / kChunkRows);
  const int index = static_cast<int>(*row) % kChunkRows;
  if (chunk.revisions[index] > revision) return absl::OkStatus();
  chunk.rows[index].active = false;
  chunk.revisions[index] = revision;
  return absl::OkStatus();
}

void Roster::AdvanceTo(int64_t revision) {
  absl::MutexLock lock(&mutex_);
  revision_ = std::max(revision_, revision);
}

RosterSnapshot Roster::Snapshot() const {
  absl::ReaderMutexLock lock(&mutex_);
  RosterSnapshot snapshot;
  snapshot.chunks_ = chunks_;
  snapshot.dictionaries_ = dictionaries_;
  snapshot.answers_ = answers_;
  snapshot.scans_ = scans_;
  snapshot.size_ = size_;
  snapshot.revision_ = revision_;
  return snapshot;
}

size_t Roster::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  size_t bytes = sizeof(Roster) + dictionaries_->MemoryBytes() + answers_->MemoryBytes() +
                 scans_->MemoryBytes();
  for (const std::shared_ptr<Chunk>& chunk : *chunks_) bytes += chunk->MemoryBytes();
  return bytes;
}

}  // namespace tandem::engine
