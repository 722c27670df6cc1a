#include "storage/testing/model.h"

#include <algorithm>

namespace tandem::storage {

absl::StatusCode Model::Apply(const Commit& commit) {
  if (commit.answer.has_value() && answers_.count(commit.answer->request_id) > 0) {
    return absl::StatusCode::kAlreadyExists;
  }
  State state = states_.back();
  for (const Expectation& expectation : commit.expectations) {
    auto found = state.find(expectation.key);
    const Revision actual = found == state.end() ? 0 : found->second.second;
    if (actual != expectation.revision) return absl::StatusCode::kAborted;
  }
  const Revision revision = head() + 1;
  for (const Mutation& mutation : commit.mutations) {
    if (mutation.value.has_value()) {
      state[mutation.key] = {*mutation.value, revision};
    } else {
      state.erase(mutation.key);
    }
  }
  states_.push_back(std::move(state));
  feed_.push_back(commit.feed_entries);
  if (commit.answer.has_value()) {
    answers_[commit.answer->request_id] = *commit.answer;
    answers_[commit.answer->request_id].revision = revision;
  }
  return absl::StatusCode::kOk;
}

bool Model::Readable(Revision revision) const {
  if (revision < 0 || revision > head()) return false;
  if (revision >= oldest_) return true;
  auto pin = pins_.lower_bound({revision, std::string()});
  return pin != pins_.end() && pin->first == revision;
}

std::vector<Version> Model::VersionsReadable(const std::string& key, Revision newest) const {
  std::vector<Version> versions;
  for (Revision revision = std::min(newest, head()); revision >= 0; --revision) {
    if (!Readable(revision)) continue;
    auto found = At(revision).find(key);
    if (found == At(revision).end()) continue;
    const auto& [value, written] = found->second;
    if (versions.empty() || versions.back().revision != written) {
      versions.push_back({written, value});
    }
  }
  return versions;
}

std::optional<KeptAnswer> Model::FindAnswer(const std::string& request_id) const {
  auto found = answers_.find(request_id);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

int64_t Model::ForgetAnswers(absl::Time now) {
  int64_t forgotten = 0;
  for (auto it = answers_.begin(); it != answers_.end();) {
    const bool expired = it->second.expires_at <= now;
    it = expired ? answers_.erase(it) : std::next(it);
    forgotten += expired ? 1 : 0;
  }
  return forgotten;
}

absl::StatusCode Model::Trim(Revision oldest) {
  if (oldest > head()) return absl::StatusCode::kOutOfRange;
  oldest_ = std::max(oldest_, oldest);
  return absl::StatusCode::kOk;
}

}  // namespace tandem::storage
