// Answers to HEAD: proxies and watchdogs ask so, and go on using the connection.
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/gateway/gateway.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/echo_gateway.h"
#include "services/gateway/testing/http_client.h"

namespace tandem::gateway {
namespace {

class HeadTest : public EchoGatewayTest {
 protected:
  // HEAD and then GET of the same target in one connection; the answer to the second.
  HttpResponse HeadThenGet(const std::string& target, HttpResponse* head) {
    HttpClient client(gateway_->address());
    client.Send(absl::StrCat("HEAD ", target, " HTTP/1.1\r\nhost: localhost\r\n\r\n"));
    *head = client.ReceiveHead();
    return client.Call("GET", target, {}, "");
  }
};

TEST_F(HeadTest, TheNextAnswerOfTheConnectionIsNotTakenForABody) {
  Start();
  HttpResponse head;
  const HttpResponse alive = HeadThenGet("/healthz", &head);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(alive.status, 200);
  const HttpResponse refused = HeadThenGet(kRepeat, &head);
  EXPECT_EQ(head.status, 405);
  EXPECT_EQ(refused.status, 405);
}

TEST_F(HeadTest, ItTellsTheLengthOfTheBodyThatGetWouldHave) {
  Start();
  HttpResponse head;
  const HttpResponse alive = HeadThenGet("/healthz", &head);
  const std::string* length = FindHeader(head.headers, "content-length");
  ASSERT_NE(length, nullptr);
  EXPECT_EQ(*length, absl::StrCat(alive.body.size()));
}

}  // namespace
}  // namespace tandem::gateway
