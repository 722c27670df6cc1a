// What the gateway answers over real sockets, before a real server: a table of calls, then what no
// table can say.
#include "services/gateway/gateway.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/echo_service.pb.h"
#include "services/gateway/gzip.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/echo_gateway.h"
#include "services/gateway/testing/http_client.h"

namespace tandem::gateway {
namespace {

using echo::v1::EchoMessage;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Matcher;
using ::testing::Not;
using ::testing::StartsWith;

std::string Bytes(const std::string& text) {
  EchoMessage message;
  message.set_text(text);
  return message.SerializeAsString();
}

// Flags, length, message.
std::string Frame(char flags, const std::string& message) {
  std::string frame(1, flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>(message.size() >> shift));
  }
  return frame + message;
}

HttpHeaders Typed(const std::string& type, HttpHeaders more = {}) {
  HttpHeaders headers = JsonHeaders();
  headers[0].value = type;
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

std::string HeaderOf(const HttpResponse& response, const std::string& name) {
  const std::string* value = FindHeader(response.headers, name);
  return value == nullptr ? "" : *value;
}

std::string Nested(int depth) {
  std::string json = "{}";
  for (int i = 0; i < depth; ++i) json = absl::StrCat("{\"part\":", json, "}");
  return json;
}

struct ProtocolCase {
  std::string name;
  std::string method;
  std::string target;
  HttpHeaders headers;
  std::string body;
  int status;
  Matcher<std::string> answer;
};

class ProtocolTest : public EchoGatewayTest, public ::testing::WithParamInterface<ProtocolCase> {};

TEST_P(ProtocolTest, Answers) {
  Start();
  const ProtocolCase& call = GetParam();
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call(call.method, call.target, call.headers, call.body);
  EXPECT_EQ(response.status, call.status) << response.body;
  EXPECT_THAT(response.body, call.answer);
  EXPECT_EQ(HeaderOf(response, "x-content-type-options"), "nosniff");
  // Whatever came before, the gateway serves the next call.
  HttpClient next(gateway_->address());
  EXPECT_EQ(next.Call("POST", kEcho, JsonHeaders(), R"({"text":"a"})").body, R"({"text":"a"})");
}

std::vector<ProtocolCase> GoodCalls() {
  const std::string get = absl::StrCat(kEcho, "?connect=v1&encoding=");
  return {
      {"PostJson", "POST", kEcho, JsonHeaders(), R"({"text":"hé","count":2})", 200,
       R"({"text":"hé","count":2})"},
      {"PostJsonWithCharset", "POST", kEcho, Typed("Application/JSON; charset=UTF-8"), "{}", 200,
       "{}"},
      {"PostProto", "POST", kEcho, Typed("application/proto"), Bytes("a"), 200, Bytes("a")},
      {"PostEmptyProto", "POST", kEcho, Typed("application/proto"), "", 200, ""},
      {"GetJson", "GET", get + "json&message=%7B%22text%22%3A%22a%20b%22%7D", JsonHeaders(), "",
       200, R"({"text":"a b"})"},
      {"GetProtoInBase64", "GET",
       get + "proto&base64=1&message=" + absl::WebSafeBase64Escape(Bytes("?>")), JsonHeaders(), "",
       200, Bytes("?>")},
      {"GzipRequest", "POST", kEcho, Typed("application/json", {{"content-encoding", "gzip"}}),
       Compress(R"({"text":"a"})"), 200, R"({"text":"a"})"},
      {"UnknownProtoFieldIsIgnored", "POST", kEcho, Typed("application/proto"),
       Bytes("a") + "\x98\x06\x01", 200, HasSubstr("a")},
      {"DeepAsAllowed", "POST", kEcho, JsonHeaders(), Nested(60), 200, Nested(60)},
      {"Alive", "GET", "/healthz", {}, "", 200, "alive\n"},
      {"Ready", "GET", "/readyz", {}, "", 200, "ready\n"},
  };
}

std::vector<ProtocolCase> RefusedRequests() {
  return {
      {"WrongType", "POST", kEcho, Typed("text/plain"), "{}", 415,
       AllOf(HasSubstr("CONTENT_TYPE_UNSUPPORTED"), HasSubstr("application/json"))},
      {"NoType",
       "POST",
       kEcho,
       {{"tandem-role", "staff"}},
       "{}",
       415,
       HasSubstr("CONTENT_TYPE_UNSUPPORTED")},
      {"StreamTypeForUnary", "POST", kEcho, Typed("application/connect+json"), "{}", 415,
       HasSubstr("CONTENT_TYPE_UNSUPPORTED")},
      {"WrongVerb", "PUT", kEcho, JsonHeaders(), "{}", 405, HasSubstr("HTTP_METHOD_NOT_ALLOWED")},
      {"GetOfAStream", "GET", kRepeat, JsonHeaders(), "", 405,
       HasSubstr("HTTP_METHOD_NOT_ALLOWED")},
      {"UnknownMethod", "POST", "/tandem.echo.v1.EchoService/Nothing", JsonHeaders(), "{}", 404,
       AllOf(HasSubstr(R"("code":"unimplemented")"), HasSubstr("METHOD_UNKNOWN"))},
      {"ServiceThatIsNotServed", "POST", "/tandem.echo.v1.OpenService/Open", JsonHeaders(), "{}",
       404, HasSubstr("METHOD_UNKNOWN")},
      {"NoPath", "GET", "/", {}, "", 404, HasSubstr("METHOD_UNKNOWN")},
      {"BadJson", "POST", kEcho, JsonHeaders(), R"({"text":)", 400,
       AllOf(HasSubstr(R"("code":"invalid_argument")"), HasSubstr("JSON_INVALID"))},
      {"SingleQuotes", "POST", kEcho, JsonHeaders(), "{'text':'a'}", 400,
       HasSubstr("JSON_INVALID")},
      {"KeyTwice", "POST", kEcho, JsonHeaders(), R"({"text":"a","text":"b"})", 400,
       HasSubstr("JSON_INVALID")},
      {"UnknownJsonField", "POST", kEcho, JsonHeaders(), R"({"txet":"a"})", 400,
       AllOf(HasSubstr("JSON_INVALID"), HasSubstr("txet"))},
      {"ValueOfAnotherType", "POST", kEcho, JsonHeaders(), R"({"count":"many"})", 400,
       AllOf(HasSubstr("JSON_INVALID"), HasSubstr("count"))},
      {"NoObject", "POST", kEcho, JsonHeaders(), "[1]", 400, HasSubstr("JSON_INVALID")},
      {"TooDeep", "POST", kEcho, JsonHeaders(), Nested(100), 400, HasSubstr("JSON_INVALID")},
      {"VeryDeep", "POST", kEcho, JsonHeaders(), std::string(1 << 20, '['), 400,
       HasSubstr("JSON_INVALID")},
      {"BadUtf8InJson", "POST", kEcho, JsonHeaders(), "{\"text\":\"\xff\"}", 400,
       AllOf(HasSubstr("JSON_INVALID"), HasSubstr("UTF-8"))},
      {"BadUtf8InProto", "POST", kEcho, Typed("application/proto"), "\x0a\x01\xff", 400,
       HasSubstr("REQUEST_MALFORMED")},
      {"NoProto", "POST", kEcho, Typed("application/proto"), "\xff\xff\xff", 400,
       HasSubstr("REQUEST_MALFORMED")},
      {"NoGzip", "POST", kEcho, Typed("application/json", {{"content-encoding", "gzip"}}), "{}",
       400, HasSubstr("REQUEST_MALFORMED")},
      {"UnknownCompression", "POST", kEcho, Typed("application/json", {{"content-encoding", "br"}}),
       "{}", 501,
       AllOf(HasSubstr(R"("code":"unimplemented")"), HasSubstr("COMPRESSION_UNSUPPORTED"))},
      {"GetWithoutMessage", "GET", absl::StrCat(kEcho, "?encoding=json"), JsonHeaders(), "", 400,
       HasSubstr("REQUEST_MISSING")},
      {"GetWithBadBase64", "GET", absl::StrCat(kEcho, "?encoding=proto&base64=1&message=%21"),
       JsonHeaders(), "", 400, HasSubstr("REQUEST_MALFORMED")},
      {"GetWithBadEscape", "GET", absl::StrCat(kEcho, "?encoding=json&message=%7"), JsonHeaders(),
       "", 400, HasSubstr("HTTP_MALFORMED")},
      {"OtherVersionOfConnect", "POST", kEcho,
       Typed("application/json", {{"connect-protocol-version", "2"}}), "{}", 400,
       HasSubstr("METADATA_INVALID")},
      {"BadTimeout", "POST", kEcho, Typed("application/json", {{"connect-timeout-ms", "1s"}}), "{}",
       400, HasSubstr("METADATA_INVALID")},
      {"BadBinaryHeader", "POST", kEcho, Typed("application/json", {{"x-bin", "?"}}), "{}", 400,
       HasSubstr("METADATA_INVALID")},
      {"ForeignHost", "POST", kEcho, Typed("application/json", {{"host", "evil.example"}}), "{}",
       421, HasSubstr("HOST_UNKNOWN")},
  };
}

std::vector<ProtocolCase> FailedCalls() {
  return {
      {"ErrorWithErrorInfo", "POST", kEcho, JsonHeaders(), R"({"text":"missing"})", 404,
       AllOf(StartsWith(R"({"code":"not_found","message":")"),
             HasSubstr(R"("type":"google.rpc.ErrorInfo")"),
             HasSubstr(R"("reason":"RESOURCE_NOT_FOUND","domain":"tandem")"))},
      {"ErrorWithBadRequest", "POST", kEcho, JsonHeaders(), R"({"text":"invalid"})", 400,
       AllOf(HasSubstr(R"("type":"google.rpc.BadRequest")"), HasSubstr(R"("field":"text")"))},
      {"ErrorOfAProtoCallIsJsonToo", "POST", kEcho, Typed("application/proto"), Bytes("missing"),
       404, HasSubstr("RESOURCE_NOT_FOUND")},
      {"Timeout", "POST", kEcho, Typed("application/json", {{"connect-timeout-ms", "50"}}),
       R"({"text":"wait"})", 504, HasSubstr(R"("code":"deadline_exceeded")")},
      {"TimeoutOfNothing", "POST", kEcho, Typed("application/json", {{"connect-timeout-ms", "0"}}),
       "{}", 504, HasSubstr(R"("code":"deadline_exceeded")")},
      {"NoRole",
       "POST",
       kEcho,
       {{"content-type", "application/json"}},
       "{}",
       403,
       HasSubstr("ROLE_MISSING")},
      {"OtherRole",
       "POST",
       kEcho,
       {{"content-type", "application/json"}, {"tandem-role", "auditor"}},
       "{}",
       403,
       HasSubstr("ROLE_NOT_ALLOWED")},
      {"UnknownRole",
       "POST",
       kEcho,
       {{"content-type", "application/json"}, {"tandem-role", "root"}},
       "{}",
       400,
       HasSubstr("METADATA_INVALID")},
      {"RoleTwice", "POST", kEcho, Typed("application/json", {{"Tandem-Role", "admin"}}), "{}", 400,
       AllOf(HasSubstr("METADATA_INVALID"), HasSubstr("more than once"))},
  };
}

std::vector<ProtocolCase> FramedCalls() {
  const std::string json = R"({"text":"a"})";
  const std::string ok = Frame('\x80', "grpc-status: 0\r\n");
  return {
      {"GrpcWeb", "POST", kEcho, Typed("application/grpc-web+proto"), Frame(0, Bytes("a")), 200,
       Frame(0, Bytes("a")) + ok},
      {"GrpcWebIsProto", "POST", kEcho, Typed("application/grpc-web"), Frame(0, Bytes("a")), 200,
       Frame(0, Bytes("a")) + ok},
      {"GrpcWebJson", "POST", kEcho, Typed("application/grpc-web+json"), Frame(0, json), 200,
       Frame(0, json) + ok},
      {"GrpcWebText", "POST", kEcho, Typed("application/grpc-web-text"),
       absl::Base64Escape(Frame(0, Bytes("a"))), 200,
       // Each frame is padded by itself.
       absl::StrCat(absl::Base64Escape(Frame(0, Bytes("a"))), absl::Base64Escape(ok))},
      {"GrpcWebGzip", "POST", kEcho, Typed("application/grpc-web", {{"grpc-encoding", "gzip"}}),
       Frame(1, Compress(Bytes("a"))), 200, Frame(0, Bytes("a")) + ok},
      {"GrpcWebError", "POST", kEcho, Typed("application/grpc-web"), Frame(0, Bytes("missing")),
       200,
       AllOf(StartsWith("\x80"), HasSubstr("grpc-status: 5\r\n"), HasSubstr("grpc-message: "),
             HasSubstr("grpc-status-details-bin: "))},
      {"GrpcWebTimeout", "POST", kEcho, Typed("application/grpc-web", {{"grpc-timeout", "50m"}}),
       Frame(0, Bytes("wait")), 200, HasSubstr("grpc-status: 4\r\n")},
      {"GrpcWebStream", "POST", kRepeat, Typed("application/grpc-web+json"),
       Frame(0, R"({"text":"b","count":2})"), 200,
       Frame(0, R"({"text":"b"})") + Frame(0, R"({"text":"b","count":1})") + ok},
      {"GrpcWebCutOff", "POST", kEcho, Typed("application/grpc-web"), Frame(0, "abc").substr(0, 7),
       200, AllOf(HasSubstr("grpc-status: 3\r\n"), Not(HasSubstr("grpc-status: 0")))},
      {"TwoMessages", "POST", kEcho, Typed("application/grpc-web"), Frame(0, "") + Frame(0, ""),
       200, HasSubstr("grpc-status: 12\r\n")},
      {"NoBase64", "POST", kEcho, Typed("application/grpc-web-text"), "!!!!", 200,
       Not(HasSubstr(absl::Base64Escape(ok)))},
      {"ConnectStream", "POST", kRepeat, Typed("application/connect+json"),
       Frame(0, R"({"text":"b","count":2})"), 200,
       Frame(0, R"({"text":"b"})") + Frame(0, R"({"text":"b","count":1})") + Frame(2, "{}")},
      {"ConnectStreamError", "POST", kRepeat, Typed("application/connect+json"),
       Frame(0, R"({"text":"fail","count":1})"), 200,
       AllOf(StartsWith(Frame(0, R"({"text":"fail"})") + "\x02"),
             HasSubstr(R"("error":{"code":"aborted")"), HasSubstr("ECHO_FAILED"))},
      {"ConnectStreamRefused", "POST", kRepeat, Typed("application/connect+json"), Frame(0, "{"),
       200, AllOf(StartsWith("\x02"), HasSubstr("JSON_INVALID"))},
  };
}

std::string NameOf(const ::testing::TestParamInfo<ProtocolCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Good, ProtocolTest, ::testing::ValuesIn(GoodCalls()), NameOf);
INSTANTIATE_TEST_SUITE_P(Refused, ProtocolTest, ::testing::ValuesIn(RefusedRequests()), NameOf);
INSTANTIATE_TEST_SUITE_P(Failed, ProtocolTest, ::testing::ValuesIn(FailedCalls()), NameOf);
INSTANTIATE_TEST_SUITE_P(Framed, ProtocolTest, ::testing::ValuesIn(FramedCalls()), NameOf);

using GatewayTest = EchoGatewayTest;

TEST_F(GatewayTest, LargeAnswersAreCompressedForThoseWhoTakeIt) {
  Start();
  HttpClient client(gateway_->address());
  const std::string ask = R"({"text":"large 100000"})";
  const HttpResponse plain = client.Call("POST", kEcho, JsonHeaders(), ask);
  const HttpResponse packed =
      client.Call("POST", kEcho, Typed("application/json", {{"accept-encoding", "br, gzip"}}), ask);
  EXPECT_EQ(HeaderOf(plain, "content-encoding"), "");
  EXPECT_EQ(HeaderOf(packed, "content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size() / 10);
  const auto unpacked = Decompress(packed.body, 1 << 20);
  ASSERT_TRUE(unpacked.ok());
  EXPECT_EQ(*unpacked, plain.body);
}

TEST_F(GatewayTest, TooLargeBodyIsRefusedByItsLimit) {
  GatewayOptions options;
  options.http.max_body_bytes = 1000;
  Start(options);
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call("POST", kEcho, JsonHeaders(), std::string(1001, ' '));
  EXPECT_EQ(response.status, 413);
  EXPECT_THAT(response.body,
              AllOf(HasSubstr(R"("code":"resource_exhausted")"), HasSubstr("REQUEST_TOO_LARGE"),
                    HasSubstr(R"("max_bytes":"1000")")));
}

TEST_F(GatewayTest, ZippedBombIsRefusedWithoutBeingKept) {
  Start();
  HttpClient client(gateway_->address());
  const std::string bomb = Compress(std::string(64 << 20, ' '));
  const HttpResponse response =
      client.Call("POST", kEcho, Typed("application/json", {{"content-encoding", "gzip"}}), bomb);
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.body, HasSubstr("REQUEST_TOO_LARGE"));
}

TEST_F(GatewayTest, TooLongHeadIsRefused) {
  Start();
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call(
      "POST", kEcho, Typed("application/json", {{"x-long", std::string(40 << 10, 'a')}}), "{}");
  EXPECT_EQ(response.status, 431);
  EXPECT_THAT(response.body, HasSubstr("HEADERS_TOO_LARGE"));
}

TEST_F(GatewayTest, CallerIsWhoHeSays) {
  Start();
  HttpClient client(gateway_->address());
  EXPECT_EQ(client.Call("POST", kEcho, JsonHeaders(), "{}").status, 200);
  EXPECT_EQ(LastCall().principal.actor, "unauthenticated: Ada");
  EXPECT_EQ(LastCall().principal.role, common::v1::ROLE_STAFF);
  EXPECT_EQ(LastCall().principal.credential, "");
}

TEST_F(GatewayTest, SubjectIsCheckedAsOfADirectCall) {
  Start();
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call(
      "POST", kEcho, Typed("application/json", {{"tandem-subject", "mentors/1"}}), "{}");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("is for the roles mentor and nsb only"));
}

TEST_F(GatewayTest, ReservedMetadataFromOutsideDoesNothing) {
  Start();
  HttpClient client(gateway_->address());
  const HttpResponse response =
      client.Call("POST", kEcho,
                  Typed("application/json", {{"tandem-accept-details-bytes", "1"},
                                             {"tandem-via", "inside"},
                                             {"grpc-timeout", "1n"},
                                             {"grpc-previous-rpc-attempts", "9"},
                                             {"grpc-encoding", "nonsense"}}),
                  R"({"text":"missing"})");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("RESOURCE_NOT_FOUND"));
}

TEST_F(GatewayTest, TrailersOfABodyStateNoRole) {
  Start();
  HttpClient client(gateway_->address());
  client.Send(absl::StrCat("POST ", kEcho,
                           " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                           "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
                           "tandem-role: admin\r\n\r\n"));
  const HttpResponse response = client.Receive();
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(response.body, HasSubstr("ROLE_MISSING"));
}

TEST_F(GatewayTest, RequestsOfTwoLengthsAreRefused) {
  Start();
  for (const char* lengths : {"content-length: 2\r\ntransfer-encoding: chunked\r\n",
                              "content-length: 2\r\ncontent-length: 3\r\n"}) {
    HttpClient client(gateway_->address());
    client.Send(absl::StrCat("POST ", kEcho,
                             " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                             "tandem-role: staff\r\n",
                             lengths, "\r\n{}"));
    const HttpResponse response = client.Receive();
    EXPECT_EQ(response.status, 400) << lengths;
    EXPECT_THAT(response.body, HasSubstr("HTTP_MALFORMED")) << lengths;
  }
}

TEST_F(GatewayTest, ConnectionIsKeptForTheNextCall) {
  Start();
  HttpClient client(gateway_->address());
  for (int i = 0; i < 100; ++i) {
    const std::string json = absl::StrCat("{\"count\":", i + 1, "}");
    ASSERT_EQ(client.Call("POST", kEcho, JsonHeaders(), json).body, json);
  }
}

TEST_F(GatewayTest, HangUpCancelsTheCall) {
  Start();
  HttpClient client(gateway_->address());
  // The second request of a connection is watched like the first.
  EXPECT_EQ(client.Call("POST", kEcho, JsonHeaders(), "{}").status, 200);
  const std::string body = R"({"text":"wait"})";
  client.Send(absl::StrCat("POST ", kEcho,
                           " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                           "tandem-role: staff\r\ncontent-length: ",
                           body.size(), "\r\n\r\n", body));
  ASSERT_TRUE(WaitForRunning(1));
  client.Close();
  EXPECT_TRUE(WaitForRunning(0));
}

TEST_F(GatewayTest, HangUpEndsTheStream) {
  Start();
  HttpClient client(gateway_->address());
  const std::string body = Frame(0, R"({"text":"wait","count":1})");
  client.Send(absl::StrCat("POST ", kRepeat,
                           " HTTP/1.1\r\nhost: localhost\r\n"
                           "content-type: application/connect+json\r\ntandem-role: staff\r\n"
                           "content-length: ",
                           body.size(), "\r\n\r\n", body));
  ASSERT_TRUE(WaitForRunning(1));
  client.Close();
  EXPECT_TRUE(WaitForRunning(0));
}

TEST_F(GatewayTest, LongStreamArrivesWhole) {
  Start();
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call("POST", kRepeat, Typed("application/connect+json"),
                                            Frame(0, R"({"text":"twelve bytes","count":20000})"));
  size_t at = 0;
  int count = 0;
  while (at + 5 <= response.body.size() && response.body[at] == 0) {
    size_t length = 0;
    for (int i = 1; i < 5; ++i)
      length = length << 8 | static_cast<unsigned char>(response.body[at + i]);
    const std::string expected = count == 0 ? "" : absl::StrCat("\"count\":", count, "}");
    ASSERT_THAT(response.body.substr(at + 5, length), HasSubstr(expected));
    at += 5 + length;
    ++count;
  }
  EXPECT_EQ(count, 20000);
  EXPECT_EQ(response.body.substr(at), Frame(2, "{}"));
}

TEST_F(GatewayTest, NotReadyIsSaidWithWhatIsMissing) {
  Start();
  ready_ = false;
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call("GET", "/readyz", {}, "");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("the index is still loading"));
  EXPECT_EQ(HeaderOf(response, "retry-after"), "1");
  EXPECT_EQ(client.Call("GET", "/healthz", {}, "").status, 200);
}

TEST_F(GatewayTest, ServiceThatDoesNotServeIsNotReady) {
  Start();
  server_->SetServing("tandem.echo.v1.EchoService", false);
  HttpClient client(gateway_->address());
  const HttpResponse response = client.Call("GET", "/readyz", {}, "");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("tandem.echo.v1.EchoService"));
}

TEST_F(GatewayTest, CallsAfterTheServerHasEndedAreToldSo) {
  Start();
  gateway_->RefuseCalls();
  server_->Shutdown();
  HttpClient client(gateway_->address());
  const HttpResponse unary = client.Call("POST", kEcho, JsonHeaders(), "{}");
  EXPECT_EQ(unary.status, 503);
  EXPECT_THAT(unary.body, HasSubstr("SERVER_ENDS"));
  const HttpResponse stream =
      client.Call("POST", kRepeat, Typed("application/connect+proto"), std::string(5, '\0'));
  EXPECT_THAT(stream.body, HasSubstr("SERVER_ENDS"));
}

TEST_F(GatewayTest, PagesOfNamedOriginsMayCallAndOthersMayNot) {
  GatewayOptions options;
  options.browsers.origins = {"https://programme.example"};
  Start(options);
  HttpClient client(gateway_->address());
  const HttpHeaders ask = {{"access-control-request-method", "POST"},
                           {"access-control-request-headers", "content-type,tandem-role"}};
  HttpHeaders ours = ask;
  ours.push_back({"origin", "https://programme.example"});
  HttpHeaders theirs = ask;
  theirs.push_back({"origin", "https://evil.example"});
  const HttpResponse allowed = client.Call("OPTIONS", kEcho, ours, "");
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(HeaderOf(allowed, "access-control-allow-origin"), "https://programme.example");
  EXPECT_EQ(HeaderOf(allowed, "access-control-allow-headers"), "content-type,tandem-role");
  const HttpResponse refused = client.Call("OPTIONS", kEcho, theirs, "");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(HeaderOf(refused, "access-control-allow-origin"), "");
}

TEST_F(GatewayTest, OnlyLoopbackIsListenedOn) {
  const auto gateway = [] {
    GatewayOptions options;
    options.http.address = "0.0.0.0:0";
    return Gateway::Start(options, {});
  }();
  EXPECT_EQ(gateway.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tandem::gateway
