#include "tools/benchmarks/bare_server.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace tandem::benchmarks {
namespace {

class Answer final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Answer(const grpc::ByteBuffer* answer) : answer_(*answer) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no request"));
    StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_;
  const grpc::ByteBuffer answer_;
};

class AnsweringService final : public grpc::CallbackGenericService {
 public:
  explicit AnsweringService(grpc::ByteBuffer answer) : answer_(std::move(answer)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new Answer(&answer_);
  }

 private:
  const grpc::ByteBuffer answer_;
};

}  // namespace

int RunBareServer(int64_t answer_bytes) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before gRPC starts threads, which inherit it
  const grpc::Slice bytes(std::string(static_cast<size_t>(answer_bytes), 'x'));
  AnsweringService service(grpc::ByteBuffer(&bytes, 1));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  int signal_number = 0;
  sigwait(&ends, &signal_number);
  server->Shutdown();
  return 0;
}

}  // namespace tandem::benchmarks
