// The service config that is published for clients, examples/service_config.json, fits the API: a
// client that loads it waits and repeats as docs/conventions.md says.
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tandem/access/v1/access_service.pb.h"
#include "tandem/audit/v1/audit_service.pb.h"
#include "tandem/events/v1/events_service.pb.h"
#include "tandem/matching/v1/matching_service.pb.h"
#include "tandem/needs/v1/needs_service.pb.h"
#include "tandem/profiles/v1/profiles_service.pb.h"

namespace tandem::tests {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;
using ::testing::IsEmpty;

constexpr char kConfig[] = "examples/service_config.json";

std::vector<const MethodDescriptor*> AllMethods() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file :
       {audit::v1::GetAuditStatusRequest::descriptor()->file(),
        events::v1::ListEventsRequest::descriptor()->file(),
        google::longrunning::Operation::descriptor()->file(),
        pool->FindFileByName("tandem/access/v1/access_service.proto"),
        pool->FindFileByName("tandem/matching/v1/matching_service.proto"),
        pool->FindFileByName("tandem/needs/v1/needs_service.proto"),
        pool->FindFileByName("tandem/profiles/v1/profiles_service.proto")}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

std::string Text(const Struct& entry, const std::string& field) {
  const auto found = entry.fields().find(field);
  return found == entry.fields().end() ? "" : found->second.string_value();
}

class ServiceConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(kConfig);
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &config_).ok()) << kConfig;
    for (const Value& entry : config_.fields().at("methodConfig").list_value().values()) {
      const Struct& part = entry.struct_value();
      for (const Value& name : part.fields().at("name").list_value().values()) {
        const std::pair<std::string, std::string> key = {Text(name.struct_value(), "service"),
                                                         Text(name.struct_value(), "method")};
        EXPECT_TRUE(parts_.emplace(key, part).second) << key.first << "/" << key.second << " twice";
      }
    }
  }

  // What holds for a method: its own entry, else its service's; nullptr: neither.
  const Struct* PartOf(const MethodDescriptor& method) const {
    auto found = parts_.find({method.service()->full_name(), method.name()});
    if (found == parts_.end()) found = parts_.find({method.service()->full_name(), ""});
    return found == parts_.end() ? nullptr : &found->second;
  }

  Struct config_;
  std::map<std::pair<std::string, std::string>, Struct> parts_;  // by service and method
};

TEST_F(ServiceConfigTest, NamesOnlyWhatExists) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::vector<std::string> wrong;
  for (const auto& [name, part] : parts_) {
    const ServiceDescriptor* service = pool->FindServiceByName(name.first);
    const bool exists = service != nullptr &&
                        (name.second.empty() || service->FindMethodByName(name.second) != nullptr);
    if (!exists) wrong.push_back(name.first + "/" + name.second);
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST_F(ServiceConfigTest, UnaryCallsHaveADeadlineAndStreamsNone) {
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    const Struct* part = PartOf(*method);
    const bool has = part != nullptr && !Text(*part, "timeout").empty();
    if (has == method->server_streaming()) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST_F(ServiceConfigTest, RepeatsUnaryCallsExactlyWhereThatIsSafe) {
  // Repeating these changes nothing, though they neither declare that nor take a request_id.
  const std::set<std::string> harmless = {"ReapplyErasures", "ReportFairness", "GetOperation",
                                          "ListOperations",  "WaitOperation",  "CancelOperation"};
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    const Struct* part = PartOf(*method);
    const bool repeats = part != nullptr && part->fields().count("retryPolicy") > 0;
    const bool safe = method->options().idempotency_level() == MethodOptions::NO_SIDE_EFFECTS ||
                      method->input_type()->FindFieldByName("request_id") != nullptr ||
                      harmless.count(method->name()) > 0;
    if (repeats != (safe && !method->server_streaming())) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

}  // namespace
}  // namespace tandem::tests
