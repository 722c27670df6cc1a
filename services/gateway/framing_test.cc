// Where a request ends must be certain: else a proxy in front and this server take what follows for
// different requests.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/gateway/gateway.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/echo_gateway.h"
#include "services/gateway/testing/http_client.h"

namespace tandem::gateway {
namespace {

using ::testing::HasSubstr;

constexpr char kChunks[] = "2\r\n{}\r\n0\r\n\r\n";

class FramingTest : public EchoGatewayTest {
 protected:
  // Of a call whose body is in chunks, with these headers besides.
  std::string Chunked(const std::string& version, const std::string& headers) {
    return absl::StrCat("POST ", kEcho, " HTTP/", version,
                        "\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                        "tandem-role: staff\r\n",
                        headers, "\r\n", kChunks);
  }
};

TEST_F(FramingTest, ACodingThatIsNotChunkedAloneEndsTheConnection) {
  Start();
  for (const char* coding : {"identity", "xchunked", "gzip, chunked", "chunked, identity",
                             "chunked, chunked", "\"chunked\""}) {
    HttpClient client(gateway_->address());
    client.Send(Chunked("1.1", absl::StrCat("transfer-encoding: ", coding, "\r\n")));
    const HttpResponse refused = client.Receive();
    EXPECT_EQ(refused.status, 400) << coding;
    EXPECT_THAT(refused.body, HasSubstr("HTTP_MALFORMED")) << coding;
    EXPECT_TRUE(client.ClosesWithin(kHangGuard)) << coding;
  }
}

TEST_F(FramingTest, ChunksInHttp10AndTwoLengthsAreRefused) {
  Start();
  for (const std::string& request :
       {Chunked("1.0", "transfer-encoding: chunked\r\n"),
        Chunked("1.1", "transfer-encoding: chunked\r\ncontent-length: 2\r\n"),
        Chunked("1.1", "content-length: 2\r\ncontent-length: 3\r\n")}) {
    HttpClient client(gateway_->address());
    client.Send(request);
    EXPECT_EQ(client.Receive().status, 400) << request;
    EXPECT_TRUE(client.ClosesWithin(kHangGuard)) << request;
  }
}

TEST_F(FramingTest, ChunksAreTakenHoweverTheirNameIsWritten) {
  Start();
  HttpClient client(gateway_->address());
  client.Send(Chunked("1.1", "Transfer-Encoding: Chunked\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
  client.Send(Chunked("1.1", "transfer-encoding: chunked\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
}

}  // namespace
}  // namespace tandem::gateway
