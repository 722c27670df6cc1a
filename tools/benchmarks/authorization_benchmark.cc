#include "tools/benchmarks/authorization_benchmark.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/access/object_access.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/method_registry.h"
#include "services/common/principal.h"
#include "services/tandemd/all_services.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {
namespace {

constexpr int kCallsPerRun = 20'000;

// The steps of the server's pipeline that decide, in its order.
absl::Status Authorize(const common::AuthenticatorChain& authenticators,
                       const common::ClientMetadata& metadata, const common::Method& method,
                       const google::protobuf::Message& request, const common::OwnerLookups& owners,
                       google::protobuf::Message* response) {
  TANDEM_ASSIGN_OR_RETURN(const common::Principal principal,
                          authenticators.Identify({metadata, ""}));
  TANDEM_ASSIGN_OR_RETURN(const common::ObjectGrant* grant,
                          common::GrantFor(principal, method.name, method.access));
  TANDEM_RETURN_IF_ERROR(common::CheckObjects(principal, *grant, request, owners).status());
  common::HideFields(*grant, response);
  return absl::OkStatus();
}

absl::StatusOr<double> Microseconds(const common::AuthenticatorChain& authenticators,
                                    const common::MethodRegistry& registry,
                                    const AuthorizedCall& call) {
  const common::Method* method = registry.Find(call.method);
  if (method == nullptr) return absl::InternalError(absl::StrCat("no method ", call.method));
  const std::string bearer = absl::StrCat("Bearer ", call.token);
  common::ClientMetadata metadata;
  if (call.token.empty()) {
    metadata.emplace(common::kActorHeader, "benchmark");
    metadata.emplace(common::kRoleHeader, "staff");
  } else {
    metadata.emplace("authorization", bearer);
  }
  const auto response = method->new_request();  // has none of what is hidden: nothing to clear
  std::vector<double> runs;
  for (int run = 0; run < kRuns; ++run) {
    const absl::Time start = absl::Now();
    for (int i = 0; i < kCallsPerRun; ++i) {
      TANDEM_RETURN_IF_ERROR(Authorize(authenticators, metadata, *method, *call.request,
                                       registry.owners(), response.get()));
    }
    runs.push_back(SecondsSince(start) * 1e6 / kCallsPerRun);
  }
  return Median(runs);
}

}  // namespace

absl::StatusOr<std::vector<double>> AuthorizationMicroseconds(
    const std::string& folder, const std::vector<AuthorizedCall>& calls) {
  TANDEM_ASSIGN_OR_RETURN(const auto services, tandemd::AllServices::Open(folder, ""));
  common::MethodRegistry registry;
  TANDEM_RETURN_IF_ERROR(services->Register(registry));
  const common::AuthenticatorChain authenticators(
      {services->authenticator(), std::make_shared<common::DevelopmentAuthenticator>()});
  std::vector<double> microseconds;
  for (const AuthorizedCall& call : calls) {
    TANDEM_ASSIGN_OR_RETURN(const double each, Microseconds(authenticators, registry, call));
    microseconds.push_back(each);
  }
  return microseconds;
}

}  // namespace tandem::benchmarks
