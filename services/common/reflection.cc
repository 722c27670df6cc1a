#include "services/common/reflection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/support/server_callback.h"

namespace tandem::common {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

// What clients find in the details of errors, which no service imports.
constexpr char kErrorDetails[] = "google/rpc/error_details.proto";

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

template <typename Response>
void AnswerError(grpc::StatusCode code, std::string message, Response* response) {
  response->mutable_error_response()->set_error_code(code);
  response->mutable_error_response()->set_error_message(std::move(message));
}

// Answers a client's requests on one stream: it remembers which files the client has.
template <typename Api>
class Answers {
 public:
  using Request = typename Api::Request;
  using Response = typename Api::Response;

  explicit Answers(const ReflectedProtos& protos) : protos_(protos) {}

  Response To(const Request& request) {
    Response response;
    response.set_valid_host(request.host());
    *response.mutable_original_request() = request;
    switch (request.message_request_case()) {
      case Request::kListServices:
        for (const std::string& name : protos_.services()) {
          response.mutable_list_services_response()->add_service()->set_name(name);
        }
        break;
      case Request::kFileByFilename:
        TellFile(protos_.FileByName(request.file_by_filename()), request.file_by_filename(),
                 &response);
        break;
      case Request::kFileContainingSymbol:
        TellFile(protos_.FileOfSymbol(request.file_containing_symbol()),
                 request.file_containing_symbol(), &response);
        break;
      case Request::kFileContainingExtension: {
        const auto& extension = request.file_containing_extension();
        TellFile(protos_.FileOfExtension(extension.containing_type(), extension.extension_number()),
                 absl::StrCat(extension.containing_type(), " ", extension.extension_number()),
                 &response);
        break;
      }
      case Request::kAllExtensionNumbersOfType:
        TellExtensions(request.all_extension_numbers_of_type(), &response);
        break;
      case Request::MESSAGE_REQUEST_NOT_SET:
        AnswerError(grpc::StatusCode::INVALID_ARGUMENT, "message_request is not set", &response);
        break;
    }
    return response;
  }

 private:
  void TellFile(const FileDescriptor* file, const std::string& asked, Response* response) {
    if (file == nullptr) {
      AnswerError(grpc::StatusCode::NOT_FOUND, absl::StrCat("there is no ", asked), response);
      return;
    }
    // The one that was asked for always, its imports unless the client has them.
    sent_.erase(file);
    TellWithImports(*file, response);
  }

  void TellWithImports(const FileDescriptor& file, Response* response) {
    if (!sent_.insert(&file).second) return;
    google::protobuf::FileDescriptorProto proto;
    file.CopyTo(&proto);
    *response->mutable_file_descriptor_response()->add_file_descriptor_proto() =
        proto.SerializeAsString();
    for (int i = 0; i < file.dependency_count(); ++i) {
      TellWithImports(*file.dependency(i), response);
    }
  }

  void TellExtensions(const std::string& type, Response* response) {
    if (!protos_.HasMessage(type)) {
      AnswerError(grpc::StatusCode::NOT_FOUND, absl::StrCat("there is no ", type), response);
      return;
    }
    auto* answer = response->mutable_all_extension_numbers_response();
    answer->set_base_type_name(type);
    for (const int number : protos_.ExtensionNumbers(type)) answer->add_extension_number(number);
  }

  const ReflectedProtos& protos_;
  std::set<const FileDescriptor*> sent_;
};

// One client's stream: reads a request, writes its answer, reads the next.
template <typename Api>
class Reactor final : public grpc::ServerBidiReactor<typename Api::Request, typename Api::Response>,
                      public ReflectionService::Stream {
 public:
  explicit Reactor(ReflectionService* service) : service_(service), answers_(service->protos()) {
    if (!service_->Add(this)) End();
    absl::MutexLock lock(&mutex_);
    if (!finished_) this->StartRead(&request_);
  }

  void End() override {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    if (!writing_) FinishOnce();
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    if (!ok) {
      FinishOnce();
      return;
    }
    response_ = answers_.To(request_);
    writing_ = true;
    this->StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok || ending_) {
      FinishOnce();
    } else {
      this->StartRead(&request_);
    }
  }

  void OnCancel() override {}

  void OnDone() override {
    service_->Remove(this);
    delete this;
  }

 private:
  void FinishOnce() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return;
    finished_ = true;
    this->Finish(ending_ ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server goes down")
                         : grpc::Status::OK);
  }

  ReflectionService* const service_;
  typename Api::Request request_;
  typename Api::Response response_;

  absl::Mutex mutex_;
  Answers<Api> answers_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

template <typename Api>
class Service final : public Api::Service::CallbackService {
 public:
  explicit Service(ReflectionService* service) : service_(service) {}

  grpc::ServerBidiReactor<typename Api::Request, typename Api::Response>* ServerReflectionInfo(
      grpc::CallbackServerContext*) override {
    return new Reactor<Api>(service_);
  }

 private:
  ReflectionService* const service_;
};

}  // namespace

ReflectedProtos::ReflectedProtos(std::set<std::string> services) : services_(std::move(services)) {
  services_.insert(V1::Service::service_full_name());
  services_.insert(V1Alpha::Service::service_full_name());
  services_.insert("grpc.health.v1.Health");
  const DescriptorPool* pool = DescriptorPool::generated_pool();
  for (const std::string& name : services_) {
    const google::protobuf::ServiceDescriptor* service = pool->FindServiceByName(name);
    if (service != nullptr) AddWithImports(service->file());
  }
  if (const FileDescriptor* details = pool->FindFileByName(kErrorDetails)) AddWithImports(details);
}

void ReflectedProtos::AddWithImports(const FileDescriptor* file) {
  if (!files_.insert(file).second) return;
  for (int i = 0; i < file->dependency_count(); ++i) AddWithImports(file->dependency(i));
}

const FileDescriptor* ReflectedProtos::IfTold(const FileDescriptor* file) const {
  return files_.count(file) > 0 ? file : nullptr;
}

const FileDescriptor* ReflectedProtos::FileByName(const std::string& name) const {
  return IfTold(DescriptorPool::generated_pool()->FindFileByName(name));
}

const FileDescriptor* ReflectedProtos::FileOfSymbol(const std::string& symbol) const {
  return IfTold(DescriptorPool::generated_pool()->FindFileContainingSymbol(symbol));
}

bool ReflectedProtos::HasMessage(const std::string& type) const {
  const Descriptor* message = DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  return message != nullptr && IfTold(message->file()) != nullptr;
}

const FileDescriptor* ReflectedProtos::FileOfExtension(const std::string& type, int number) const {
  if (!HasMessage(type)) return nullptr;
  const DescriptorPool* pool = DescriptorPool::generated_pool();
  const FieldDescriptor* extension =
      pool->FindExtensionByNumber(pool->FindMessageTypeByName(type), number);
  return extension == nullptr ? nullptr : IfTold(extension->file());
}

std::vector<int> ReflectedProtos::ExtensionNumbers(const std::string& type) const {
  std::vector<int> numbers;
  if (!HasMessage(type)) return numbers;
  const DescriptorPool* pool = DescriptorPool::generated_pool();
  std::vector<const FieldDescriptor*> extensions;
  pool->FindAllExtensions(pool->FindMessageTypeByName(type), &extensions);
  for (const FieldDescriptor* extension : extensions) {
    if (IfTold(extension->file()) != nullptr) numbers.push_back(extension->number());
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

ReflectionService::ReflectionService(std::set<std::string> services)
    : protos_(std::move(services)) {
  services_.push_back(std::make_unique<Service<V1>>(this));
  services_.push_back(std::make_unique<Service<V1Alpha>>(this));
}

ReflectionService::~ReflectionService() = default;

void ReflectionService::Register(grpc::ServerBuilder& builder) {
  for (const auto& service : services_) builder.RegisterService(service.get());
}

void ReflectionService::EndStreams() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  for (Stream* stream : streams_) stream->End();
}

bool ReflectionService::Add(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  if (!ending_) streams_.insert(stream);
  return !ending_;
}

void ReflectionService::Remove(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

}  // namespace tandem::common
