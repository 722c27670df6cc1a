// The options by which a server program offers the gateway: off unless an address is given.
#ifndef SERVICES_GATEWAY_GATEWAY_FLAGS_H_
#define SERVICES_GATEWAY_GATEWAY_FLAGS_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "services/gateway/cors.h"
#include "services/gateway/gateway.h"

namespace tandem::gateway {

struct GatewayFlags {
  std::string address;  // empty: no gateway
  BrowserRules browsers;
};

// Adds --http-address, --http-cors-origin and --http-host.
void AddGatewayFlags(GatewayFlags* flags, CLI::App* app);

// OK when a gateway can be started with them now, so that nothing is opened in vain: the errors of
// Gateway::Start.
absl::Status CheckGatewayFlags(const GatewayFlags& flags);

GatewayOptions OptionsFrom(const GatewayFlags& flags);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_GATEWAY_FLAGS_H_
