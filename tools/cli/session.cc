#include "tools/cli/session.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "grpc/impl/codegen/grpc_types.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "services/common/call_address.h"
#include "services/common/listen_address.h"

namespace tandem::cli {
namespace {

// Answers can be long lists: a page of 1000 resources.
constexpr int kMaxMessageBytes = 64 << 20;

// A refused batch of 1000 rows can name thousands of fields; by default errors carry a few KB.
constexpr int kMaxErrorBytes = 4 << 20;

// How long, and how often, a server that still reads its data is asked again.
constexpr absl::Duration kLoadingPatience = absl::Seconds(20);
constexpr absl::Duration kLoadingPause = absl::Milliseconds(100);

std::string RandomId() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 4; ++i) absl::StrAppendFormat(&id, "%08x", device());
  return id;
}

std::shared_ptr<grpc::Channel> Connect(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxErrorBytes);
  // The server stands on this machine or in its network: no web proxy in between.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(
      address, credentials == nullptr ? grpc::InsecureChannelCredentials() : credentials,
      arguments);
}

// The services that can stand apart, as --address names them; the last one may be left out.
constexpr absl::string_view kServices[] = {"profiles", "needs", "matching", "audit"};
constexpr absl::string_view kAccess = "access";

// The parts of an address by service; "" for all of them.
std::map<std::string, std::string> AddressParts(absl::string_view address) {
  if (!absl::StrContains(address, '=')) return {{"", std::string(address)}};
  std::map<std::string, std::string> parts;
  for (absl::string_view part : absl::StrSplit(address, ',')) {
    const std::pair<std::string, std::string> named = absl::StrSplit(part, absl::MaxSplits('=', 1));
    parts.insert(named);
  }
  return parts;
}

}  // namespace

absl::Status CheckAddress(absl::string_view address) {
  const std::map<std::string, std::string> parts = AddressParts(address);
  const size_t named = std::size(kServices) + parts.count(std::string(kAccess));
  bool right = parts.size() == (parts.count("") != 0 ? 1 : named);
  for (absl::string_view service : kServices) {
    right = right && (parts.count("") != 0 || parts.count(std::string(service)) != 0);
  }
  for (const auto& [service, one] : parts) right = right && common::IsCallAddress(one);
  if (right) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--address is HOST:PORT, or profiles=HOST:PORT,needs=HOST:PORT,"
                   "matching=HOST:PORT,audit=HOST:PORT (and access=HOST:PORT), not \"",
                   address, "\""));
}

bool IsOnThisMachine(absl::string_view address) {
  const std::map<std::string, std::string> parts = AddressParts(address);
  return std::all_of(parts.begin(), parts.end(), [](const auto& part) {
    return common::ParseListenAddress(part.second, common::Reach::kThisMachine).ok();
  });
}

Session::Session(SessionOptions options)
    : options_(std::move(options)), fresh_request_id_(RandomId()) {
  for (const auto& [service, address] : AddressParts(options_.address)) {
    channels_[service] = Connect(address, options_.credentials);
  }
}

bool Session::WaitWhileLoading(const grpc::Status& status, absl::Time begun) const {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return false;
  if (ReasonOf(status) != "INDEX_LOADING") return false;
  if (absl::Now() - begun > std::min(options_.timeout, kLoadingPatience)) return false;
  absl::SleepFor(kLoadingPause);
  return true;
}

bool Session::Reaches(absl::string_view service) const {
  return channels_.count("") != 0 || channels_.count(std::string(service)) != 0;
}

std::shared_ptr<grpc::Channel> Session::ChannelTo(absl::string_view service) const {
  const auto all = channels_.find("");
  if (all != channels_.end()) return all->second;
  // "tandem.profiles.v1.ProfilesService"; long-running operations are those of matching.
  const std::vector<std::string> parts = absl::StrSplit(service, '.');
  return channels_.at(parts.front() == "tandem" ? parts[1] : "matching");
}

void Session::Prepare(absl::string_view role, grpc::ClientContext* context) const {
  if (!options_.token.empty()) {
    context->AddMetadata("authorization", absl::StrCat("Bearer ", options_.token));
  }
  const absl::string_view stated =
      !options_.role.empty() || options_.caller_by_credentials ? options_.role : role;
  if (!stated.empty()) context->AddMetadata("tandem-role", std::string(stated));
  if (!options_.caller_by_credentials) {
    context->AddMetadata("tandem-actor", options_.actor);
    if (!options_.subject.empty()) context->AddMetadata("tandem-subject", options_.subject);
  }
  context->AddMetadata("tandem-accept-details-bytes", absl::StrCat(kMaxErrorBytes / 2));
  context->set_deadline(absl::ToChronoTime(absl::Now() + options_.timeout));
}

std::string Session::RequestId(absl::string_view step) const {
  const std::string& base = options_.request_id.empty() ? fresh_request_id_ : options_.request_id;
  return step.empty() ? base : absl::StrCat(base, "-", step);
}

}  // namespace tandem::cli
