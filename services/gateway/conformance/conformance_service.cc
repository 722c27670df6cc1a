#include "services/gateway/conformance/conformance_service.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"
#include "google/rpc/status.pb.h"

namespace tandem::gateway::conformance {
namespace {

using connectrpc::conformance::v1::ConformancePayload;
using connectrpc::conformance::v1::Error;
using connectrpc::conformance::v1::Header;
using connectrpc::conformance::v1::IdempotentUnaryRequest;
using connectrpc::conformance::v1::IdempotentUnaryResponse;
using connectrpc::conformance::v1::ServerStreamRequest;
using connectrpc::conformance::v1::ServerStreamResponse;
using connectrpc::conformance::v1::StreamResponseDefinition;
using connectrpc::conformance::v1::UnaryRequest;
using connectrpc::conformance::v1::UnaryResponse;
using connectrpc::conformance::v1::UnaryResponseDefinition;
using RequestInfo = ConformancePayload::RequestInfo;
using Headers = google::protobuf::RepeatedPtrField<Header>;

// Binary metadata is base64 in the suite's messages and plain bytes in gRPC's C++ API.
bool IsBinary(const std::string& name) { return absl::EndsWith(name, "-bin"); }

// What the service saw of the call.
RequestInfo Observe(const grpc::ServerContext& context, const google::protobuf::Message& request) {
  RequestInfo info;
  std::map<std::string, Header> headers;
  for (const auto& [key, value] : context.client_metadata()) {
    const std::string name(key.data(), key.size());
    const std::string bytes(value.data(), value.size());
    headers[name].set_name(name);
    headers[name].add_value(IsBinary(name) ? absl::Base64Escape(bytes) : bytes);
  }
  for (auto& [name, header] : headers) *info.add_request_headers() = std::move(header);
  const absl::Time deadline = absl::FromChrono(context.deadline());
  if (deadline < absl::Now() + absl::Hours(24 * 365)) {  // far beyond: there is none
    info.set_timeout_ms(absl::ToInt64Milliseconds(deadline - absl::Now()));
  }
  info.add_requests()->PackFrom(request);
  return info;
}

// Passes each header to `add`, which takes a name and a value.
template <typename Add>
void ForEach(const Headers& headers, Add add) {
  for (const Header& header : headers) {
    const std::string name = absl::AsciiStrToLower(header.name());
    for (const std::string& value : header.value()) {
      std::string bytes = value;
      if (IsBinary(name)) absl::Base64Unescape(value, &bytes);
      add(name, bytes);
    }
  }
}

// Response definitions of either kind have headers and trailers.
template <typename Definition>
void SetMetadata(const Definition& definition, grpc::ServerContext* context) {
  ForEach(definition.response_headers(), [context](const std::string& name, const auto& value) {
    context->AddInitialMetadata(name, value);
  });
  ForEach(definition.response_trailers(), [context](const std::string& name, const auto& value) {
    context->AddTrailingMetadata(name, value);
  });
}

// `info` is added to the details unless it was sent already.
grpc::Status ToStatus(const Error& error, const RequestInfo* info) {
  google::rpc::Status status;
  status.set_code(error.code());
  status.set_message(error.message());
  *status.mutable_details() = error.details();
  if (info != nullptr) status.add_details()->PackFrom(*info);
  return grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(),
                      status.SerializeAsString());
}

void Wait(uint32_t milliseconds) { absl::SleepFor(absl::Milliseconds(milliseconds)); }

template <typename Request, typename Response>
grpc::Status AnswerUnary(grpc::ServerContext* context, const Request& request, Response* response) {
  RequestInfo info = Observe(*context, request);
  const UnaryResponseDefinition& definition = request.response_definition();
  SetMetadata(definition, context);
  Wait(definition.response_delay_ms());
  if (definition.has_error()) return ToStatus(definition.error(), &info);
  response->mutable_payload()->set_data(definition.response_data());
  *response->mutable_payload()->mutable_request_info() = std::move(info);
  return grpc::Status::OK;
}

}  // namespace

grpc::Status EchoingService::Unary(grpc::ServerContext* context, const UnaryRequest* request,
                                   UnaryResponse* response) {
  return AnswerUnary(context, *request, response);
}

grpc::Status EchoingService::IdempotentUnary(grpc::ServerContext* context,
                                             const IdempotentUnaryRequest* request,
                                             IdempotentUnaryResponse* response) {
  return AnswerUnary(context, *request, response);
}

grpc::Status EchoingService::ServerStream(grpc::ServerContext* context,
                                          const ServerStreamRequest* request,
                                          grpc::ServerWriter<ServerStreamResponse>* writer) {
  const RequestInfo info = Observe(*context, *request);
  const StreamResponseDefinition& definition = request->response_definition();
  SetMetadata(definition, context);
  writer->SendInitialMetadata();
  for (int i = 0; i < definition.response_data_size(); ++i) {
    ServerStreamResponse response;
    response.mutable_payload()->set_data(definition.response_data(i));
    if (i == 0) *response.mutable_payload()->mutable_request_info() = info;
    Wait(definition.response_delay_ms());
    if (!writer->Write(response)) return grpc::Status::CANCELLED;
  }
  if (!definition.has_error()) return grpc::Status::OK;
  return ToStatus(definition.error(), definition.response_data().empty() ? &info : nullptr);
}

}  // namespace tandem::gateway::conformance
