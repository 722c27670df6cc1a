#include "tools/benchmarks/grpc_load.h"

#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/channel_arguments.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {
namespace {

constexpr int kThreads = 2;
constexpr absl::Duration kTimeout = absl::Seconds(30);

// Channels with the same arguments share a connection; this one has its own.
std::shared_ptr<grpc::Channel> OwnConnection(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// The clients that one thread drives.
class Clients {
 public:
  Clients(const GrpcLoad& load, int first)
      : load_(load), stub_(OwnConnection(load.address)), first_(first) {}

  // Runs them until `end`, and then until the last answer; returns how many calls were answered.
  absl::StatusOr<int64_t> Run(absl::Time end) {
    std::vector<Client> clients;
    for (int number = first_; number < load_.clients; number += kThreads) {
      clients.emplace_back().number = number;
    }
    for (Client& client : clients) Send(&client);
    int64_t answered = 0;
    absl::Status error;
    void* tag = nullptr;
    bool ok = false;
    for (size_t flying = clients.size(); flying > 0 && queue_.Next(&tag, &ok);) {
      auto* client = static_cast<Client*>(tag);
      error.Update(common::FromGrpcStatus(client->status));
      if (error.ok()) ++answered;
      if (error.ok() && absl::Now() < end) {
        Send(client);
      } else {
        --flying;
      }
    }
    if (!error.ok()) return error;
    return answered;
  }

 private:
  struct Client {
    int number = 0;
    int64_t sent = 0;
    std::unique_ptr<grpc::ClientContext> context;  // outlives what reads the answer
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer answer;
    grpc::Status status;
  };

  void Send(Client* client) {
    client->reader = nullptr;
    client->context = std::make_unique<grpc::ClientContext>();
    common::PrepareCall("benchmark", common::v1::ROLE_STAFF, kTimeout, client->context.get());
    client->reader = stub_.PrepareUnaryCall(client->context.get(), load_.method,
                                            load_.request(client->number, client->sent++), &queue_);
    client->reader->StartCall();
    client->reader->Finish(&client->answer, &client->status, client);
  }

  const GrpcLoad& load_;
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  const int first_;
};

}  // namespace

absl::StatusOr<double> GrpcCallsPerSecond(const GrpcLoad& load) {
  const absl::Time start = absl::Now();
  std::vector<absl::StatusOr<int64_t>> answered(kThreads, int64_t{0});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back(
        [&, thread] { answered[thread] = Clients(load, thread).Run(start + load.duration); });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t all = 0;
  for (const absl::StatusOr<int64_t>& of_thread : answered) {
    if (!of_thread.ok()) return of_thread.status();
    all += *of_thread;
  }
  return static_cast<double>(all) / SecondsSince(start);
}

}  // namespace tandem::benchmarks
