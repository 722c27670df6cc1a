// /healthz: the process is alive and answers. /readyz: every service says SERVING by gRPC's health
// protocol, and what the process needs beside (the index of mentors) is there. Thread-safe.
#ifndef SERVICES_GATEWAY_HEALTH_PAGES_H_
#define SERVICES_GATEWAY_HEALTH_PAGES_H_

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "services/gateway/forwarder.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

HttpResponse AlivePage();

// Asks the health of each service and calls `done` once, on any thread, with 200, or with 503 and
// JSON that names what is not ready: the services, and the message of `beside` unless it is OK.
void CheckReadiness(Forwarder* forwarder, const std::set<std::string>& services,
                    const absl::Status& beside, std::function<void(HttpResponse)> done);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_HEALTH_PAGES_H_
