// The shape of every method of Tandem's API, read from the protos: what docs/conventions.md says of
// all methods holds of each one, also of those that are still to come.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "tandem/access/v1/access_service.pb.h"
#include "tandem/audit/v1/audit_service.pb.h"
#include "tandem/events/v1/events_service.pb.h"
#include "tandem/matching/v1/matching_service.pb.h"
#include "tandem/needs/v1/needs_service.pb.h"
#include "tandem/profiles/v1/profiles_service.pb.h"

namespace tandem::tests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using ::testing::IsEmpty;

// Methods that read, by their names.
bool OnlyReads(const MethodDescriptor& method) {
  for (const char* verb : {"Get", "BatchGet", "List", "Watch", "Rank", "Explain", "Compare",
                           "Export", "ReportFairness"}) {
    if (absl::StartsWith(method.name(), verb)) return true;
  }
  return false;
}

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file :
       {google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            "tandem/access/v1/access_service.proto"),
        audit::v1::GetAuditStatusRequest::descriptor()->file(),
        events::v1::ListEventsRequest::descriptor()->file(),
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            "tandem/matching/v1/matching_service.proto"),
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            "tandem/needs/v1/needs_service.proto"),
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
            "tandem/profiles/v1/profiles_service.proto")}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

bool HasField(const Descriptor& message, const std::string& name, FieldDescriptor::Type type) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field != nullptr && field->type() == type && !field->is_repeated();
}

TEST(ApiShapeTest, EveryWriteIsSafeToRepeat) {
  // Repeating it changes nothing, so it needs no memory of its calls.
  const std::set<std::string> without = {"ReapplyErasures"};
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    const bool has = HasField(*method->input_type(), "request_id", FieldDescriptor::TYPE_STRING);
    const bool should = !OnlyReads(*method) && without.count(method->name()) == 0;
    if (has != should) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(ApiShapeTest, EveryWriteCanBeTriedWithoutWriting) {
  // docs/conventions.md says why these cannot.
  const std::set<std::string> without = {"SolveCohort", "ConfirmMentor", "ReapplyErasures"};
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    const bool has = HasField(*method->input_type(), "validate_only", FieldDescriptor::TYPE_BOOL);
    const bool should = !OnlyReads(*method) && without.count(method->name()) == 0;
    if (has != should) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(ApiShapeTest, EveryListingHasPages) {
  // These go on by a revision or a cursor, since they never end.
  const std::set<std::string> feeds = {"ListChanges", "ListEvents"};
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    if (!absl::StartsWith(method->name(), "List") || feeds.count(method->name()) > 0) continue;
    const bool paged =
        HasField(*method->input_type(), "page_size", FieldDescriptor::TYPE_INT32) &&
        HasField(*method->input_type(), "page_token", FieldDescriptor::TYPE_STRING) &&
        HasField(*method->output_type(), "next_page_token", FieldDescriptor::TYPE_STRING);
    if (!paged) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(ApiShapeTest, EveryChangeByNameTakesAnEtag) {
  // What these do does not depend on the state that the caller saw.
  const std::set<std::string> without = {"ConfirmMentor", "EraseContact", "EraseMentor",
                                         "SolveCohort"};
  std::vector<std::string> wrong;
  for (const MethodDescriptor* method : AllMethods()) {
    const Descriptor& request = *method->input_type();
    if (OnlyReads(*method) || !HasField(request, "name", FieldDescriptor::TYPE_STRING)) continue;
    const bool has = HasField(request, "etag", FieldDescriptor::TYPE_STRING);
    if (has == (without.count(method->name()) > 0)) wrong.push_back(method->full_name());
  }
  EXPECT_THAT(wrong, IsEmpty());
}

}  // namespace
}  // namespace tandem::tests
