#include "services/access/subjects.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
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
  grpc::ClientContext context;
  const absl::Duration left = std::max(call.deadline() - absl::Now(), absl::Milliseconds(1));
  common::PrepareCall(kActor, common::v1::ROLE_SERVICE, std::min(kReadTimeout, left), &context);
  Request request;
  request.set_name(name);
  Resource resource;
  const auto stub = ProfilesService::NewStub(channel);
  Answer answer;
  answer.status = common::FromGrpcStatus((stub.get()->*get)(&context, request, &resource));
  answer.erased = resource.state() == profiles::v1::PROFILE_STATE_ERASED;
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
