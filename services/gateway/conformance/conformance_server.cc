// The server under test of Connect's conformance suite: the gateway before a gRPC server with
// EchoingService. Reads a ServerCompatRequest from standard input, says in a ServerCompatResponse
// on standard output where it listens, and serves until SIGTERM; each message has its size before
// it, in 4 bytes, highest first. The suite starts one for each configuration that it tries.
#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "connectrpc/conformance/v1/server_compat.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "services/gateway/conformance/conformance_service.h"
#include "services/gateway/gateway.h"

namespace {

using connectrpc::conformance::v1::ConformanceService;
using connectrpc::conformance::v1::ServerCompatRequest;
using connectrpc::conformance::v1::ServerCompatResponse;
using tandem::gateway::Gateway;

constexpr size_t kSizeBytes = 4;
constexpr uint32_t kMaxRequestBytes = 1 << 20;

bool ReadMessage(google::protobuf::Message* message) {
  unsigned char size[kSizeBytes];
  if (std::fread(size, 1, kSizeBytes, stdin) != kSizeBytes) return false;
  uint32_t bytes = 0;
  for (const unsigned char byte : size) bytes = bytes << 8 | byte;
  if (bytes > kMaxRequestBytes) return false;
  std::string text(bytes, '\0');
  return std::fread(text.data(), 1, bytes, stdin) == bytes && message->ParseFromString(text);
}

void WriteMessage(const google::protobuf::Message& message) {
  const std::string text = message.SerializeAsString();
  for (int shift = 24; shift >= 0; shift -= 8) {
    std::fputc(static_cast<int>(text.size() >> shift & 0xFF), stdout);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int Fail(absl::string_view why) {
  std::cerr << "conformance_server: " << why << "\n";
  return 1;
}

// "127.0.0.1:41234"
ServerCompatResponse AddressOf(const Gateway& gateway) {
  const std::string address = gateway.address();
  const size_t colon = address.rfind(':');
  ServerCompatResponse response;
  uint32_t port = 0;
  if (absl::SimpleAtoi(address.substr(colon + 1), &port)) response.set_port(port);
  response.set_host(address.substr(0, colon));
  return response;
}

}  // namespace

int main() {
  // Before any thread, so that all leave SIGTERM to sigwait().
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  ServerCompatRequest wanted;
  if (!ReadMessage(&wanted)) return Fail("expects a ServerCompatRequest on standard input");
  if (wanted.use_tls()) return Fail("the gateway has no TLS");

  tandem::gateway::conformance::EchoingService service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  if (wanted.message_receive_limit() > 0) {
    builder.SetMaxReceiveMessageSize(static_cast<int>(wanted.message_receive_limit()));
  }
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return Fail("gRPC does not start");

  tandem::gateway::GatewayBackend backend;
  backend.channel = server->InProcessChannel(grpc::ChannelArguments());
  backend.services = {ConformanceService::service_full_name()};
  absl::StatusOr<std::unique_ptr<Gateway>> gateway = Gateway::Start({}, std::move(backend));
  if (!gateway.ok()) return Fail(gateway.status().message());
  WriteMessage(AddressOf(**gateway));

  int signal = 0;
  sigwait(&ends, &signal);
  gateway->reset();
  server->Shutdown();
  return 0;
}
