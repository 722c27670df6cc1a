#include "tests/boundary/write_ledger.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tandem/common/v1/change.pb.h"
#include "tests/boundary/wire_caller.h"

namespace tandem::tests {
namespace {

constexpr const char* kFeeds[] = {
    "tandem.profiles.v1.ProfilesService",
    "tandem.needs.v1.NeedsService",
    "tandem.matching.v1.MatchingService",
    "tandem.access.v1.AccessService",
};
constexpr int kCommitsPerPage = 1000;

}  // namespace

void WriteLedger::Allow(const std::string& actor) {
  absl::MutexLock lock(&mutex_);
  allowed_.insert(absl::StrCat("unauthenticated: ", actor));
}

void WriteLedger::Begin() {
  Read();  // its faults are nobody's
  changes_ = 0;
  absl::MutexLock lock(&mutex_);
  silent_ = 0;
}

std::vector<std::string> WriteLedger::Read() {
  std::vector<std::string> faults;
  absl::MutexLock lock(&mutex_);
  for (const char* service : kFeeds) ReadFeed(service, &faults);
  return faults;
}

void WriteLedger::ReadFeed(const std::string& service, std::vector<std::string>* faults) {
  WireCall call;
  call.method = absl::StrCat(service, "/ListChanges");
  call.principal.actor = "ledger";
  call.principal.role = common::v1::ROLE_SERVICE;
  call.timeout = absl::Seconds(30);
  int64_t& read = read_[service];
  for (;;) {
    common::v1::ListChangesRequest request;
    request.set_after_revision(read);
    request.set_page_size(kCommitsPerPage);
    call.request = request.SerializeAsString();
    const WireOutcome outcome = SendCall(channel_, call);
    common::v1::ListChangesResponse page;
    if (!outcome.status.ok() || !page.ParseFromString(outcome.answers.at(0))) {
      faults->push_back(
          absl::StrCat("the feed of ", service, " cannot be read: ", outcome.status.ToString()));
      return;
    }
    std::set<int64_t> commits;
    for (const common::v1::Change& change : page.changes()) {
      commits.insert(change.revision());
      ++changes_;
      if (allowed_.count(change.actor()) > 0) continue;
      faults->push_back(absl::StrCat("a call that was refused, or has no side effects, wrote: ",
                                     change.ShortDebugString()));
    }
    silent_ += page.revision() - read - static_cast<int64_t>(commits.size());
    if (silent_ > static_cast<int64_t>(allowed_.size())) {
      faults->push_back(absl::StrCat("with those of ", service, " after revision ", read, ", ",
                                     silent_, " commits tell no change: more than calls that may"));
    }
    if (page.revision() == read) return;
    read = page.revision();
  }
}

}  // namespace tandem::tests
