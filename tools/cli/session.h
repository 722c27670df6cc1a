// One user's connection to the services: where they are, who calls, in which role.
//
//   Session session({"127.0.0.1:7400", "amina"});
//   auto mentors = session.Stub<tandem::profiles::v1::ProfilesService>();
//   TANDEM_ASSIGN_OR_RETURN(Mentor mentor,
//                           session.Call(*mentors, &ProfilesService::Stub::GetMentor, request,
//                                        "staff"));
//
// Thread-safe after construction.

#ifndef TANDEM_TOOLS_CLI_SESSION_H_
#define TANDEM_TOOLS_CLI_SESSION_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"
#include "tools/cli/server_error.h"

namespace tandem::cli {

struct SessionOptions {
  // HOST:PORT of the server; or, where each service is a process of its own,
  // "profiles=HOST:PORT,needs=HOST:PORT,matching=HOST:PORT,audit=HOST:PORT", for the commands of
  // admins also "access=HOST:PORT".
  std::string address = "127.0.0.1:7400";
  // Who calls; recorded with every change.
  std::string actor;
  // The role for all calls; empty takes each command's own.
  std::string role;
  // Whom a mentor or an NSB's counterpart acts for: "mentors/ID" or "organisations/ID"; else empty.
  std::string subject;
  // The request_id of writes; empty makes a new one for each.
  std::string request_id;
  // How long a call may take.
  absl::Duration timeout = absl::Seconds(60);
  // How the server is reached and known; null: plain text, on this machine.
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  // Sent with every call as "authorization: Bearer TOKEN"; empty: none.
  std::string token;
  // The credentials or the token say who calls, so that calls do not: actor and subject stay
  // unsaid, and the role, unless the user chose one of several.
  bool caller_by_credentials = false;
};

class Session {
 public:
  explicit Session(SessionOptions options);

  template <typename Service>
  std::unique_ptr<typename Service::Stub> Stub() const {
    return Service::NewStub(ChannelTo(Service::service_full_name()));
  }

  // Calls a unary method. `role` applies unless the user chose one. While a server that has just
  // started still reads its data, the call is repeated for some seconds.
  template <typename StubType, typename Request, typename Response>
  absl::StatusOr<Response> Call(StubType& stub,
                                grpc::Status (StubType::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                                const Request& request, absl::string_view role) const {
    Response response;
    grpc::Status status;
    const absl::Time begun = absl::Now();
    do {
      status = RawCall(stub, method, request, role, &response);
    } while (WaitWhileLoading(status, begun));
    if (!status.ok()) return Describe(status);
    return response;
  }

  // The same, with the status as it came.
  template <typename StubType, typename Request, typename Response>
  grpc::Status RawCall(StubType& stub,
                       grpc::Status (StubType::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                       const Request& request, absl::string_view role, Response* response) const {
    grpc::ClientContext context;
    Prepare(role, &context);
    return (stub.*method)(&context, request, response);
  }

  // Whether the address says where that service is: "access", "audit" and so on.
  bool Reaches(absl::string_view service) const;

  // Sets caller, role and deadline; for calls that Call does not cover.
  void Prepare(absl::string_view role, grpc::ClientContext* context) const;

  absl::Status Describe(const grpc::Status& status) const {
    return DescribeServerError(status, options_.address);
  }

  // The request_id of one write: the user's, or a fresh random one. `step` tells several writes of
  // one command apart; it may be empty.
  std::string RequestId(absl::string_view step = "") const;

  const SessionOptions& options() const { return options_; }

 private:
  // Pauses and returns true when the call should be repeated.
  bool WaitWhileLoading(const grpc::Status& status, absl::Time begun) const;

  // The channel to a service, by its full name ("tandem.needs.v1.NeedsService").
  std::shared_ptr<grpc::Channel> ChannelTo(absl::string_view service) const;

  const SessionOptions options_;
  const std::string fresh_request_id_;
  // By the part of the address before "="; "" stands for every service.
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
};

// INVALID_ARGUMENT unless `address` is as SessionOptions::address says.
absl::Status CheckAddress(absl::string_view address);
// Whether all of `address` is on this machine.
bool IsOnThisMachine(absl::string_view address);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_SESSION_H_
