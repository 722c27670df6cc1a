// The methods that a server serves, each with its handler and the roles that may call it. Services
// add their methods here; server.h serves them all in one way.
//
//   registry.AddUnary<GetProgrammeRequest, Programme>(
//       "tandem.needs.v1.NeedsService/GetProgramme",
//       [this](const CallContext& call, const GetProgrammeRequest& request) {
//         return GetProgramme(call, request);
//       });
//   TANDEM_RETURN_IF_ERROR(registry.Check());
//
// The owners of resources, which object rules ask for, come from the service that keeps them:
//   registry.AddOwners("assessments", [tables](absl::string_view name) {
//     return tables->assessments.OwnersOf(name);
//   });
//
// The access rule is read from the method option (tandem.common.v1.access) in the proto; for
// Google's own services, whose protos cannot carry it, DeclareAccess states it.
//
// Handlers run on the server's threads, many at once, and may block until the call's deadline.
//
// Thread safety: adding is not thread-safe and ends before the server starts; Find is thread-safe.
#ifndef SERVICES_COMMON_METHOD_REGISTRY_H_
#define SERVICES_COMMON_METHOD_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/common/access/access_rule.h"
#include "services/common/access/object_access.h"
#include "services/common/call_context.h"
#include "services/common/stream_writer.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// One method, with the types of its messages erased.
struct Method {
  using Send = std::function<bool(const google::protobuf::Message&)>;

  std::string name;  // "package.Service/Method"
  AccessRule access;
  bool streaming = false;       // the server streams
  bool has_request_id = false;  // the request has a string field request_id
  std::function<std::unique_ptr<google::protobuf::Message>()> new_request;
  // Exactly one of these two is set.
  std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(
      const CallContext&, const google::protobuf::Message&)>
      unary;
  std::function<absl::Status(const CallContext&, const google::protobuf::Message&, const Send&)>
      stream;
};

class MethodRegistry {
 public:
  template <typename Request, typename Response>
  using UnaryHandler = std::function<absl::StatusOr<Response>(const CallContext&, const Request&)>;
  template <typename Request, typename Response>
  using StreamHandler =
      std::function<absl::Status(const CallContext&, const Request&, StreamWriter<Response>&)>;

  MethodRegistry() = default;
  MethodRegistry(const MethodRegistry&) = delete;
  MethodRegistry& operator=(const MethodRegistry&) = delete;

  // States who may call a method of a service that is not Tandem's, with every object, before it is
  // added.
  void DeclareAccess(absl::string_view method, const std::vector<v1::Role>& roles);

  template <typename Request, typename Response>
  void AddUnary(absl::string_view name, UnaryHandler<Request, Response> handler);

  template <typename Request, typename Response>
  void AddServerStream(absl::string_view name, StreamHandler<Request, Response> handler);

  // Tells whose the resources of `collection` are.
  void AddOwners(absl::string_view collection, OwnerLookup lookup) {
    owners_.Add(collection, std::move(lookup));
  }
  const OwnerLookups& owners() const { return owners_; }

  // FAILED_PRECONDITION naming every mistake: a method that no proto knows, added twice, with other
  // messages than its proto says, or with a role that lacks an object rule or without any; a
  // service of Tandem's with methods that were not added.
  absl::Status Check() const;

  // The method of that name, or nullptr.
  const Method* Find(absl::string_view name) const;
  // The full names of all services with a method here, in order.
  std::set<std::string> ServiceNames() const;
  // All methods by name.
  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }

 private:
  // Checks `method` against its proto, takes its access rule from there, and keeps it.
  void Add(Method method, const google::protobuf::Descriptor* request,
           const google::protobuf::Descriptor* response);

  std::map<std::string, v1::Access, std::less<>> declared_access_;
  OwnerLookups owners_;
  std::map<std::string, Method, std::less<>> methods_;
  std::vector<std::string> mistakes_;
};

// ---- Only templates below.

template <typename Request, typename Response>
void MethodRegistry::AddUnary(absl::string_view name, UnaryHandler<Request, Response> handler) {
  Method method;
  method.name = std::string(name);
  method.new_request = [] { return std::make_unique<Request>(); };
  method.unary = [handler = std::move(handler)](const CallContext& call,
                                                const google::protobuf::Message& request)
      -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
    absl::StatusOr<Response> response = handler(call, static_cast<const Request&>(request));
    if (!response.ok()) return response.status();
    return std::make_unique<Response>(*std::move(response));
  };
  Add(std::move(method), Request::descriptor(), Response::descriptor());
}

template <typename Request, typename Response>
void MethodRegistry::AddServerStream(absl::string_view name,
                                     StreamHandler<Request, Response> handler) {
  class Writer : public StreamWriter<Response> {
   public:
    explicit Writer(const Method::Send& send) : send_(send) {}
    bool Write(const Response& response) override { return send_(response); }

   private:
    const Method::Send& send_;
  };
  Method method;
  method.name = std::string(name);
  method.streaming = true;
  method.new_request = [] { return std::make_unique<Request>(); };
  method.stream = [handler = std::move(handler)](const CallContext& call,
                                                 const google::protobuf::Message& request,
                                                 const Method::Send& send) {
    Writer writer(send);
    return handler(call, static_cast<const Request&>(request), writer);
  };
  Add(std::move(method), Request::descriptor(), Response::descriptor());
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_METHOD_REGISTRY_H_
