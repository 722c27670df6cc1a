#include "services/matching/ledger/ledger.h"

#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/change_feed.h"
#include "services/common/errors.h"
#include "services/matching/engine/time/calendar.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"

namespace tandem::matching {
namespace {

constexpr int kFeedCommits = 1000;
constexpr int64_t kFeedBytes = 4 << 20;

engine::Month ToEngineMonth(absl::CivilMonth month) {
  return static_cast<engine::Month>(month.year() * 12 + month.month() - 1);
}

// Forgets what a match said before.
void Forget(const std::string& name, const std::string& need, LedgerState* state) {
  state->approved.erase(name);
  const auto refusals = state->refusals.find(need);
  if (refusals == state->refusals.end()) return;
  refusals->second.erase(name);
  if (refusals->second.empty()) state->refusals.erase(refusals);
}

absl::Status Take(const std::string& name, const v1::Match& match, LedgerState* state) {
  Forget(name, match.need(), state);
  if (match.state() == v1::MATCH_STATE_APPROVED) {
    TANDEM_ASSIGN_OR_RETURN(MonthlyWork work, WorkOf(match));
    state->approved[name] = {name, match.need(), match.mentor(), match.score_micropoints(), work};
  } else if (match.state() == v1::MATCH_STATE_REJECTED) {
    const absl::Time time = absl::FromUnixSeconds(match.decide_time().seconds());
    state->refusals[match.need()][name] = {match.mentor(), engine::UtcDayOf(time)};
  }
  return absl::OkStatus();
}

}  // namespace

engine::LoadFacts LedgerState::Load() const {
  engine::LoadFacts load;
  load.commitments.reserve(approved.size());
  for (const auto& [name, match] : approved) {
    load.commitments.push_back(
        {match.mentor, match.need, static_cast<int>(match.work.hours_per_month),
         ToEngineMonth(match.work.months.first), ToEngineMonth(match.work.months.last)});
  }
  return load;
}

std::map<std::string, std::vector<MonthlyWork>> LedgerState::PromisedWork() const {
  std::map<std::string, std::vector<MonthlyWork>> promised;
  for (const auto& [name, match] : approved) promised[match.mentor].push_back(match.work);
  return promised;
}

std::vector<engine::EarlierRefusal> LedgerState::RefusalsOf(absl::string_view need) const {
  std::vector<engine::EarlierRefusal> result;
  const auto found = refusals.find(std::string(need));
  if (found == refusals.end()) return result;
  for (const auto& [match, refusal] : found->second) result.push_back(refusal);
  return result;
}

absl::StatusOr<MonthlyWork> WorkOf(const v1::Match& match) {
  const absl::StatusOr<absl::CivilMonth> first = ParseMonth(match.first_month());
  const absl::StatusOr<absl::CivilMonth> last = ParseMonth(match.last_month());
  if (!first.ok() || !last.ok()) {
    return absl::DataLossError(absl::StrCat("the months of ", match.name(),
                                            " cannot be read: restore the store from a backup"));
  }
  return MonthlyWork{match.hours_per_month(), {*first, *last}};
}

absl::StatusOr<LedgerState> ReadLedger(const storage::Snapshot& snapshot) {
  LedgerState state;
  state.revision = snapshot.revision();
  absl::Status taken;
  const absl::Status scanned = snapshot.Scan(kMatchPrefix, storage::EndOfPrefix(kMatchPrefix),
                                             [&](const storage::Record& record) {
                                               v1::Match match;
                                               taken = Decode(record.key, record.value, &match);
                                               if (taken.ok())
                                                 taken = Take(record.key, match, &state);
                                               return taken.ok();
                                             });
  TANDEM_RETURN_IF_ERROR(common::FromStorage(scanned));
  TANDEM_RETURN_IF_ERROR(taken);
  return state;
}

absl::StatusOr<std::shared_ptr<const LedgerState>> Ledger::Current() {
  absl::MutexLock lock(&mutex_);
  if (state_ != nullptr) {
    const absl::Status caught_up = CatchUp();
    if (caught_up.ok()) return state_;
    if (!absl::IsOutOfRange(caught_up)) return caught_up;  // else the feed was trimmed: read anew
  }
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(LedgerState state, ReadLedger(*snapshot));
  state_ = std::make_shared<const LedgerState>(std::move(state));
  return state_;
}

absl::Status Ledger::CatchUp() {
  if (resources_->store().Revisions().head <= state_->revision) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(0));
  const storage::Revision head = snapshot->revision();
  std::set<std::string> changed;
  for (storage::Revision read = state_->revision; read < head;) {
    auto batch = resources_->store().ReadFeed(read, kFeedCommits, kFeedBytes);
    if (!batch.ok()) return common::FromStorage(batch.status());
    for (const storage::FeedRecord& record : batch->commits) {
      read = record.revision;
      TANDEM_ASSIGN_OR_RETURN(auto changes, common::ChangesOf(resources_->name(), record));
      for (const common::v1::Change& change : changes) {
        if (absl::StartsWith(change.resource(), kMatchPrefix)) changed.insert(change.resource());
      }
    }
  }
  auto next = std::make_shared<LedgerState>(*state_);
  for (const std::string& name : changed) {
    TANDEM_ASSIGN_OR_RETURN(Stored<v1::Match> match, ReadRecord<v1::Match>(*snapshot, name));
    TANDEM_RETURN_IF_ERROR(Take(name, match.value, next.get()));
  }
  next->revision = head;
  state_ = std::move(next);
  return absl::OkStatus();
}

}  // namespace tandem::matching
