// What one write does to a store, collected before it is committed as a whole: expectations,
// mutations of keys, and the changes that the feed will tell. Several tables of one store may stage
// into the same change set: a match approved and a capacity reserved are one commit.
//
// Not thread-safe: one attempt of one write uses it.
#ifndef SERVICES_COMMON_CHANGE_SET_H_
#define SERVICES_COMMON_CHANGE_SET_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::common {

// The answer of a write, in a form without personal data, from which it can be rendered again.
struct WriteAnswer {
  std::vector<std::string> names;  // of the resources answered with
  int32_t created = 0;
  int32_t updated = 0;
  int32_t unchanged = 0;
};

class ChangeSet {
 public:
  // The commit fails, and the write is attempted again, unless `key` was last written at
  // `revision` (0: is absent).
  void Expect(std::string key, storage::Revision revision) {
    expectations_.push_back({std::move(key), revision});
  }
  void Put(std::string key, std::string value) {
    mutations_.push_back({std::move(key), std::move(value)});
  }
  void Delete(std::string key) { mutations_.push_back({std::move(key), std::nullopt}); }

  // One entry of the feed; the digests are of stored records (32 bytes, or empty). The rest of the
  // entry is filled in from the call.
  void AddChange(absl::string_view resource, v1::ChangeKind kind, absl::string_view reason_code,
                 absl::string_view before_digest, absl::string_view after_digest);

  // Runs right before each commit of this set, in the order added; an error ends the write. For
  // what must be durable before the commit is, such as the key of a new person.
  void BeforeCommit(std::function<absl::Status()> action) {
    before_commit_.push_back(std::move(action));
  }

  // What the hooks of one `owner` collect over all resources of this set, made at the first call:
  // for example the keys of all new persons of a batch, stored with one action before the commit.
  template <typename T>
  std::shared_ptr<T> Shared(const void* owner) {
    std::shared_ptr<void>& slot = shared_[owner];
    if (slot == nullptr) slot = std::make_shared<T>();
    return std::static_pointer_cast<T>(slot);
  }

  WriteAnswer& answer() { return answer_; }
  const WriteAnswer& answer() const { return answer_; }

  // True when there is nothing to commit.
  bool empty() const { return mutations_.empty() && changes_.changes().empty(); }

 private:
  friend class ResourceStore;

  std::vector<storage::Expectation> expectations_;
  std::vector<storage::Mutation> mutations_;
  std::vector<std::function<absl::Status()>> before_commit_;
  std::map<const void*, std::shared_ptr<void>> shared_;
  v1::ChangeBatch changes_;
  WriteAnswer answer_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CHANGE_SET_H_
