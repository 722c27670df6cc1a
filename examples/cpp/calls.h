// How to call Tandem from C++: channels, who calls, what errors hold, and when to repeat.
#ifndef EXAMPLES_CPP_CALLS_H_
#define EXAMPLES_CPP_CALLS_H_

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"

inline constexpr int kMaxAttempts = 8;

// A channel that waits and repeats as the published service config says.
inline std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                                const std::string& service_config) {
  std::ostringstream json;
  json << std::ifstream(service_config).rdbuf();
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(json.str());
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// Says who calls. On loopback a server without credentials believes it; elsewhere a token stands
// here.
inline void SetCaller(grpc::ClientContext& context) {
  context.AddMetadata("tandem-role", "programme-system");
  context.AddMetadata("tandem-actor", "example-cpp");
}

// The detail of that type which Tandem attached to an error.
template <typename Detail>
std::optional<Detail> DetailOf(const grpc::Status& error) {
  google::rpc::Status status;
  status.ParseFromString(error.error_details());
  Detail found;
  for (const google::protobuf::Any& detail : status.details()) {
    if (detail.UnpackTo(&found)) return found;
  }
  return std::nullopt;
}

// "ETAG_MISMATCH" and so on; empty when the error is not Tandem's but comes from the connection.
inline std::string ReasonOf(const grpc::Status& error) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(error);
  return info && info->domain() == "tandem" ? info->reason() : "";
}

// Calls, and repeats the SAME request where that helps.
//
// A write is safe to repeat, even after a lost connection, because its request_id stays the same:
// if the first one was committed, its answer comes again. The service config makes the quick
// repetitions already; this goes on for longer, and waits as the server asks when a quota is used
// up.
template <typename Stub, typename Method, typename Request, typename Answer>
grpc::Status TryCall(Stub& stub, Method method, const Request& request, Answer* answer) {
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;  // a new one for each attempt
    SetCaller(context);
    const grpc::Status status = (stub.*method)(&context, request, answer);
    const auto retry = DetailOf<google::rpc::RetryInfo>(status);
    if (status.ok() || attempt == kMaxAttempts) return status;
    if (retry) {  // RESOURCE_EXHAUSTED by rate, a server that restarts
      std::this_thread::sleep_for(std::chrono::seconds(retry->retry_delay().seconds()) +
                                  std::chrono::nanoseconds(retry->retry_delay().nanos()));
    } else if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
               status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min(100 << attempt, 5000)));
    } else {
      return status;  // repeating does not help: the caller decides by code and reason
    }
  }
}

// The answer of a call that has to succeed.
template <typename Stub, typename Request, typename Answer>
Answer Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
            const Request& request) {
  Answer answer;
  const grpc::Status status = TryCall(stub, method, request, &answer);
  if (!status.ok()) throw std::runtime_error(status.error_message());
  return answer;
}

inline grpc::Status Say(const grpc::Status& error) {
  const std::string reason = ReasonOf(error);
  std::cout << "error: "
            << google::rpc::Code_Name(static_cast<google::rpc::Code>(error.error_code())) << " "
            << (reason.empty() ? "no reason: repeat" : reason) << "\n";
  return error;
}

// The error of a call that is to fail, printed.
template <typename Stub, typename Request, typename Answer>
grpc::Status FailureOf(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                       const Request& request) {
  Answer answer;
  const grpc::Status status = TryCall(stub, method, request, &answer);
  if (status.ok()) throw std::runtime_error("the call did not fail");
  return Say(status);
}

#endif  // EXAMPLES_CPP_CALLS_H_
