#include "services/needs/helped_organisations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/common/service_call.h"
#include "services/common/validation.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::needs {
namespace {

using profiles::v1::Organisation;
using profiles::v1::ProfilesService;

constexpr char kActor[] = "needs";
constexpr absl::Duration kReadTimeout = absl::Seconds(10);
constexpr absl::Duration kFineFor = absl::Seconds(5);
// There are some 170 NSBs in the world; more are forgotten and asked about again.
constexpr size_t kMaxRemembered = 10'000;

absl::StatusOr<Organisation> Ask(const std::shared_ptr<grpc::Channel>& channel,
                                 const common::CallContext& call, const std::string& name) {
  const absl::Duration left = std::max(call.deadline() - absl::Now(), absl::Milliseconds(1));
  profiles::v1::GetOrganisationRequest request;
  request.set_name(name);
  const auto stub = ProfilesService::NewStub(channel);
  return common::CallService(*stub, &ProfilesService::Stub::GetOrganisation, request, kActor,
                             std::min(kReadTimeout, left));
}

// Why `organisation` cannot be helped; empty if it can.
std::string ReasonAgainst(const absl::StatusOr<Organisation>& organisation) {
  if (!organisation.ok()) return "does not exist: name one of the profiles service";
  if (organisation->kind() != profiles::v1::ORGANISATION_KIND_NSB) {
    return "is not of the kind NSB: only national standards bodies are helped";
  }
  if (organisation->state() != profiles::v1::PROFILE_STATE_ACTIVE) {
    return "is not active: reactivate it first";
  }
  return "";
}

}  // namespace

void HelpedOrganisations::AskAt(std::shared_ptr<grpc::Channel> profiles) {
  absl::MutexLock lock(&mutex_);
  profiles_ = std::move(profiles);
}

absl::Status HelpedOrganisations::Check(const common::CallContext& call,
                                        const std::string& organisation, absl::string_view path,
                                        common::FieldViolations* violations) {
  if (!common::IsResourceName(organisation, "organisations")) return absl::OkStatus();
  std::shared_ptr<grpc::Channel> channel;
  {
    absl::MutexLock lock(&mutex_);
    channel = profiles_;
    const auto fine = fine_until_.find(organisation);
    if (fine != fine_until_.end() && absl::Now() < fine->second) return absl::OkStatus();
  }
  if (channel == nullptr) return absl::OkStatus();
  const absl::StatusOr<Organisation> answer = Ask(channel, call, organisation);
  if (!answer.ok() && !absl::IsNotFound(answer.status())) return answer.status();
  const std::string against = ReasonAgainst(answer);
  if (!against.empty()) {
    violations->Add(path, absl::StrCat(organisation, " ", against));
    return absl::OkStatus();
  }
  absl::MutexLock lock(&mutex_);
  if (fine_until_.size() >= kMaxRemembered) fine_until_.clear();
  fine_until_[organisation] = absl::Now() + kFineFor;
  return absl::OkStatus();
}

}  // namespace tandem::needs
