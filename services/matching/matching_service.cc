#include "services/matching/matching_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/reference_data.h"
#include "services/common/resource_store.h"
#include "services/matching/engine/time/zone_transitions.h"
#include "services/matching/handlers.h"
#include "services/matching/index/index_follower.h"
#include "services/matching/index/live_index.h"
#include "services/matching/index/regions.h"
#include "services/matching/index/source_heads.h"
#include "services/matching/operations/operations_service.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {
namespace {

// Engagements are at most 36 months long; this covers every decision that is made with or replayed
// by this system.
engine::DayRange DaysOfDecisions() {
  return {engine::DayOf(absl::CivilDay(2000, 1, 1)), engine::DayOf(absl::CivilDay(2100, 1, 1))};
}

// Everything that the handlers use, in the order in which one needs the other.
class Matching final : public MatchingService {
 public:
  Matching(MatchingOptions options, Regions regions, engine::ZoneTable zones,
           std::unique_ptr<common::ResourceStore> resources)
      : regions_(regions),
        zones_(std::make_shared<const engine::ZoneTable>(std::move(zones))),
        resources_(std::move(resources)),
        matches_(MakeMatchTable(resources_.get())),
        cohorts_(MakeCohortTable(resources_.get())),
        policies_(resources_.get(), std::move(options.reference)),
        runs_(resources_.get(), matches_.get(), cohorts_.get()),
        ledger_(resources_.get()),
        index_(std::move(regions)),
        runner_(options.max_runs),
        solver_(Sources(), &runs_, &runner_, {absl::StrCat("regions.json=", regions_.digest())},
                std::move(options.run_observer)),
        decider_({resources_.get(), matches_.get(), &policies_, &index_, &ledger_, zones_.get()}),
        operations_(resources_.get(), &runs_, &runner_),
        handlers_({Sources(), cohorts_.get(), matches_.get(), &policies_, &runs_, &solver_,
                   &decider_, &operations_, &regions_}) {}

  ~Matching() override { Stop(); }

  absl::Status Recover() {
    TANDEM_ASSIGN_OR_RETURN(interrupted_, runs_.TakeUpInterrupted());
    return absl::OkStatus();
  }

  void Register(common::MethodRegistry& registry) override {
    handlers_.Register(registry);
    operations_.Register(registry);
  }

  void Follow(std::shared_ptr<grpc::Channel> profiles,
              std::shared_ptr<grpc::Channel> needs) override {
    handlers_.SetChannels(profiles, needs);
    heads_ = std::make_unique<SourceHeads>(profiles, needs);
    solver_.SetReadHeads([this] { return heads_->Read(); });
    follower_ = std::make_unique<IndexFollower>(std::move(profiles), std::move(needs), &index_);
    index_.ExplainGapsBy([this] { return follower_->LastError(); });
    follower_->Start();
    for (const v1::StoredOperation& operation : interrupted_) solver_.Resume(operation);
    interrupted_.clear();
  }

  bool WaitUntilReady(absl::Time deadline) const override {
    return index_.WaitUntilReady(deadline);
  }

  absl::Status Ready() const override { return index_.View().status(); }

  void Stop() override {
    if (follower_ != nullptr) follower_->Stop();
    solver_.AbandonRuns();
    runner_.Stop();
  }

 private:
  DecisionSources Sources() {
    return {resources_.get(), cohorts_.get(), &policies_, &index_, &ledger_, zones_};
  }

  const Regions regions_;
  const std::shared_ptr<const engine::ZoneTable> zones_;
  const std::unique_ptr<common::ResourceStore> resources_;
  const std::unique_ptr<MatchTable> matches_;
  const std::unique_ptr<CohortTable> cohorts_;
  PolicyStore policies_;
  RunStore runs_;
  Ledger ledger_;
  LiveIndex index_;
  OperationRunner runner_;
  CohortSolver solver_;
  MatchDecider decider_;
  OperationsService operations_;
  MatchingHandlers handlers_;
  std::unique_ptr<SourceHeads> heads_;
  std::unique_ptr<IndexFollower> follower_;
  std::vector<v1::StoredOperation> interrupted_;  // between Recover() and Follow()
};

}  // namespace

absl::StatusOr<std::unique_ptr<MatchingService>> MatchingService::Open(MatchingOptions options) {
  std::string folder = options.reference_folder;
  if (folder.empty()) {
    TANDEM_ASSIGN_OR_RETURN(folder, common::DefaultReferenceFolder());
  }
  if (options.reference == nullptr) {
    TANDEM_ASSIGN_OR_RETURN(options.reference, common::ReferenceData::Load(folder));
  }
  TANDEM_ASSIGN_OR_RETURN(Regions regions, Regions::Load(folder));
  TANDEM_ASSIGN_OR_RETURN(engine::ZoneTable zones, engine::ReadAllZones(DaysOfDecisions()));
  common::ResourceStoreOptions store_options;
  store_options.name = "matching";
  store_options.now = options.now;
  TANDEM_ASSIGN_OR_RETURN(auto resources,
                          common::ResourceStore::Open(options.store, std::move(store_options)));
  auto matching = std::make_unique<Matching>(std::move(options), std::move(regions),
                                             std::move(zones), std::move(resources));
  TANDEM_RETURN_IF_ERROR(matching->Recover());
  return std::unique_ptr<MatchingService>(std::move(matching));
}

}  // namespace tandem::matching
