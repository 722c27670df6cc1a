#include "services/gateway/http_server.h"

#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/strand.hpp"
#include "services/common/connections/file_descriptors.h"
#include "services/common/connections/spare_descriptor.h"
#include "services/common/errors.h"
#include "services/common/listen_address.h"
#include "services/gateway/http_connection.h"

namespace tandem::gateway {
namespace {

namespace net = boost::asio;
using Error = boost::system::error_code;
using tcp = net::ip::tcp;

constexpr int kMaxRefusing = 64;
constexpr auto kAcceptPause = std::chrono::milliseconds(20);
constexpr char kBusy[] = "too many connections: retry in a moment";

// The bytes of a response that is written without a connection of its own.
std::string PlainText(const HttpResponse& response) {
  std::string text = absl::StrCat("HTTP/1.1 ", response.status, " Service Unavailable\r\n");
  for (const HttpHeader& header : response.headers) {
    absl::StrAppend(&text, header.name, ": ", header.value, "\r\n");
  }
  absl::StrAppend(&text, "content-length: ", response.body.size(), "\r\nconnection: close\r\n\r\n",
                  response.body);
  return text;
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(HttpServerOptions options, Handler handler)
      : shared_(options, std::move(handler),
                common::ConnectionsWithinLimit(options.max_connections)),
        acceptor_(net::make_strand(io_)),
        pause_(acceptor_.get_executor()) {}
  ~BeastServer() override {
    Stop();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }

  absl::Status Listen() {
    TANDEM_ASSIGN_OR_RETURN(address_, common::ParseListenAddress(shared_.options.address));
    if (!address_.unix_path.empty()) {
      return common::MakeError(absl::StatusCode::kInvalidArgument, "ADDRESS_UNUSABLE",
                               "HTTP is served over TCP only: give 127.0.0.1:PORT or [::1]:PORT");
    }
    TANDEM_RETURN_IF_ERROR(common::CheckFree(address_));
    Error error;
    const tcp::endpoint endpoint(net::ip::make_address(address_.host, error),
                                 static_cast<uint16_t>(address_.port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
    if (error) {
      return common::MakeError(
          absl::StatusCode::kUnavailable, "ADDRESS_UNUSABLE",
          absl::StrCat("cannot listen on ", address_.ToString(), ": ", error.message()));
    }
    address_.port = acceptor_.local_endpoint(error).port();
    Accept();
    for (int i = 0; i < shared_.options.threads; ++i) threads_.emplace_back([this] { Run(); });
    return absl::OkStatus();
  }

  std::string address() const override { return address_.ToString(); }

  void Stop() override {
    if (shared_.draining.exchange(true)) return;
    net::post(acceptor_.get_executor(), [this] {
      Error ignored;
      acceptor_.close(ignored);
      pause_.cancel(ignored);
    });
    shared_.table.CloseIdle();
    shared_.table.WaitUntilEmpty(shared_.options.drain_time);
    shared_.table.CloseAll();
    shared_.table.WaitUntilEmpty(absl::Seconds(1));
  }

 private:
  void Run() {
    while (true) {
      try {
        io_.run();
        return;
      } catch (const std::exception&) {
        // Memory ran out for one connection, which is dropped; its text may hold anything.
        std::fputs("gateway: a connection was dropped after an exception\n", stderr);
      }
    }
  }

  void Accept() {
    acceptor_.async_accept(net::make_strand(io_), [this](Error error, tcp::socket socket) {
      if (!acceptor_.is_open() || shared_.draining) return;
      if (!error) {
        Admit(std::move(socket));
      } else if (error == net::error::no_descriptors || error == net::error::no_memory ||
                 error.value() == ENFILE || error.value() == ENOBUFS) {
        RefuseWithoutDescriptor();
        PauseThenAccept();
        return;
      }
      Accept();
    });
  }

  void PauseThenAccept() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](Error error) {
      if (!error && acceptor_.is_open()) Accept();
    });
  }

  void Admit(tcp::socket socket) {
    const auto connection = std::make_shared<HttpConnection>(std::move(socket), &shared_);
    const auto place = shared_.table.Add(
        [weak = std::weak_ptr<HttpConnection>(connection)] {
          if (const auto alive = weak.lock()) alive->CloseSoon();
        },
        absl::Now());
    if (place.has_value()) {
      connection->Serve(*place);
    } else if (++shared_.refusing <= kMaxRefusing) {
      connection->Refuse(shared_.options.refusal(HttpRefusal::kBusy, kBusy));
    } else {
      --shared_.refusing;
    }
  }

  // Gives the descriptor kept for this moment to the next peer, just to tell it; and frees another.
  void RefuseWithoutDescriptor() {
    shared_.table.CloseOne(absl::Now());
    spare_.Refuse(acceptor_.native_handle(), [this](int fd) {
      const std::string text = PlainText(shared_.options.refusal(HttpRefusal::kBusy, kBusy));
      // What does not fit at once is lost, as the connection is.
      const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
      (void)sent;
      shutdown(fd, SHUT_WR);
    });
  }

  HttpShared shared_;
  net::io_context io_;  // its connections refer to shared_
  // Threads run until the end: what exchanges still ask for must be answered.
  const net::executor_work_guard<net::io_context::executor_type> work_{io_.get_executor()};
  tcp::acceptor acceptor_;
  net::steady_timer pause_;
  common::SpareDescriptor spare_;
  common::ListenAddress address_;
  std::vector<std::thread> threads_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options,
                                                              Handler handler) {
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  TANDEM_RETURN_IF_ERROR(server->Listen());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace tandem::gateway
