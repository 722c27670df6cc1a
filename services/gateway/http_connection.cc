#include "services/gateway/http_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "boost/asio/buffer.hpp"
#include "boost/asio/dispatch.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/write.hpp"

namespace tandem::gateway {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr size_t kWriteBytes = 64 << 10;  // progress of a slow reader is seen in such steps
constexpr double kLeastBytesPerSecond = 16 << 10;
constexpr absl::Duration kLingerTime = absl::Seconds(1);
constexpr size_t kMaxDrainedBytes = 1 << 20;

template <typename Fields>
void SetFields(const HttpResponse& response, Fields* fields) {
  for (const HttpHeader& header : response.headers) {
    fields->insert(boost::string_view(header.name.data(), header.name.size()),
                   boost::string_view(header.value.data(), header.value.size()));
  }
}

// Whether everybody finds the same end of the body. Of a coding other than "chunked" alone, or of
// one in HTTP/1.0, a proxy in front may see the next request begin elsewhere.
bool HasCertainEnd(const http::request_header<>& head) {
  const auto coding = head.find(http::field::transfer_encoding);
  return coding == head.end() ||
         (head.version() == 11 && beast::iequals(coding->value(), "chunked"));
}

}  // namespace

// Forwards to its connection's strand.
class HttpExchangeImpl final : public HttpExchange {
 public:
  HttpExchangeImpl(std::shared_ptr<HttpConnection> connection, HttpRequest request)
      : connection_(std::move(connection)),
        serial_(connection_->serial_),
        request_(std::move(request)) {}
  ~HttpExchangeImpl() override {
    if (!ended_) connection_->CloseSoon();
  }

  const HttpRequest& request() const override { return request_; }

  void Respond(HttpResponse response) override {
    ended_ = true;
    Run([response = std::move(response)](HttpConnection* c) mutable {
      c->Send(std::move(response));
    });
  }
  void BeginStream(HttpResponse head) override {
    Run([head = std::move(head)](HttpConnection* c) mutable { c->BeginStream(std::move(head)); });
  }
  void Write(std::string part, std::function<void(bool)> done) override {
    Run([part = std::move(part), done = std::move(done)](HttpConnection* c) mutable {
      c->Enqueue({c->Framed(std::move(part), false), std::move(done)});
    });
  }
  void EndStream(std::string last_part) override {
    ended_ = true;
    Run([last = std::move(last_part)](HttpConnection* c) mutable {
      c->stream_ended_ = true;
      c->Enqueue({c->Framed(std::move(last), true), nullptr});
    });
  }
  void OnHangUp(std::function<void()> hook) override {
    Run([hook = std::move(hook), serial = serial_](HttpConnection* c) mutable {
      if (c->closed_) {
        hook();
      } else if (c->serving_ && c->serial_ == serial) {
        c->hang_up_ = std::move(hook);
      }
    });
  }

 private:
  template <typename Action>
  void Run(Action action) {
    net::dispatch(connection_->stream_.get_executor(),
                  [connection = connection_, action = std::move(action)]() mutable {
                    action(connection.get());
                  });
  }

  const std::shared_ptr<HttpConnection> connection_;
  const uint64_t serial_;
  const HttpRequest request_;
  std::atomic<bool> ended_ = false;
};

HttpConnection::HttpConnection(net::ip::tcp::socket socket, HttpShared* shared)
    : shared_(shared),
      stream_(std::move(socket)),
      buffer_(shared->options.max_header_bytes + kWriteBytes) {
  Error ignored;
  // An answer is one message: there is nothing to wait for.
  stream_.socket().set_option(net::ip::tcp::no_delay(true), ignored);
}

HttpConnection::~HttpConnection() { Close(); }

void HttpConnection::Serve(ConnectionTable::Place place) {
  place_ = place;
  net::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->ReadHead(); });
}

void HttpConnection::Refuse(HttpResponse response) {
  refusing_ = true;
  net::dispatch(stream_.get_executor(),
                [self = shared_from_this(), response = std::move(response)]() mutable {
                  self->Send(std::move(response));
                });
}

void HttpConnection::CloseSoon() {
  net::post(stream_.get_executor(), [self = shared_from_this()] { self->Close(); });
}

void HttpConnection::ReadHead() {
  if (closed_) return;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_->options.max_header_bytes));
  parser_->body_limit(shared_->options.max_body_bytes);
  keep_alive_ = false;
  body_seen_ = 0;
  SetState(ConnectionTable::State::kReceiving);
  stream_.expires_after(absl::ToChronoNanoseconds(shared_->options.idle_timeout));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Error error, size_t) { self->OnHead(error); });
}

void HttpConnection::OnHead(Error error) {
  if (error) {
    RefuseRequest(error);
    return;
  }
  if (!HasCertainEnd(parser_->get())) {
    RefuseRequest(HttpRefusal::kMalformed,
                  "a Transfer-Encoding may be \"chunked\" in HTTP/1.1 only");
    return;
  }
  body_deadline_ = absl::Now() + shared_->options.body_timeout;
  // Now: the parser would add the trailers of a chunked body to them, which no proxy has looked at.
  headers_.clear();
  for (const auto& field : parser_->get()) {
    const auto name = field.name_string();
    headers_.push_back({absl::AsciiStrToLower(absl::string_view(name.data(), name.size())),
                        std::string(field.value())});
  }
  const auto expect = parser_->get().find(http::field::expect);
  if (expect != parser_->get().end() && beast::iequals(expect->value(), "100-continue") &&
      !parser_->is_done()) {
    SendContinue();
    return;
  }
  ReadBody();
}

void HttpConnection::SendContinue() {
  static constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.expires_after(absl::ToChronoNanoseconds(shared_->options.stall_timeout));
  net::async_write(stream_, net::buffer(kContinue, sizeof(kContinue) - 1),
                   [self = shared_from_this()](Error error, size_t) {
                     if (error) {
                       self->Close();
                     } else {
                       self->ReadBody();
                     }
                   });
}

void HttpConnection::ReadBody() {
  if (parser_->is_done()) {
    Dispatch();
    return;
  }
  stream_.expires_after(absl::ToChronoNanoseconds(shared_->options.stall_timeout));
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](Error error, size_t) { self->OnBody(error); });
}

void HttpConnection::OnBody(Error error) {
  const size_t size = parser_->get().body().size();
  Hold(size - body_seen_);
  body_seen_ = size;
  if (error) {
    RefuseRequest(error);
    return;
  }
  if (HoldsTooMuch()) return;
  const absl::Duration earned =
      absl::Seconds(static_cast<double>(body_seen_) / kLeastBytesPerSecond);
  if (!parser_->is_done() && absl::Now() > body_deadline_ + earned) {
    RefuseRequest(HttpRefusal::kTooSlow, "the request's body came in too slowly");
    return;
  }
  ReadBody();
}

bool HttpConnection::HoldsTooMuch() {
  if (shared_->held_bytes <= shared_->options.max_held_bytes) return false;
  shared_->table.CloseSlowReaders(absl::Now());
  RefuseRequest(HttpRefusal::kBusy, "the server holds too much for others: retry in a moment");
  return true;
}

void HttpConnection::RefuseRequest(Error error) {
  if (closed_) return;
  const HttpServerOptions& options = shared_->options;
  if (error == http::error::body_limit) {
    RefuseRequest(HttpRefusal::kBodyTooLarge,
                  absl::StrCat("the request's body has more than ", options.max_body_bytes,
                               " bytes: split it into several"));
  } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    RefuseRequest(HttpRefusal::kHeadTooLarge,
                  absl::StrCat("the request line and headers have more than ",
                               options.max_header_bytes, " bytes: use POST for a long message"));
  } else if (error.category() == make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    RefuseRequest(HttpRefusal::kMalformed, "this is no HTTP/1.1 request");
  } else {
    Close();
  }
}

void HttpConnection::RefuseRequest(HttpRefusal why, absl::string_view message) {
  keep_alive_ = false;
  Send(shared_->options.refusal(why, message));
}

void HttpConnection::Dispatch() {
  if (HoldsTooMuch()) return;
  auto& message = parser_->get();
  keep_alive_ = message.keep_alive();
  http_1_0_ = message.version() < 11;
  serving_ = true;
  ++serial_;
  SetState(ConnectionTable::State::kServing);
  stream_.expires_never();
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = std::move(headers_);
  request.body = std::move(message.body());
  WatchForHangUp();
  shared_->handler(std::make_shared<HttpExchangeImpl>(shared_from_this(), std::move(request)));
}

// Readable while a call runs means: the peer is gone, or its next request is here already.
void HttpConnection::WatchForHangUp() {
  if (watching_ || closed_) return;
  watching_ = true;
  stream_.socket().async_wait(
      net::ip::tcp::socket::wait_read, [self = shared_from_this()](Error error) {
        self->watching_ = false;
        if (error || self->closed_ || !self->serving_) return;
        char byte = 0;
        const ssize_t got = recv(self->stream_.socket().native_handle(), &byte, sizeof(byte),
                                 MSG_PEEK | MSG_DONTWAIT);
        if (got > 0) return;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
          // It was the request itself that woke a wait left over from the one before.
          self->WatchForHangUp();
        } else {
          self->Close();
        }
      });
}

void HttpConnection::Send(HttpResponse response) {
  if (closed_) return;
  response_ = std::make_unique<Response>();
  response_->version(http_1_0_ ? 10 : 11);
  response_->result(static_cast<unsigned>(response.status));
  if (response.status == 499) response_->reason("Client Closed Request");
  SetFields(response, response_.get());
  keep_alive_ = keep_alive_ && !refusing_ && !shared_->draining;
  response_->keep_alive(keep_alive_);
  Hold(response.body.size());
  response_->body() = std::move(response.body);
  // A 204 has neither a body nor a length.
  if (response.status != 204) response_->prepare_payload();
  // An answer to HEAD says how long the body would be, and has none: the peer would take it for the
  // next answer.
  if (parser_.has_value() && parser_->get().method() == http::verb::head) response_->body().clear();
  serializer_.emplace(*response_);
  serializer_->limit(kWriteBytes);
  WriteSome();
}

void HttpConnection::WriteSome() {
  SetState(ConnectionTable::State::kSending);
  stream_.expires_after(absl::ToChronoNanoseconds(shared_->options.stall_timeout));
  http::async_write_some(stream_, *serializer_, [self = shared_from_this()](Error error, size_t) {
    if (error) {
      self->Close();
    } else if (self->serializer_->is_done()) {
      self->AfterResponse();
    } else {
      self->WriteSome();
    }
  });
}

void HttpConnection::BeginStream(HttpResponse head) {
  if (closed_) return;
  Response message;
  message.version(http_1_0_ ? 10 : 11);
  message.result(static_cast<unsigned>(head.status));
  SetFields(head, &message);
  // Before HTTP/1.1 the end of the connection is the end of the stream.
  keep_alive_ = keep_alive_ && !http_1_0_;
  message.chunked(!http_1_0_);
  message.keep_alive(keep_alive_);
  stream_ended_ = false;
  std::ostringstream text;
  text << message.base();
  Enqueue({text.str(), nullptr});
}

std::string HttpConnection::Framed(std::string bytes, bool last) const {
  if (http_1_0_) return bytes;
  std::string framed;
  if (!bytes.empty()) framed = absl::StrCat(absl::Hex(bytes.size()), "\r\n", bytes, "\r\n");
  if (last) framed += "0\r\n\r\n";
  return framed;
}

void HttpConnection::Enqueue(Part part) {
  if (closed_) {
    if (part.done) part.done(false);
    return;
  }
  Hold(part.bytes.size());
  parts_.push_back(std::move(part));
  if (writing_) return;
  writing_ = true;
  WritePart(0);
}

void HttpConnection::WritePart(size_t from) {
  const std::string& bytes = parts_.front().bytes;
  const size_t size = std::min(kWriteBytes, bytes.size() - from);
  SetState(ConnectionTable::State::kSending);
  stream_.expires_after(absl::ToChronoNanoseconds(shared_->options.stall_timeout));
  net::async_write(stream_, net::buffer(bytes.data() + from, size),
                   [self = shared_from_this(), from, size](Error error, size_t) {
                     if (error || self->closed_) {
                       self->Close();
                       return;
                     }
                     if (from + size < self->parts_.front().bytes.size()) {
                       self->WritePart(from + size);
                       return;
                     }
                     const Part part = std::move(self->parts_.front());
                     self->parts_.pop_front();
                     self->ReleaseHeld();
                     self->stream_.expires_never();
                     self->SetState(ConnectionTable::State::kServing);
                     // May enqueue the next part at once, which is written below.
                     if (part.done) part.done(true);
                     if (self->closed_) return;
                     if (!self->parts_.empty()) {
                       self->WritePart(0);
                       return;
                     }
                     self->writing_ = false;
                     if (self->stream_ended_) self->AfterResponse();
                   });
}

void HttpConnection::AfterResponse() {
  serving_ = false;
  stream_ended_ = false;
  hang_up_ = nullptr;
  serializer_.reset();
  response_.reset();
  ReleaseHeld();
  if (keep_alive_ && !shared_->draining) {
    ReadHead();
  } else {
    Linger();
  }
}

void HttpConnection::Linger() {
  Error ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(absl::ToChronoNanoseconds(kLingerTime));
  SetState(ConnectionTable::State::kReceiving);
  Drain();
}

void HttpConnection::Drain() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kWriteBytes),
                          [self = shared_from_this()](Error error, size_t size) {
                            self->drained_ += size;
                            if (error || self->drained_ > kMaxDrainedBytes) {
                              self->Close();
                            } else {
                              self->Drain();
                            }
                          });
}

void HttpConnection::Close() {
  if (closed_) return;
  closed_ = true;
  Error ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  ReleaseHeld();
  if (place_.has_value()) shared_->table.Remove(*place_);
  place_.reset();
  if (refusing_) --shared_->refusing;
  std::deque<Part> unsent = std::move(parts_);
  const std::function<void()> hang_up = std::move(hang_up_);
  hang_up_ = nullptr;
  for (Part& part : unsent) {
    if (part.done) part.done(false);
  }
  if (hang_up) hang_up();
}

void HttpConnection::SetState(ConnectionTable::State state) {
  if (place_.has_value()) shared_->table.SetState(*place_, state, absl::Now());
}

void HttpConnection::Hold(size_t bytes) {
  held_ += bytes;
  shared_->held_bytes += bytes;
}

void HttpConnection::ReleaseHeld() {
  shared_->held_bytes -= held_;
  held_ = 0;
}

}  // namespace tandem::gateway
