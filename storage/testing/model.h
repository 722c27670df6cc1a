// The store as simply as it can be said: the whole state of every revision, side by side. What a
// backend answers is compared with this.
#ifndef STORAGE_TESTING_MODEL_H_
#define STORAGE_TESTING_MODEL_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "storage/store.h"

namespace tandem::storage {

class Model {
 public:
  // key -> (value, revision that wrote it)
  using State = std::map<std::string, std::pair<std::string, Revision>>;

  Model() : states_(1) {}

  // The outcome that Apply() must have; an OK one is carried out.
  absl::StatusCode Apply(const Commit& commit);

  Revision head() const { return static_cast<Revision>(states_.size()) - 1; }
  Revision oldest() const { return oldest_; }
  bool Readable(Revision revision) const;
  const State& At(Revision revision) const { return states_[static_cast<size_t>(revision)]; }

  // The versions with a value, newest first, that a read at some readable revision <= `newest`
  // finds: History() must list each of them.
  std::vector<Version> VersionsReadable(const std::string& key, Revision newest) const;

  const std::vector<std::string>& Entries(Revision revision) const {
    return feed_[static_cast<size_t>(revision)];
  }
  std::optional<KeptAnswer> FindAnswer(const std::string& request_id) const;
  int64_t ForgetAnswers(absl::Time now);

  void Pin(Revision revision, const std::string& owner) { pins_.insert({revision, owner}); }
  void Unpin(Revision revision, const std::string& owner) { pins_.erase({revision, owner}); }
  const std::set<std::pair<Revision, std::string>>& pins() const { return pins_; }
  // OK or OUT_OF_RANGE.
  absl::StatusCode Trim(Revision oldest);

 private:
  std::vector<State> states_;                          // by revision
  std::vector<std::vector<std::string>> feed_ = {{}};  // by revision
  std::map<std::string, KeptAnswer> answers_;
  std::set<std::pair<Revision, std::string>> pins_;
  Revision oldest_ = 0;
};

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_MODEL_H_
