// What a handler knows about the call that it serves: who, what, until when, and whether the caller
// still waits.
//
// Work that outlives its call (a cohort being solved) copies call() and makes a context of its own
// from it, so that what it commits is still recorded under its actor and method.
//
// Thread safety: all methods may be called from any thread.
#ifndef SERVICES_COMMON_CALL_CONTEXT_H_
#define SERVICES_COMMON_CALL_CONTEXT_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/common/access/object_scope.h"
#include "services/common/principal.h"
#include "storage/cancellation.h"

namespace tandem::common {

struct Call {
  Principal principal;
  ObjectScope scope;           // which objects it may touch; everything for the server's own calls
  std::string method;          // "tandem.needs.v1.NeedsService/GetProgramme"
  std::string request_id;      // of the request; empty when it has none
  std::string request_digest;  // SHA-256 (32 bytes) of method and canonical request; only where the
                               // request has a request_id field
  bool validate_only = false;  // of the request: nothing is committed
  absl::Time received_at;
  absl::Time deadline = absl::InfiniteFuture();  // already clamped to the server's maximum
};

class CallContext {
 public:
  // `cancellation` must outlive the context.
  CallContext(Call call, storage::Cancellation* cancellation)
      : call_(std::move(call)), cancellation_(cancellation) {}
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  const Call& call() const { return call_; }
  const Principal& principal() const { return call_.principal; }
  const ObjectScope& scope() const { return call_.scope; }
  const std::string& method() const { return call_.method; }
  const std::string& request_id() const { return call_.request_id; }
  const std::string& request_digest() const { return call_.request_digest; }
  bool validate_only() const { return call_.validate_only; }
  absl::Time received_at() const { return call_.received_at; }
  absl::Time deadline() const { return call_.deadline; }

  // Ends waits when the caller hangs up or the server shuts down.
  storage::Cancellation* cancellation() const { return cancellation_; }
  bool IsCancelled() const { return cancellation_->cancelled(); }
  // OK, or CANCELLED or DEADLINE_EXCEEDED: long work asks now and then, and stops.
  absl::Status CheckAlive() const;

 private:
  const Call call_;
  storage::Cancellation* const cancellation_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CALL_CONTEXT_H_
