// One connection of the HTTP server: included by http_server.cc and http_connection.cc only, the
// two files that know Boost.Beast.
//
// All of it runs on the connection's strand, so nothing here is locked. It lives as long as an
// operation, or the exchange of its request, refers to it.
#ifndef SERVICES_GATEWAY_HTTP_CONNECTION_H_
#define SERVICES_GATEWAY_HTTP_CONNECTION_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "boost/asio/ip/tcp.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/core/tcp_stream.hpp"
#include "boost/beast/http/message.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/serializer.hpp"
#include "boost/beast/http/string_body.hpp"
#include "services/gateway/connection_table.h"
#include "services/gateway/http_message.h"
#include "services/gateway/http_server.h"

namespace tandem::gateway {

// What all connections of a server share. Outlives them.
struct HttpShared {
  HttpShared(HttpServerOptions server_options, HttpServer::Handler server_handler, int connections)
      : options(std::move(server_options)),
        handler(std::move(server_handler)),
        table(connections, options.slow_reader_age) {}

  const HttpServerOptions options;
  const HttpServer::Handler handler;
  ConnectionTable table;
  std::atomic<size_t> held_bytes = 0;
  std::atomic<int> refusing = 0;  // connections that only hear why they are refused
  std::atomic<bool> draining = false;
};

class HttpConnection final : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, HttpShared* shared);
  ~HttpConnection();

  // Reads requests and serves them, in the place that it has in the table.
  void Serve(ConnectionTable::Place place);
  // Answers and ends, without a place in the table.
  void Refuse(HttpResponse response);
  // Ends at once. From any thread.
  void CloseSoon();

 private:
  friend class HttpExchangeImpl;
  using Error = boost::beast::error_code;
  // A part of a stream on its way.
  struct Part {
    std::string bytes;
    std::function<void(bool)> done;
  };

  void ReadHead();
  void OnHead(Error error);
  void SendContinue();
  void ReadBody();
  void OnBody(Error error);
  // Whether the server holds too much to take the request, which it then refuses.
  bool HoldsTooMuch();
  void RefuseRequest(Error error);
  void RefuseRequest(HttpRefusal why, absl::string_view message);
  void Dispatch();
  void WatchForHangUp();

  void Send(HttpResponse response);
  void WriteSome();
  void BeginStream(HttpResponse head);
  void Enqueue(Part part);
  void WritePart(size_t from);
  // `last` with the framing of the stream.
  std::string Framed(std::string bytes, bool last) const;
  void AfterResponse();

  // Says nothing more, waits shortly until the peer has read, then closes: closing at once could
  // destroy the answer on its way.
  void Linger();
  void Drain();
  void Close();
  void SetState(ConnectionTable::State state);
  void Hold(size_t bytes);
  void ReleaseHeld();

  HttpShared* const shared_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<ConnectionTable::Place> place_;
  bool closed_ = false;
  bool refusing_ = false;

  // Of the request being read or served.
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  absl::Time body_deadline_;
  HttpHeaders headers_;
  size_t body_seen_ = 0;
  size_t held_ = 0;
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  bool serving_ = false;
  uint64_t serial_ = 0;  // of the request, so that a late hook does not meet the next one
  bool watching_ = false;
  std::function<void()> hang_up_;

  // Of the response being written.
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  std::unique_ptr<Response> response_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::string_body>>
      serializer_;
  std::deque<Part> parts_;
  bool writing_ = false;  // a part is on its way
  bool stream_ended_ = false;
  size_t drained_ = 0;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_HTTP_CONNECTION_H_
