// A real gRPC server with the echo service, and a gateway before it: what the gateway's tests call.
#ifndef SERVICES_GATEWAY_TESTING_ECHO_GATEWAY_H_
#define SERVICES_GATEWAY_TESTING_ECHO_GATEWAY_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "services/common/method_registry.h"
#include "services/common/server.h"
#include "services/common/testing/echo_service.pb.h"
#include "services/gateway/gateway.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

inline constexpr char kEcho[] = "/tandem.echo.v1.EchoService/Echo";
inline constexpr char kRepeat[] = "/tandem.echo.v1.EchoService/Repeat";

// Headers of a JSON call by a staff member.
HttpHeaders JsonHeaders();

// Echo sends its request back, and by its text may also:
//   "missing"   fail with NOT_FOUND and details
//   "invalid"   fail with INVALID_ARGUMENT naming a field
//   "large N"   answer with N letters
//   "wait"      wait until the call is cancelled or its deadline passes
// Repeat answers `count` times with its text and the number; text "fail" ends it with ABORTED, text
// "wait" waits after the answers until it is cancelled.
class EchoGatewayTest : public ::testing::Test {
 protected:
  ~EchoGatewayTest() override;

  void Start(GatewayOptions options = {});

  // What the last call of Echo knew about itself.
  common::Call LastCall();
  // Calls of Echo and Repeat that are running now.
  int Running();
  // Waits until Running() is `count`; false after the hang guard.
  bool WaitForRunning(int count);

  bool ready_ = true;  // what the gateway hears about the rest of the process
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<Gateway> gateway_;

 private:
  absl::StatusOr<echo::v1::EchoMessage> Echo(const common::CallContext& call,
                                             const echo::v1::EchoMessage& request);
  absl::Status Repeat(const common::CallContext& call, const echo::v1::EchoMessage& request,
                      common::StreamWriter<echo::v1::EchoMessage>& writer);
  void Count(int change);

  absl::Mutex mutex_;
  common::Call last_call_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_TESTING_ECHO_GATEWAY_H_
