#include "services/common/reflection.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/server.h"
#include "services/common/testing/echo_service.grpc.pb.h"

namespace tandem::common {
namespace {

using tandem::echo::v1::EchoMessage;
using ::testing::ElementsAre;

constexpr int kHangGuardSeconds = 30;

std::unique_ptr<Server> StartServer(bool reflection) {
  auto registry = std::make_unique<MethodRegistry>();
  registry->AddUnary<EchoMessage, EchoMessage>(
      "tandem.echo.v1.EchoService/Echo",
      [](const CallContext&, const EchoMessage& request) -> absl::StatusOr<EchoMessage> {
        return request;
      });
  registry->AddServerStream<EchoMessage, EchoMessage>(
      "tandem.echo.v1.EchoService/Repeat",
      [](const CallContext&, const EchoMessage&, StreamWriter<EchoMessage>&) {
        return absl::OkStatus();
      });
  ServerOptions options;
  options.reflection = reflection;
  auto server = Server::Start(options, std::move(registry));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

struct V1 {
  using Service = grpc::reflection::v1::ServerReflection;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};

struct V1Alpha {
  using Service = grpc::reflection::v1alpha::ServerReflection;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

// A stream to a server, with no role stated.
template <typename Api>
class ReflectionTest : public ::testing::Test {
 protected:
  using Request = typename Api::Request;
  using Response = typename Api::Response;

  void Open(bool reflection = true) {
    server_ = StartServer(reflection);
    stub_ = Api::Service::NewStub(server_->ChannelForOutsideCalls());
    context_.set_deadline(std::chrono::system_clock::now() +
                          std::chrono::seconds(kHangGuardSeconds));
    stream_ = stub_->ServerReflectionInfo(&context_);
  }

  Response Ask(const Request& request) {
    Response response;
    EXPECT_TRUE(stream_->Write(request));
    EXPECT_TRUE(stream_->Read(&response));
    return response;
  }

  // The files that come for a symbol, in order; or the code of the error.
  std::vector<std::string> FilesOf(const std::string& symbol) {
    Request request;
    request.set_file_containing_symbol(symbol);
    const Response response = Ask(request);
    if (response.has_error_response()) {
      return {"error " + std::to_string(response.error_response().error_code())};
    }
    std::vector<std::string> names;
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(bytes));
      names.push_back(file.name());
    }
    return names;
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<typename Api::Service::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

using Apis = ::testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ReflectionTest, Apis);

TYPED_TEST(ReflectionTest, ListsTheServedServices) {
  this->Open();
  typename TypeParam::Request request;
  request.set_list_services("*");
  const auto response = this->Ask(request);
  std::vector<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_THAT(
      names, ElementsAre("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                         "grpc.reflection.v1alpha.ServerReflection", "tandem.echo.v1.EchoService"));
}

TYPED_TEST(ReflectionTest, DescribesAMethodWithAllImportsAndImportsOnlyOnce) {
  this->Open();
  const std::vector<std::string> files = this->FilesOf("tandem.echo.v1.EchoService.Echo");
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0], "services/common/testing/echo_service.proto");
  EXPECT_THAT(files, ::testing::Contains("tandem/common/v1/access.proto"));
  EXPECT_THAT(files, ::testing::Contains("google/protobuf/descriptor.proto"));

  EXPECT_THAT(this->FilesOf("tandem.echo.v1.EchoMessage"), ElementsAre(files[0]));
}

TYPED_TEST(ReflectionTest, DescribesTheDetailsOfErrorsAndExtensionsOfOptions) {
  this->Open();
  EXPECT_THAT(this->FilesOf("google.rpc.ErrorInfo"),
              ::testing::Contains("google/rpc/error_details.proto"));

  typename TypeParam::Request request;
  request.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  const auto numbers = this->Ask(request).all_extension_numbers_response().extension_number();
  ASSERT_GT(numbers.size(), 0);
  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
  request.mutable_file_containing_extension()->set_extension_number(numbers[0]);
  EXPECT_GT(this->Ask(request).file_descriptor_response().file_descriptor_proto_size(), 0);
}

TYPED_TEST(ReflectionTest, WhatIsNotServedIsNotFoundAndTheStreamGoesOn) {
  this->Open();
  EXPECT_THAT(this->FilesOf("tandem.echo.v1.Nothing"), ElementsAre("error 5"));
  // Linked into the program, but imported by no service.
  EXPECT_THAT(this->FilesOf("google.protobuf.compiler.Version"), ElementsAre("error 5"));
  EXPECT_EQ(this->Ask(typename TypeParam::Request()).error_response().error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(this->FilesOf("tandem.echo.v1.EchoMessage").size(), 0u);
}

TYPED_TEST(ReflectionTest, IsNotServedUnlessAskedFor) {
  this->Open(/*reflection=*/false);
  typename TypeParam::Response response;
  EXPECT_FALSE(this->stream_->Read(&response));
  EXPECT_EQ(this->stream_->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TYPED_TEST(ReflectionTest, AnOpenStreamEndsWithTheServerAtOnce) {
  this->Open();
  this->FilesOf("tandem.echo.v1.EchoMessage");
  const absl::Time start = absl::Now();
  this->server_->Shutdown();
  EXPECT_LT(absl::Now() - start, absl::Seconds(8));  // the time to drain is 10 s
  typename TypeParam::Response response;
  EXPECT_FALSE(this->stream_->Read(&response));
  EXPECT_EQ(this->stream_->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace tandem::common
