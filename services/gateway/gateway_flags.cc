#include "services/gateway/gateway_flags.h"

#include "base/status_macros.h"
#include "services/common/listen_address.h"

namespace tandem::gateway {

void AddGatewayFlags(GatewayFlags* flags, CLI::App* app) {
  app->add_option(
      "--http-address", flags->address,
      "Where to serve HTTP (Connect, gRPC-Web, /healthz, /readyz), on this machine only: "
      "127.0.0.1:PORT (0 picks a free one) or [::1]:PORT; not served when left out");
  app->add_option("--http-cors-origin", flags->browsers.origins,
                  "An origin whose pages may call from a browser: https://HOST[:PORT]; repeatable");
  app->add_option("--http-host", flags->browsers.hosts,
                  "A host name under which a proxy in front passes requests on, besides localhost; "
                  "repeatable");
}

absl::Status CheckGatewayFlags(const GatewayFlags& flags) {
  TANDEM_RETURN_IF_ERROR(CheckBrowserRules(flags.browsers));
  if (flags.address.empty()) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const common::ListenAddress address,
                          common::ParseListenAddress(flags.address));
  return common::CheckFree(address);
}

GatewayOptions OptionsFrom(const GatewayFlags& flags) {
  GatewayOptions options;
  options.http.address = flags.address;
  options.browsers = flags.browsers;
  return options;
}

}  // namespace tandem::gateway
