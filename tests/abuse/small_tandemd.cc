#include "tests/abuse/small_tandemd.h"

#include <sys/resource.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/http_client.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"

namespace tandem::abuse {
namespace {

using needs::v1::NeedsService;

constexpr absl::Duration kStartTimeout = absl::Minutes(2);
constexpr absl::Duration kCallTimeout = absl::Seconds(30);
constexpr absl::Duration kPause = absl::Milliseconds(20);
constexpr char kList[] = "/tandem.needs.v1.NeedsService/ListProgrammes";

void SetLimit(pid_t pid, uint64_t files) {
  rlimit limit = {};
  prlimit(pid, RLIMIT_NOFILE, nullptr, &limit);
  limit.rlim_cur = files;
  prlimit(pid, RLIMIT_NOFILE, &limit, nullptr);
}

}  // namespace

SmallTandemd::SmallTandemd() {
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

absl::Status SmallTandemd::Start(int files, const std::vector<std::string>& options) {
  files_ = static_cast<uint64_t>(files);
  TANDEM_ASSIGN_OR_RETURN(
      process_, base::ChildProcess::Start(
                    {"/bin/sh", "-c",
                     absl::StrCat("ulimit -n ", files,
                                  " && exec services/tandemd/tandemd --address 127.0.0.1:0 "
                                  "--http-address 127.0.0.1:0 --log-level error --data \"$0\" ",
                                  absl::StrJoin(options, " ")),
                     folder_.path()}));
  TANDEM_RETURN_IF_ERROR(WaitForAddress(" serves HTTP on ", &http_));
  TANDEM_RETURN_IF_ERROR(WaitForAddress(" listening on ", &grpc_));
  TANDEM_RETURN_IF_ERROR(UntilServedByGrpc().status());
  return UntilServedByHttp().status();
}

absl::Status SmallTandemd::WaitForAddress(const std::string& before, std::string* address) {
  TANDEM_ASSIGN_OR_RETURN(const std::string line, process_->WaitForLine(before, kStartTimeout));
  *address = line.substr(line.find(before) + before.size());
  return absl::OkStatus();
}

void SmallTandemd::UseUpDescriptors() {
  uint64_t unused = 0;  // the lowest, which the next one would get
  const std::string folder = absl::StrCat("/proc/", process_->pid(), "/fd/");
  while (std::filesystem::is_symlink(absl::StrCat(folder, unused))) ++unused;
  SetLimit(process_->pid(), unused);
}

void SmallTandemd::GiveDescriptorsBack() { SetLimit(process_->pid(), files_); }

std::shared_ptr<grpc::Channel> SmallTandemd::NewConnection() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(grpc_, grpc::InsecureChannelCredentials(), arguments);
}

absl::Status SmallTandemd::List(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  common::PrepareCall("Ada", common::v1::ROLE_STAFF, kCallTimeout, &context);
  needs::v1::ListProgrammesResponse response;
  return common::FromGrpcStatus(NeedsService::NewStub(channel)->ListProgrammes(
      &context, needs::v1::ListProgrammesRequest(), &response));
}

absl::StatusOr<absl::Duration> SmallTandemd::UntilServedByGrpc() const {
  const absl::Time start = absl::Now();
  while (absl::Now() < start + kCallTimeout) {
    const absl::Status status = List(NewConnection());
    if (status.ok()) return absl::Now() - start;
    if (!absl::IsUnavailable(status)) return status;
    absl::SleepFor(kPause);
  }
  return absl::DeadlineExceededError("no newcomer was served over gRPC");
}

absl::StatusOr<absl::Duration> SmallTandemd::UntilServedByHttp() const {
  const absl::Time start = absl::Now();
  while (absl::Now() < start + kCallTimeout) {
    gateway::HttpClient client(http_);
    const gateway::HttpResponse response = client.Call(
        "POST", kList, {{"content-type", "application/json"}, {"tandem-role", "staff"}}, "{}");
    if (response.status == 200) return absl::Now() - start;
    // 0 is a connection that was cut off to make room.
    if (response.status != 0 && response.status != 503) {
      return absl::InternalError(absl::StrCat(response.status, " ", response.body));
    }
    absl::SleepFor(kPause);
  }
  return absl::DeadlineExceededError("no newcomer was served over HTTP");
}

absl::Status SmallTandemd::Write(const std::string& external_id) const {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  common::PrepareCall("Ada", common::v1::ROLE_STAFF, kCallTimeout, &context);
  needs::v1::CreateProgrammeRequest request;
  request.set_request_id(external_id);
  needs::v1::Programme& programme = *request.mutable_programme();
  programme.set_external_id(external_id);
  programme.set_display_name("Written under attack");
  programme.mutable_period()->mutable_start_date()->set_year(2027);
  programme.mutable_period()->mutable_start_date()->set_month(1);
  programme.mutable_period()->mutable_start_date()->set_day(1);
  *programme.mutable_period()->mutable_end_date() = programme.period().start_date();
  programme.mutable_period()->mutable_end_date()->set_year(2028);
  needs::v1::Programme response;
  return common::FromGrpcStatus(
      NeedsService::NewStub(NewConnection())->CreateProgramme(&context, request, &response));
}

}  // namespace tandem::abuse
