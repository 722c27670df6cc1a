#include "services/common/method_registry.h"

#include <string>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "gtest/gtest.h"
#include "services/common/testing/echo_service.pb.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using echo::v1::EchoMessage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<EchoMessage> EchoBack(const CallContext&, const EchoMessage& request) {
  return request;
}

absl::Status Nothing(const CallContext&, const EchoMessage&, StreamWriter<EchoMessage>&) {
  return absl::OkStatus();
}

void AddEcho(MethodRegistry& registry, const std::string& name) {
  registry.AddUnary<EchoMessage, EchoMessage>(name, EchoBack);
}

void AddRepeat(MethodRegistry& registry, const std::string& name) {
  registry.AddServerStream<EchoMessage, EchoMessage>(name, Nothing);
}

constexpr char kEcho[] = "tandem.echo.v1.EchoService/Echo";
constexpr char kRepeat[] = "tandem.echo.v1.EchoService/Repeat";

TEST(MethodRegistryTest, AccessRulesComeFromTheProto) {
  MethodRegistry registry;
  AddEcho(registry, kEcho);
  AddRepeat(registry, kRepeat);

  TANDEM_ASSERT_OK(registry.Check());

  EXPECT_THAT(registry.Find(kEcho)->access.roles(), ElementsAre(v1::ROLE_STAFF, v1::ROLE_ADMIN));
  EXPECT_TRUE(registry.Find(kEcho)->has_request_id);
  EXPECT_TRUE(registry.Find(kRepeat)->streaming);
  EXPECT_EQ(registry.Find("tandem.echo.v1.EchoService/Other"), nullptr);
  EXPECT_THAT(registry.ServiceNames(), ElementsAre("tandem.echo.v1.EchoService"));
}

TEST(MethodRegistryTest, MethodWithoutAccessRuleIsAMistake) {
  MethodRegistry registry;
  AddEcho(registry, "tandem.echo.v1.OpenService/Open");

  EXPECT_THAT(registry.Check(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("OpenService/Open declares no access rule")));
}

TEST(MethodRegistryTest, MethodThatIsNotServedIsAMistake) {
  MethodRegistry registry;
  AddEcho(registry, kEcho);

  EXPECT_THAT(registry.Check(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Repeat is not served")));
}

TEST(MethodRegistryTest, WrongNamesAndKindsAreMistakes) {
  MethodRegistry registry;
  AddEcho(registry, "tandem.echo.v1.EchoService/Eco");
  AddEcho(registry, kRepeat);
  AddEcho(registry, kEcho);
  AddEcho(registry, kEcho);

  const absl::Status status = registry.Check();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("Eco is in no linked proto")));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Repeat has other messages or streams"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Echo is added twice"));
}

TEST(MethodRegistryTest, ForeignServicesNeedADeclaredRuleAndMayBePartial) {
  using google::longrunning::GetOperationRequest;
  using google::longrunning::Operation;
  const auto get = [](const CallContext&, const GetOperationRequest&) -> absl::StatusOr<Operation> {
    return Operation();
  };
  MethodRegistry with, without;
  with.DeclareAccess("google.longrunning.Operations/GetOperation", {v1::ROLE_STAFF});

  with.AddUnary<GetOperationRequest, Operation>("google.longrunning.Operations/GetOperation", get);
  without.AddUnary<GetOperationRequest, Operation>("google.longrunning.Operations/GetOperation",
                                                   get);

  TANDEM_EXPECT_OK(with.Check());
  EXPECT_THAT(without.Check(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                        HasSubstr("declares no access rule")));
}

}  // namespace
}  // namespace tandem::common
