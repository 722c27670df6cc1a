// tandemd with TLS on loopback, and nginx before it with the configuration of deploy/nginx: as an
// operator sets them up, but for ports and folders.
#ifndef TESTS_DEPLOYMENT_NGINX_DEPLOYMENT_H_
#define TESTS_DEPLOYMENT_NGINX_DEPLOYMENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/child_process.h"
#include "base/temp_dir.h"
#include "grpcpp/channel.h"
#include "services/common/testing/test_certificates.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::deployment {

class NginxDeployment {
 public:
  // Starts both. The certificate "registry" is listed as a system with the actor Registry and the
  // role programme-system; "stranger" is of the same authority and not listed.
  absl::Status Start();

  // Ends tandemd and leaves nginx.
  void EndTandemd();

  // A channel to nginx with the certificate of that name; "" has none, "foreign" is of another
  // authority.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelAs(const std::string& certificate) const;
  // Secrets of the tokens of people, who have no certificates: Amina (staff) and Zola (auditor).
  const std::string& staff_secret() const { return staff_secret_; }
  const std::string& auditor_secret() const { return auditor_secret_; }
  // Where nginx serves HTTP: "https://localhost:PORT".
  std::string http_url() const;
  // Options of curl that name the authority, and the certificate unless it is "".
  std::vector<std::string> CurlOptions(const std::string& certificate) const;

 private:
  absl::Status WriteCertificates();
  absl::Status MakeTokens();
  absl::StatusOr<std::string> MakeToken(const std::shared_ptr<grpc::Channel>& channel,
                                        const std::string& actor, common::v1::Role role) const;
  absl::Status StartTandemd();
  absl::Status WriteConfiguration();
  absl::Status StartNginx();
  std::string Pem(const std::string& name) const { return folder_.Join(name + ".pem"); }
  std::string Key(const std::string& name) const { return folder_.Join(name + ".key"); }

  const base::TempDir folder_;
  common::TestAuthority authority_;
  std::unique_ptr<base::ChildProcess> tandemd_;
  std::unique_ptr<base::ChildProcess> nginx_;
  std::string registry_secret_;
  std::string staff_secret_;
  std::string auditor_secret_;
  std::string tandemd_grpc_;  // "127.0.0.1:PORT"
  std::string tandemd_http_;
  int grpc_port_ = 0;  // of nginx
  int http_port_ = 0;
};

}  // namespace tandem::deployment

#endif  // TESTS_DEPLOYMENT_NGINX_DEPLOYMENT_H_
