#include "services/access/subjects.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "services/common/errors.h"
#include "services/common/service_call.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::access {
namespace {

using profiles::v1::ProfilesService;

constexpr char kActor[] = "access";
constexpr absl::Duration kReadTimeout = absl::Seconds(10);

struct Answer {
  absl::Status status;
  bool erased = false;
};

template <typename Request, typename Resource>
Answer Ask(const std::shared_ptr<grpc::Channel>& channel, const common::CallContext& call,
           const std::string& name,
           grpc::Status (ProfilesService::Stub::*get)(grpc::ClientContext*, const Request&,
                                                      Resource*)) {
  const absl::Duration left = std::max(call.deadline() - absl::Now(), absl::Milliseconds(1));
  Request request;
  request.set_name(name);
  const auto stub = ProfilesService::NewStub(channel);
  const absl::StatusOr<Resource> resource =
      common::CallService(*stub, get, request, kActor, std::min(kReadTimeout, left));
  Answer answer;
  answer.status = resource.status();
  answer.erased = resource.ok() && resource->state() == profiles::v1::PROFILE_STATE_ERASED;
  return answer;
}

}  // namespace

void Subjects::AskAt(std::shared_ptr<grpc::Channel> profiles) {
  absl::MutexLock lock(&mutex_);
  profiles_ = std::move(profiles);
}

absl::Status Subjects::CheckExists(const common::CallContext& call, const std::string& subject,
                                   absl::string_view field) const {
  std::shared_ptr<grpc::Channel> channel;
  {
    absl::MutexLock lock(&mutex_);
    channel = profiles_;
  }
  if (channel == nullptr || subject.empty()) return absl::OkStatus();
  const Answer answer = absl::StartsWith(subject, "mentors/")
                            ? Ask(channel, call, subject, &ProfilesService::Stub::GetMentor)
                            : Ask(channel, call, subject, &ProfilesService::Stub::GetOrganisation);
  if (!absl::IsNotFound(answer.status) && !answer.erased) return answer.status;
  return common::InvalidField(
      field, absl::StrCat(subject, answer.erased ? " was erased" : " does not exist",
                          ": name one of the profiles service"));
}

}  // namespace tandem::access
