#include "services/common/call_reactor.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/auth_context.h"
#include "services/common/access/object_access.h"
#include "services/common/complete_error.h"
#include "services/common/errors.h"
#include "services/common/known_values.h"
#include "services/common/parsed_size.h"
#include "services/common/principal.h"
#include "services/common/resource_fields.h"
#include "services/common/status_conversion.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxRequestIdBytes = 128;
// How long a stream may go on when its caller's credential has ended.
constexpr absl::Duration kCallerLookEvery = absl::Seconds(1);
// Requests above so many bytes are weighed before they are parsed; no small one grows much.
constexpr size_t kWeighedFromBytes = 16 << 10;
// What a request becomes in memory is at most so many times the bytes that it may have.
constexpr size_t kMaxGrowth = 16;
// Of calls that found no thread: by then a queue of quick calls is worked off.
constexpr absl::Duration kBusyRetryAfter = absl::Milliseconds(200);
// Of streams: they last, so trying again at once is of no use.
constexpr absl::Duration kStreamRetryAfter = absl::Seconds(5);

// gRPC names methods "/package.Service/Method".
absl::string_view PlainName(const std::string& path) {
  return absl::StripPrefix(absl::string_view(path), "/");
}

absl::Status ParseRequest(grpc::ByteBuffer* bytes, google::protobuf::Message* request) {
  const grpc::Status parsed =
      grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(bytes, request);
  if (parsed.ok()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                   absl::StrCat("the bytes are no ", request->GetTypeName(),
                                ": check that both sides use the same protos"));
}

absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* bytes) {
  bytes->Clear();  // the writer insists on an empty buffer; a stream uses it again and again
  bool own = true;
  const grpc::Status serialized =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, bytes,
                                                                                 &own);
  if (serialized.ok()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR", "the answer cannot be encoded");
}

absl::StatusOr<std::string> RequestIdOf(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* field =
      request.GetDescriptor()->FindFieldByName("request_id");
  std::string id = request.GetReflection()->GetString(request, field);
  const bool printable =
      std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isprint(c); });
  if (id.size() <= kMaxRequestIdBytes && printable) return id;
  return InvalidField("request_id", "must have 1 to 128 printable ASCII characters");
}

bool ValidateOnlyOf(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* field =
      request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

absl::Status RequestTooLarge(size_t bytes, size_t max_bytes) {
  return MakeError(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE",
                   absl::StrCat("the request has ", bytes, " bytes, more than the ", max_bytes,
                                " that are accepted: split it into several"),
                   {{"max_bytes", absl::StrCat(max_bytes)}});
}

absl::Status HoldsTooMuch() {
  return QuotaExceeded("SERVER_BUSY",
                       "the server holds too many large requests and answers: wait a little, then "
                       "send again; ask for smaller pages",
                       kBusyRetryAfter);
}

// How many bytes a large request takes once it is parsed: empty parts, two bytes each on the wire,
// would take hundreds of times as many.
absl::StatusOr<size_t> ParsedBytes(grpc::ByteBuffer* bytes,
                                   const google::protobuf::Descriptor& type, size_t max_bytes) {
  if (bytes->Length() <= kWeighedFromBytes) return size_t{0};
  grpc::ProtoBufferReader reader(bytes);
  const size_t parsed = ParsedSize(&reader, type, kMaxGrowth * max_bytes);
  if (parsed <= kMaxGrowth * max_bytes) return parsed;
  return MakeError(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE",
                   absl::StrCat("the request has so many small parts that it would take more than ",
                                kMaxGrowth * max_bytes, " bytes: split it into several"),
                   {{"max_bytes", absl::StrCat(max_bytes)}});
}

// Tells the retries that gRPC's own clients make by a service config what RetryInfo tells programs
// (gRFC A6, "server pushback"): in how many milliseconds, or that repeating does not help.
void AdviseRetries(const absl::Status& status, grpc::GenericCallbackServerContext* context) {
  const std::optional<absl::Duration> wait = RetryAfterOf(status);
  const int64_t milliseconds =
      wait.has_value() ? absl::ToInt64Milliseconds(absl::Ceil(*wait, absl::Milliseconds(1))) : -1;
  context->AddTrailingMetadata("grpc-retry-pushback-ms", absl::StrCat(milliseconds));
}

// The PEM of the certificate that the handshake verified; empty without one.
absl::string_view PeerCertificate(const grpc::AuthContext* peer) {
  if (peer == nullptr) return "";
  const std::vector<grpc::string_ref> found =
      peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (found.empty()) return "";
  return {found.front().data(), found.front().size()};
}

// How many bytes of error details the caller says to take.
size_t DetailsBytes(const ClientMetadata& metadata) {
  const auto found = metadata.find(kAcceptDetailsHeader);
  size_t bytes = 0;
  if (found == metadata.end() ||
      !absl::SimpleAtoi(absl::string_view(found->second.data(), found->second.size()), &bytes)) {
    return kDefaultDetailsBytes;
  }
  return std::clamp(bytes, kDefaultDetailsBytes, kMaxDetailsBytes);
}

}  // namespace

CallReactor::CallReactor(CallPipeline* pipeline, From from,
                         const AuthenticatorChain* authenticators,
                         grpc::GenericCallbackServerContext* context)
    : pipeline_(pipeline),
      from_(from),
      authenticators_(authenticators),
      context_(context),
      received_at_(absl::Now()),
      running_(pipeline->running_.Add(context->c_call())),
      method_(pipeline->registry_->Find(PlainName(context->method()))) {}

void CallReactor::Begin() {
  if (method_ == nullptr) {
    FinishWith(MakeError(absl::StatusCode::kUnimplemented, "METHOD_UNKNOWN",
                         "this server does not serve that method"));
    return;
  }
  StartRead(&request_);
}

void CallReactor::OnReadDone(bool ok) {
  if (!ok) {
    FinishWith(MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MISSING",
                         "the call ended without a request message"));
    return;
  }
  const auto max_bytes = static_cast<size_t>(pipeline_->options_.max_message_bytes);
  if (request_.Length() > max_bytes) {
    FinishWith(RequestTooLarge(request_.Length(), max_bytes));
    return;
  }
  if (!pipeline_->running_.Hold(running_, request_.Length())) {
    FinishWith(HoldsTooMuch());
    return;
  }
  if (method_->streaming) {
    absl::MutexLock lock(&pipeline_->mutex_);
    if (!pipeline_->ending_) pipeline_->streams_.insert(this);
    if (pipeline_->ending_) EndStream();
  }
  if (Threads().TryRun([this] { Run(); })) return;
  FinishWith(QuotaExceeded("SERVER_BUSY", "the server is busy: wait a little, then send again",
                           kBusyRetryAfter));
}

WorkerPool& CallReactor::Threads() const {
  if (method_->streaming) return pipeline_->stream_threads_;
  return from_ == From::kInside ? pipeline_->inside_threads_ : pipeline_->unary_threads_;
}

void CallReactor::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  write_pending_ = false;
  write_ok_ = ok;
}

void CallReactor::OnDone() {
  if (method_ != nullptr && method_->streaming) {
    absl::MutexLock lock(&pipeline_->mutex_);
    pipeline_->streams_.erase(this);
  }
  pipeline_->running_.Remove(running_);
  delete this;
}

void CallReactor::EndStream() {
  {
    absl::MutexLock lock(&mutex_);
    server_ends_ = true;
  }
  cancellation_.Cancel();
}

void CallReactor::Run() {
  absl::Status status;
  try {
    status = Serve();
  } catch (const std::exception&) {
    // Its text may hold anything, so it stays inside.
    status = MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR",
                       "the server failed; the operator finds the call in its log");
  }
  if (!caller_lost_.ok()) status = caller_lost_;
  bool server_ends = false;
  {
    absl::MutexLock lock(&mutex_);
    server_ends = server_ends_;
  }
  if (server_ends) {
    status = ServerEnds();
  }
  FinishWith(status);
}

absl::Status CallReactor::Serve() {
  std::unique_ptr<google::protobuf::Message> request = method_->new_request();
  TANDEM_ASSIGN_OR_RETURN(Call details, Authenticate());
  TANDEM_ASSIGN_OR_RETURN(const auto stream_place, TakeStream(details.principal));
  if (method_->streaming) caller_ = details.principal;
  TANDEM_ASSIGN_OR_RETURN(const size_t parsed_bytes,
                          ParsedBytes(&request_, *request->GetDescriptor(),
                                      static_cast<size_t>(pipeline_->options_.max_message_bytes)));
  if (!pipeline_->running_.Hold(running_, parsed_bytes)) return HoldsTooMuch();
  TANDEM_RETURN_IF_ERROR(ParseRequest(&request_, request.get()));
  TANDEM_RETURN_IF_ERROR(Authorize(*request, &details));
  const CallContext call(std::move(details), &cancellation_);
  TANDEM_RETURN_IF_ERROR(CheckKnownValues(*request));
  // It may have waited for a thread longer than its caller did for it.
  TANDEM_RETURN_IF_ERROR(call.CheckAlive());
  return RunHandler(call, *request);
}

absl::StatusOr<Call> CallReactor::Authenticate() {
  Call call;
  call.method = method_->name;
  call.received_at = received_at_;
  call.deadline = Deadline();
  TANDEM_ASSIGN_OR_RETURN(call.principal, Caller());
  TANDEM_RETURN_IF_ERROR(CheckRate(call.principal));
  TANDEM_ASSIGN_OR_RETURN(grant_, GrantFor(call.principal, call.method, method_->access));
  return call;
}

absl::StatusOr<Principal> CallReactor::Caller() const {
  const std::shared_ptr<const grpc::AuthContext> peer = context_->auth_context();
  const CallCredentials credentials = {context_->client_metadata(), PeerCertificate(peer.get())};
  if (!method_->access.without_credentials()) return authenticators_->Identify(credentials);
  // Who has none is nobody known; a credential that is shown must be valid here, too.
  TANDEM_ASSIGN_OR_RETURN(std::optional<Principal> known, authenticators_->Find(credentials));
  return known.value_or(Principal());
}

absl::Status CallReactor::Authorize(const google::protobuf::Message& request, Call* call) const {
  TANDEM_ASSIGN_OR_RETURN(
      call->scope, CheckObjects(call->principal, *grant_, request, pipeline_->registry_->owners()));
  if (method_->has_request_id) {
    TANDEM_ASSIGN_OR_RETURN(call->request_id, RequestIdOf(request));
    call->request_digest = base::Sha256(
        absl::StrCat(call->method, absl::string_view("\0", 1), CanonicalBytes(request)));
    call->validate_only = ValidateOnlyOf(request);
  }
  return absl::OkStatus();
}

absl::Status CallReactor::CheckRate(const Principal& principal) const {
  // Tandem's own services call each other as often as they need.
  if (principal.role == v1::ROLE_SERVICE) return absl::OkStatus();
  const std::optional<absl::Duration> wait = pipeline_->rates_.Take(principal.actor, absl::Now());
  if (!wait.has_value()) return absl::OkStatus();
  return QuotaExceeded("RATE_EXCEEDED",
                       absl::StrCat("more than ", pipeline_->options_.calls_per_second,
                                    " calls per second came from this caller: wait, then send "
                                    "again; batch methods take many resources in one call"),
                       *wait);
}

absl::StatusOr<std::optional<CallerPlaces::Place>> CallReactor::TakeStream(
    const Principal& principal) {
  if (!method_->streaming || principal.role == v1::ROLE_SERVICE) {
    return std::optional<CallerPlaces::Place>();
  }
  std::optional<CallerPlaces::Place> place = pipeline_->caller_streams_.Take(principal.actor);
  if (place.has_value()) return place;
  return QuotaExceeded(
      "STREAMS_EXCEEDED",
      absl::StrCat("this caller follows ", pipeline_->options_.max_streams_per_caller,
                   " streams already, as many as one may: end one first"),
      kStreamRetryAfter);
}

absl::Time CallReactor::Deadline() const {
  const absl::Time asked = absl::FromChrono(context_->deadline());
  if (method_->streaming) return asked;
  const ServerOptions& options = pipeline_->options_;
  // gRPC's "no deadline" is the end of its clock, centuries away.
  const bool none = asked > received_at_ + absl::Hours(24 * 365);
  return std::min(none ? received_at_ + options.default_deadline : asked,
                  received_at_ + options.max_deadline);
}

absl::Status CallReactor::RunHandler(const CallContext& call,
                                     const google::protobuf::Message& request) {
  if (method_->streaming) {
    return method_->stream(
        call, request, [this](const google::protobuf::Message& message) { return Send(message); });
  }
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<google::protobuf::Message> response,
                          method_->unary(call, request));
  HideFields(*grant_, response.get());
  return Serialize(*response, &response_);
}

absl::Status CallReactor::SerializeVisible(const google::protobuf::Message& message) {
  if (grant_->hidden_paths.empty()) return Serialize(message, &response_);
  const std::unique_ptr<google::protobuf::Message> visible(message.New());
  visible->CopyFrom(message);
  HideFields(*grant_, visible.get());
  return Serialize(*visible, &response_);
}

bool CallReactor::KeepsItsCaller() {
  const absl::Time now = absl::Now();
  if (now < next_look_ || !caller_lost_.ok()) return caller_lost_.ok();
  next_look_ = now + kCallerLookEvery;
  const absl::StatusOr<Principal> caller = Caller();
  if (!caller.ok()) {
    caller_lost_ = caller.status();
  } else if (caller->actor != caller_.actor || caller->role != caller_.role ||
             caller->subject != caller_.subject) {
    caller_lost_ = PermissionDenied("the credential now stands for another caller: follow anew");
  }
  return caller_lost_.ok();
}

bool CallReactor::Send(const google::protobuf::Message& message) {
  if (cancellation_.cancelled() || !KeepsItsCaller()) return false;
  if (!SerializeVisible(message).ok()) return false;
  {
    absl::MutexLock lock(&mutex_);
    write_pending_ = true;
  }
  running_->BeginSending();
  StartWrite(&response_);
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](bool* pending) { return !*pending; }, &write_pending_));
  running_->EndSending();
  return write_ok_;
}

void CallReactor::FinishWith(const absl::Status& result) {
  absl::Status status = CompleteError(result);
  // Also of a write that is done by now: repeated with its request_id it gets the same answer.
  if (status.ok() && !pipeline_->running_.Hold(running_, response_.Length())) {
    status = HoldsTooMuch();
  }
  Log(status);
  running_->BeginSending();
  if (status.ok() && !method_->streaming) {
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    return;
  }
  AdviseRetries(status, context_);
  Finish(ToGrpcStatus(status, DetailsBytes(context_->client_metadata())));
}

void CallReactor::Log(const absl::Status& status) const {
  if (status.ok() || !pipeline_->options_.log_failed_calls) return;
  // The end of a followed feed is no failure of the server's.
  if (status.code() == absl::StatusCode::kCancelled) return;
  const std::optional<ErrorDetail> detail = ErrorDetailOf(status);
  const std::string line =
      absl::StrCat(absl::FormatTime(absl::RFC3339_sec, received_at_, absl::UTCTimeZone()),
                   " call failed method=", method_ == nullptr ? "unknown" : method_->name,
                   " code=", absl::StatusCodeToString(status.code()),
                   " reason=", detail.has_value() ? detail->reason : "-",
                   " ms=", absl::ToInt64Milliseconds(absl::Now() - received_at_), "\n");
  std::fputs(line.c_str(), stderr);
}

}  // namespace tandem::common
