// An HTTP/1.1 server on this machine only, bounded in everything that a peer can use up:
// connections, bytes of head and body, bytes held for slow peers, time, file descriptors.
//
//   TANDEM_ASSIGN_OR_RETURN(auto server, HttpServer::Start(options, [](auto exchange) {
//     exchange->Respond({200, {{"content-type", "text/plain"}}, "hello\n"});
//   }));
//
// Whatever has to be refused gets an answer with a status that says why (400 malformed, 408 too
// slow, 413 body, 431 head, 503 too many) and a body from `options.refusal`; a peer that stalls is
// dropped. A full server makes room as connection_table.h says. When the process runs out of
// descriptors, new peers are answered 503.
//
// Boost.Beast stays inside http_server.cc and http_connection.*. Thread-safe.
#ifndef SERVICES_GATEWAY_HTTP_SERVER_H_
#define SERVICES_GATEWAY_HTTP_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

// Why a request is refused before anybody looks at it.
enum class HttpRefusal {
  kMalformed,
  kTooSlow,
  kBodyTooLarge,
  kHeadTooLarge,
  kBusy,
};

struct HttpServerOptions {
  std::string address = "127.0.0.1:0";  // TCP, this machine only; port 0 picks a free one
  int threads = 2;                      // for sockets and short work
  int max_connections = 512;            // lowered to a quarter of the process's descriptors
  size_t max_header_bytes = 32 << 10;   // request line included, and so the message of a GET
  size_t max_body_bytes = 16 << 20;
  size_t max_held_bytes = 256 << 20;                 // of all requests and responses; beyond it 503
  absl::Duration idle_timeout = absl::Seconds(60);   // for a request's head, also between requests
  absl::Duration stall_timeout = absl::Seconds(15);  // without any byte of a body, read or written
  absl::Duration body_timeout = absl::Seconds(30);   // for a body, and 1 s more per 16 KiB
  absl::Duration slow_reader_age = absl::Seconds(2);
  absl::Duration drain_time = absl::Seconds(10);  // for running calls at Stop
  // The response to what this server refuses itself.
  std::function<HttpResponse(HttpRefusal why, absl::string_view message)> refusal;
};

// One request and the way to answer it: either Respond, or BeginStream, Writes and EndStream. One
// that is dropped without an answer closes the connection. Thread-safe; the calls follow each
// other.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  virtual const HttpRequest& request() const = 0;
  virtual void Respond(HttpResponse response) = 0;

  // Sends status and headers of `head`; its body is left out.
  virtual void BeginStream(HttpResponse head) = 0;
  // Sends a part. `done` learns, on a thread of the server, when the peer took it (true) or is gone
  // (false): write the next part only then.
  virtual void Write(std::string part, std::function<void(bool)> done) = 0;
  virtual void EndStream(std::string last_part) = 0;

  // Calls `hook` once, on a thread of the server, if the peer goes away before the response is out.
  virtual void OnHangUp(std::function<void()> hook) = 0;
};

class HttpServer {
 public:
  // Called on a thread of the server: it must not block.
  using Handler = std::function<void(std::shared_ptr<HttpExchange>)>;

  // INVALID_ARGUMENT when the address is not understood or not of this machine; ALREADY_EXISTS when
  // the port is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                           Handler handler);
  // Stop()s. No exchange may be left by then.
  virtual ~HttpServer() = default;

  // With the real port: "127.0.0.1:41234".
  virtual std::string address() const = 0;
  // Takes no more requests, gives running ones `drain_time`, then closes all connections. Exchanges
  // that are left then learn that their peer is gone. Repeating it does nothing.
  virtual void Stop() = 0;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_HTTP_SERVER_H_
