// Following resources, of resource_table_core.h.
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/change_feed.h"
#include "services/common/feed_reader.h"
#include "services/common/resource_table_core.h"

namespace tandem::common {
namespace {

// Resources per step: some hundred kilobytes.
constexpr int kStepResources = 500;
constexpr int kMaxCommitsPerStep = 500;
constexpr int64_t kMaxFeedBytes = 256 << 10;

absl::Status HungUp() { return absl::CancelledError("the follower hung up"); }

}  // namespace

absl::Status ResourceTableCore::Watch(const CallContext& call, storage::Revision after,
                                      absl::FunctionRef<bool(MessageWatchStep)> emit) const {
  if (after < 0) return InvalidField("after_revision", "must not be negative");
  if (after == 0) {
    TANDEM_ASSIGN_OR_RETURN(after, SendSnapshot(call, emit));
  }
  FeedReader feed(resources_->store(), call, after, {kMaxCommitsPerStep, kMaxFeedBytes});
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const storage::FeedBatch batch, feed.Next());
    TANDEM_RETURN_IF_ERROR(SendChanged(batch, emit));
  }
}

absl::StatusOr<storage::Revision> ResourceTableCore::SendSnapshot(
    const CallContext& call, absl::FunctionRef<bool(MessageWatchStep)> emit) const {
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(0));
  const storage::Revision revision = snapshot->revision();
  std::string after;
  bool more = true;
  while (more) {
    // Let go while the follower reads: a slow one must not keep old states busy.
    if (snapshot == nullptr) {
      TANDEM_ASSIGN_OR_RETURN(snapshot, resources_->SnapshotAt(revision));
    }
    MessageWatchStep step;
    TANDEM_ASSIGN_OR_RETURN(step.resources, ScanPage(call, *snapshot, Filter(), NameRule(), after,
                                                     kStepResources, &more));
    snapshot = nullptr;
    if (!step.resources.empty()) after = fields_.Name(*step.resources.back());
    step.revision = more ? 0 : revision;
    step.snapshot_complete = !more;
    if (!emit(std::move(step))) return HungUp();
  }
  return revision;
}

absl::Status ResourceTableCore::SendChanged(const storage::FeedBatch& batch,
                                            absl::FunctionRef<bool(MessageWatchStep)> emit) const {
  std::set<std::string> names;
  for (const storage::FeedRecord& commit : batch.commits) {
    TANDEM_ASSIGN_OR_RETURN(const auto changes, ChangesOf(resources_->name(), commit));
    for (const v1::Change& change : changes) {
      if (absl::StartsWith(change.resource(), prefix_)) names.insert(change.resource());
    }
  }
  const storage::Revision revision = batch.commits.back().revision;
  MessageWatchStep step;
  if (!names.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(revision));
    for (const std::string& name : names) {
      auto record = snapshot->Get(name);
      if (!record.ok()) return FromStorage(record.status());
      if (!record->has_value()) continue;
      TANDEM_ASSIGN_OR_RETURN(MessagePtr resource,
                              Decode(name, (*record)->value, (*record)->revision));
      step.resources.push_back(std::move(resource));
      if (static_cast<int>(step.resources.size()) < kStepResources) continue;
      if (!emit(std::exchange(step, MessageWatchStep()))) return HungUp();
    }
  }
  step.revision = revision;
  return emit(std::move(step)) ? absl::OkStatus() : HungUp();
}

}  // namespace tandem::common
