// Whether the organisations that assessments and requests name are NSBs that can be helped: they
// exist, are national standards bodies, and are active. They are the profiles service's, so it is
// asked, by its API. Thread-safe, once AskAt was called.
#ifndef SERVICES_NEEDS_HELPED_ORGANISATIONS_H_
#define SERVICES_NEEDS_HELPED_ORGANISATIONS_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/call_context.h"
#include "services/common/errors.h"

namespace tandem::needs {

class HelpedOrganisations {
 public:
  // Where the profiles service is. Before, and where it is never called, every name passes.
  void AskAt(std::shared_ptr<grpc::Channel> profiles);

  // Adds a violation of the field `path` if `organisation` is none that can be helped. A name that
  // is no resource name is left to the check of its form. Error: what the profiles service answers
  // but NOT_FOUND, such as UNAVAILABLE.
  absl::Status Check(const common::CallContext& call, const std::string& organisation,
                     absl::string_view path, common::FieldViolations* violations);

 private:
  absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> profiles_ ABSL_GUARDED_BY(mutex_);
  // Until when an organisation counts as one that can be helped without being asked about again: an
  // import names the same few thousands of times.
  absl::flat_hash_map<std::string, absl::Time> fine_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_HELPED_ORGANISATIONS_H_
