#include "services/common/method_registry.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

// "package.Service/Method" -> the service's full name.
absl::string_view ServiceOf(absl::string_view method) { return method.substr(0, method.find('/')); }

const google::protobuf::MethodDescriptor* FindDescriptor(absl::string_view method) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method, {{"/", "."}}));
}

bool HasRequestId(const google::protobuf::Descriptor& request) {
  const google::protobuf::FieldDescriptor* field = request.FindFieldByName("request_id");
  return field != nullptr && !field->is_repeated() &&
         field->type() == google::protobuf::FieldDescriptor::TYPE_STRING;
}

}  // namespace

void MethodRegistry::DeclareAccess(absl::string_view method, const std::vector<v1::Role>& roles) {
  v1::Grant* grant = declared_access_[std::string(method)].add_grants();
  grant->set_objects(v1::OBJECT_RULE_ANY);
  for (const v1::Role role : roles) grant->add_roles(role);
}

void MethodRegistry::Add(Method method, const google::protobuf::Descriptor* request,
                         const google::protobuf::Descriptor* response) {
  const std::string name = method.name;
  const google::protobuf::MethodDescriptor* descriptor = FindDescriptor(name);
  if (descriptor == nullptr || name.find('/') == std::string::npos) {
    mistakes_.push_back(absl::StrCat(name, " is in no linked proto"));
    return;
  }
  if (descriptor->input_type() != request || descriptor->output_type() != response ||
      descriptor->client_streaming() || descriptor->server_streaming() != method.streaming) {
    mistakes_.push_back(absl::StrCat(name, " has other messages or streams than its proto says"));
  }
  const auto declared = declared_access_.find(name);
  const v1::Access& option = declared != declared_access_.end()
                                 ? declared->second
                                 : descriptor->options().GetExtension(v1::access);
  method.access = AccessRule(name, option, *request, *response, &mistakes_);
  method.has_request_id = HasRequestId(*request);
  if (!methods_.emplace(name, std::move(method)).second) {
    mistakes_.push_back(absl::StrCat(name, " is added twice"));
  }
}

absl::Status MethodRegistry::Check() const {
  std::vector<std::string> mistakes = mistakes_;
  for (const std::string& service : ServiceNames()) {
    // A server may leave out methods of Google's services: UNIMPLEMENTED is an answer they foresee.
    if (!absl::StartsWith(service, "tandem.")) continue;
    const google::protobuf::ServiceDescriptor* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
    for (int i = 0; descriptor != nullptr && i < descriptor->method_count(); ++i) {
      const std::string name = absl::StrCat(service, "/", descriptor->method(i)->name());
      if (Find(name) == nullptr) mistakes.push_back(absl::StrCat(name, " is not served"));
    }
  }
  if (mistakes.empty()) return absl::OkStatus();
  return FailedPrecondition("METHODS_INVALID", absl::StrJoin(mistakes, "; "));
}

const Method* MethodRegistry::Find(absl::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

std::set<std::string> MethodRegistry::ServiceNames() const {
  std::set<std::string> services;
  for (const auto& [name, method] : methods_) services.insert(std::string(ServiceOf(name)));
  return services;
}

}  // namespace tandem::common
