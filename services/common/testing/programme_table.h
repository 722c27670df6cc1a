// A table of programmes in a store in memory, for the tests of resource_table.h.
#ifndef SERVICES_COMMON_TESTING_PROGRAMME_TABLE_H_
#define SERVICES_COMMON_TESTING_PROGRAMME_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "services/common/change_feed.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "services/common/testing/test_call.h"
#include "services/common/validation.h"
#include "storage/in_memory/in_memory_store.h"
#include "tandem/common/v1/change.pb.h"
#include "tandem/needs/v1/programme.pb.h"

namespace tandem::common {

using needs::v1::Programme;

// Asks for a name, and keeps the description apart as personal data would be.
class TestHooks : public ResourceHooks<Programme> {
 public:
  absl::Status Validate(const CallContext&, const storage::Snapshot&, const Programme*,
                        const Programme& next, FieldViolations* violations) const override {
    CheckDisplayName(next.display_name(), 20, Presence::kRequired, "display_name", violations);
    CheckDisplayName(next.impact(), 20, Presence::kOptional, "impact", violations);
    return absl::OkStatus();
  }
  absl::Status Split(const Programme* previous, Programme* record,
                     ChangeSet* changes) const override {
    if (previous == nullptr || previous->description() != record->description()) {
      changes->Put("apart/" + record->name(), record->description());
    }
    record->clear_description();
    return absl::OkStatus();
  }
  absl::Status Complete(const storage::Snapshot& snapshot, Programme* resource) const override {
    auto apart = snapshot.Get("apart/" + resource->name());
    if (!apart.ok()) return apart.status();
    if (apart->has_value()) resource->set_description((*apart)->value);
    return absl::OkStatus();
  }
  std::string ExternalIdKey(absl::string_view external_id) const override {
    return absl::StrCat("hidden-", external_id.size(), "-", external_id.substr(0, 4));
  }
};

inline Programme MakeProgramme(const std::string& external_id, const std::string& display_name) {
  Programme programme;
  programme.set_external_id(external_id);
  programme.set_display_name(display_name);
  return programme;
}

inline google::protobuf::FieldMask Mask(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

class ResourceTableTest : public ::testing::Test {
 protected:
  ResourceTableTest() : store_(storage::NewInMemoryStore()) {
    ResourceStoreOptions options;
    options.name = "needs";
    options.now = [this] { return now_ += absl::Seconds(1); };
    resources_ = *ResourceStore::Open(store_, options);
    ResourceSpec spec;
    spec.collection = "programmes";
    spec.field = "programme";
    spec.plural = "programmes";
    spec.active_state = needs::v1::RECORD_STATE_ACTIVE;
    spec.inactive_state = needs::v1::RECORD_STATE_INACTIVE;
    spec.filter_fields = {"state", "external_id", "display_name"};
    table_ = std::make_unique<ResourceTable<Programme>>(resources_.get(), spec,
                                                        std::make_unique<TestHooks>());
  }

  Programme MustCreate(const std::string& external_id, const std::string& name) {
    return *table_->Create(*TestCall(), MakeProgramme(external_id, name), false);
  }
  storage::Revision Head() const { return store_->Revisions().head; }
  std::vector<v1::Change> ChangesAfter(int64_t revision) {
    v1::ListChangesRequest request;
    request.set_after_revision(revision);
    const auto response = *ServeListChanges(*resources_, request);
    return {response.changes().begin(), response.changes().end()};
  }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<ResourceStore> resources_;
  std::unique_ptr<ResourceTable<Programme>> table_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_PROGRAMME_TABLE_H_
