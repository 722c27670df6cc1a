// A call as a handler under test sees it, without a server around.
#ifndef SERVICES_COMMON_TESTING_TEST_CALL_H_
#define SERVICES_COMMON_TESTING_TEST_CALL_H_

#include <memory>
#include <string>

#include "services/common/call_context.h"
#include "storage/cancellation.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

struct TestCallOptions {
  std::string actor = "unauthenticated: test";
  v1::Role role = v1::ROLE_STAFF;
  std::string method = "tandem.echo.v1.EchoService/Echo";
  std::string request_id;
  bool validate_only = false;
  // Stands for the request: calls with the same body have the same digest.
  std::string body = "body";
};

// Owns the context and its cancellation. A deadline of a minute guards against hanging.
class TestCall {
 public:
  explicit TestCall(TestCallOptions options = {});
  const CallContext& operator*() const { return *context_; }
  const CallContext* operator->() const { return context_.get(); }
  void Cancel() { cancellation_.Cancel(); }

 private:
  storage::Cancellation cancellation_;
  std::unique_ptr<CallContext> context_;
};

// Options of a call with that request_id and body.
TestCallOptions WithRequestId(std::string request_id, std::string body);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_TEST_CALL_H_
