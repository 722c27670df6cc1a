// Whether the mentors and organisations that credentials are for exist. They are another service's,
// so it is asked, by its API. Thread-safe, once AskAt was called.
#ifndef SERVICES_ACCESS_SUBJECTS_H_
#define SERVICES_ACCESS_SUBJECTS_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "services/common/call_context.h"

namespace tandem::access {

class Subjects {
 public:
  // Where the profiles service is. Before, and where it is never called, every subject passes.
  void AskAt(std::shared_ptr<grpc::Channel> profiles);

  // OK for an empty subject, and for a mentor or organisation that exists and was not erased. Else
  // FIELDS_INVALID about `field`; what the profiles service answers otherwise, such as UNAVAILABLE.
  absl::Status CheckExists(const common::CallContext& call, const std::string& subject,
                           absl::string_view field) const;

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> profiles_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_SUBJECTS_H_
