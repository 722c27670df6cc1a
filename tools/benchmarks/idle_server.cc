#include "tools/benchmarks/idle_server.h"

#include <memory>
#include <string>
#include <utility>

#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "tools/benchmarks/payload_service.pb.h"

namespace tandem::benchmarks {

int RunIdleServer(int64_t answer_bytes) {
  const common::ShutdownSignals signals;  // first: threads inherit its mask
  v1::Payload answer;
  answer.set_content(std::string(static_cast<size_t>(answer_bytes), 'x'));
  auto registry = std::make_unique<common::MethodRegistry>();
  registry->AddUnary<v1::Payload, v1::Payload>(
      kIdleMethod, [answer](const common::CallContext&, const v1::Payload&) {
        return absl::StatusOr<v1::Payload>(answer);
      });
  common::ServerFlags flags;
  flags.address = "127.0.0.1:0";
  flags.limits.calls_per_second = 0;  // as the benchmarks start tandemd
  return common::ServeUntilSignal("idle", flags, std::move(registry), signals);
}

}  // namespace tandem::benchmarks
