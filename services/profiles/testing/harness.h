// The profiles service for tests: on real databases in a folder, behind a real gRPC server in this
// process, and able to restart on the same folder.
#ifndef SERVICES_PROFILES_TESTING_HARNESS_H_
#define SERVICES_PROFILES_TESTING_HARNESS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/principal.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/profiles/testing/builders.h"
#include "tandem/common/v1/access.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::profiles {

class Harness {
 public:
  using Stub = v1::ProfilesService::Stub;

  // Starts on `folder`. Ends the process when it cannot.
  explicit Harness(std::string folder);
  ~Harness();

  void Start();
  void Stop();
  void Restart() {
    Stop();
    Start();
  }

  Stub& stub() { return *stub_; }
  const std::string& folder() const { return folder_; }

  // Calls `method` in `role`; errors come with their details.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request,
                                tandem::common::v1::Role role = tandem::common::v1::ROLE_ADMIN) {
    grpc::ClientContext context;
    common::PrepareCall("tester", role, absl::Seconds(60), &context);
    if (role == tandem::common::v1::ROLE_MENTOR || role == tandem::common::v1::ROLE_NSB) {
      common::AddSubject(subject_, &context);
    }
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return common::FromGrpcStatus(status);
    return response;
  }

  // Which mentor, or whose organisation, calls in those two roles.
  void SetSubject(std::string subject) { subject_ = std::move(subject); }

  // ---- The calls that most tests make.
  absl::StatusOr<v1::Mentor> Create(const v1::Mentor& mentor);
  absl::StatusOr<v1::Mentor> Get(const std::string& name, int64_t revision = 0);
  absl::StatusOr<v1::UpsertMentorResponse> Upsert(const v1::Mentor& mentor);
  absl::StatusOr<v1::Organisation> Create(const v1::Organisation& organisation);
  absl::StatusOr<v1::UpsertOrganisationResponse> Upsert(const v1::Organisation& organisation);
  // The head of the store's feed.
  int64_t Head();

 private:
  const std::string folder_;
  std::string subject_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_TESTING_HARNESS_H_
