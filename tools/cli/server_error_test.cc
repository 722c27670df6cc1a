#include "tools/cli/server_error.h"

#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What a server answers, with its reason.
grpc::Status Answer(grpc::StatusCode code, const std::string& message, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status status;
  status.add_details()->PackFrom(info);
  return grpc::Status(code, message, status.SerializeAsString());
}

std::string Described(const grpc::Status& status) {
  return std::string(DescribeServerError(status, "127.0.0.1:7400").message());
}

TEST(ServerErrorTest, ABusyServerIsWorthWaitingForAndAFullDiskIsNot) {
  const std::string busy =
      Described(Answer(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls", "POOL_FULL"));
  const std::string full = Described(
      Answer(grpc::StatusCode::RESOURCE_EXHAUSTED, "No space left; free some", "STORE_FULL"));

  EXPECT_THAT(busy, HasSubstr("Wait a moment"));
  EXPECT_EQ(full, "No space left; free some [STORE_FULL]");
}

TEST(ServerErrorTest, SilenceNamesTheAddressAndHowToStartAServer) {
  const std::string silent = Described(grpc::Status(grpc::StatusCode::UNAVAILABLE, "refused"));

  EXPECT_THAT(silent, HasSubstr("No answer from 127.0.0.1:7400. Start a server with"));
  EXPECT_THAT(Described(Answer(grpc::StatusCode::UNAVAILABLE, "loading", "INDEX_LOADING")),
              Not(HasSubstr("Start a server")));
}

}  // namespace
}  // namespace tandem::cli
