#include "tests/deployment/nginx_deployment.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/common/client.h"
#include "services/common/listen_address.h"
#include "services/common/status_conversion.h"
#include "tandem/access/v1/access_service.grpc.pb.h"

namespace tandem::deployment {
namespace {

constexpr char kTandemd[] = "services/tandemd/tandemd";
constexpr char kNginx[] = "/usr/sbin/nginx";
constexpr char kConfiguration[] = "deploy/nginx/tandem.conf";
constexpr absl::Duration kStartTimeout = absl::Minutes(2);
constexpr int64_t kMaxFileBytes = 1 << 20;

// What stands around the configuration on Debian, with all of nginx's files in the folder $0.
constexpr char kMainConfiguration[] = R"(daemon off;
master_process off;
pid $0/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $0/body;
  proxy_temp_path $0/proxy;
  fastcgi_temp_path $0/fastcgi;
  uwsgi_temp_path $0/uwsgi;
  scgi_temp_path $0/scgi;
  include $0/tandem.conf;
}
)";

absl::Status Write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::InternalError("cannot write " + path);
}

// As nginx writes it ($ssl_client_fingerprint): SHA-1 in hexadecimal.
std::string NginxFingerprint(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(certificate, EVP_sha1(), digest, &size);
  X509_free(certificate);
  BIO_free(bio);
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest), size});
}

absl::StatusOr<int> FreePort() {
  common::ListenAddress address;
  address.host = "127.0.0.1";
  TANDEM_ASSIGN_OR_RETURN(const int listener, common::Listen(&address));
  close(listener);
  return address.port;
}

// `text` with each of `changes` made; NOT_FOUND for one that finds nothing to change.
absl::StatusOr<std::string> Adapt(std::string text,
                                  const std::vector<std::pair<std::string, std::string>>& changes) {
  for (const auto& change : changes) {
    if (absl::StrReplaceAll({change}, &text) == 0) {
      return absl::NotFoundError(absl::StrCat(kConfiguration, " has no \"", change.first, "\""));
    }
  }
  return text;
}

}  // namespace

absl::Status NginxDeployment::Start() {
  TANDEM_RETURN_IF_ERROR(WriteCertificates());
  TANDEM_RETURN_IF_ERROR(MakeTokens());
  TANDEM_RETURN_IF_ERROR(StartTandemd());
  TANDEM_ASSIGN_OR_RETURN(grpc_port_, FreePort());
  TANDEM_ASSIGN_OR_RETURN(http_port_, FreePort());
  TANDEM_RETURN_IF_ERROR(WriteConfiguration());
  return StartNginx();
}

void NginxDeployment::EndTandemd() {
  tandemd_->Signal(SIGTERM);
  tandemd_->Wait();
}

absl::Status NginxDeployment::WriteCertificates() {
  common::TestAuthority foreign;
  TANDEM_RETURN_IF_ERROR(Write(Pem("ca"), authority_.certificate()));
  for (const char* name : {"public", "tandemd", "registry", "stranger", "foreign"}) {
    common::TestAuthority& authority = name == std::string("foreign") ? foreign : authority_;
    const common::TestCertificate pair = authority.Issue(name);
    TANDEM_RETURN_IF_ERROR(Write(Pem(name), pair.certificate));
    TANDEM_RETURN_IF_ERROR(Write(Key(name), pair.key));
  }
  return absl::OkStatus();
}

// Before TLS is on, as the first admin does it.
absl::Status NginxDeployment::MakeTokens() {
  TANDEM_ASSIGN_OR_RETURN(const auto server,
                          base::ChildProcess::Start({kTandemd, "--address", "127.0.0.1:0", "--data",
                                                     folder_.Join("data")}));
  TANDEM_ASSIGN_OR_RETURN(const std::string line,
                          server->WaitForLine("listening on ", kStartTimeout));
  const auto channel = common::MakeChannel(line.substr(line.rfind(' ') + 1));
  TANDEM_ASSIGN_OR_RETURN(registry_secret_,
                          MakeToken(channel, "Registry", common::v1::ROLE_PROGRAMME_SYSTEM));
  TANDEM_ASSIGN_OR_RETURN(staff_secret_, MakeToken(channel, "Amina", common::v1::ROLE_STAFF));
  TANDEM_ASSIGN_OR_RETURN(auditor_secret_, MakeToken(channel, "Zola", common::v1::ROLE_AUDITOR));
  server->Signal(SIGTERM);
  return server->Wait() == 0 ? absl::OkStatus() : absl::InternalError("tandemd did not end well");
}

absl::StatusOr<std::string> NginxDeployment::MakeToken(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& actor,
    common::v1::Role role) const {
  grpc::ClientContext context;
  common::PrepareCall("root", common::v1::ROLE_ADMIN, kStartTimeout, &context);
  access::v1::CreateAccessTokenRequest request;
  request.mutable_access_token()->set_actor(actor);
  request.mutable_access_token()->set_role(role);
  access::v1::CreateAccessTokenResponse response;
  TANDEM_RETURN_IF_ERROR(
      common::FromGrpcStatus(access::v1::AccessService::NewStub(channel)->CreateAccessToken(
          &context, request, &response)));
  return response.secret();
}

absl::Status NginxDeployment::StartTandemd() {
  TANDEM_ASSIGN_OR_RETURN(
      tandemd_, base::ChildProcess::Start({kTandemd, "--address", "127.0.0.1:0", "--http-address",
                                           "127.0.0.1:0", "--http-host", "tandem.example.org",
                                           "--data", folder_.Join("data"), "--tls-certificate",
                                           Pem("tandemd"), "--tls-key", Key("tandemd")}));
  TANDEM_ASSIGN_OR_RETURN(const std::string http,
                          tandemd_->WaitForLine("serves HTTP on ", kStartTimeout));
  TANDEM_ASSIGN_OR_RETURN(const std::string grpc,
                          tandemd_->WaitForLine("listening on ", kStartTimeout));
  tandemd_http_ = http.substr(http.rfind(' ') + 1);
  tandemd_grpc_ = grpc.substr(grpc.rfind(' ') + 1);
  return absl::OkStatus();
}

absl::Status NginxDeployment::WriteConfiguration() {
  TANDEM_ASSIGN_OR_RETURN(const std::string published,
                          base::ReadFile(kConfiguration, kMaxFileBytes));
  TANDEM_ASSIGN_OR_RETURN(
      const std::string adapted,
      Adapt(published, {{"listen 7443", absl::StrCat("listen 127.0.0.1:", grpc_port_)},
                        {"listen 8443", absl::StrCat("listen 127.0.0.1:", http_port_)},
                        {"server 127.0.0.1:7400", "server " + tandemd_grpc_},
                        {"server 127.0.0.1:7480", "server " + tandemd_http_},
                        {"/etc/tandem/systems.map", folder_.Join("systems.map")},
                        {"/etc/tandem/tls/public", folder_.Join("public")},
                        {"/etc/tandem/tls/clients-ca", folder_.Join("ca")},
                        {"/etc/tandem/tls/tandemd-ca", folder_.Join("ca")}}));
  TANDEM_RETURN_IF_ERROR(Write(folder_.Join("tandem.conf"), adapted));
  TANDEM_ASSIGN_OR_RETURN(const std::string registry,
                          base::ReadFile(Pem("registry"), kMaxFileBytes));
  TANDEM_RETURN_IF_ERROR(
      Write(folder_.Join("systems.map"), absl::StrCat("\"SUCCESS:", NginxFingerprint(registry),
                                                      "\" \"Bearer ", registry_secret_, "\";\n")));
  return Write(folder_.Join("nginx.conf"),
               absl::StrReplaceAll(kMainConfiguration, {{"$0", folder_.path()}}));
}

absl::Status NginxDeployment::StartNginx() {
  TANDEM_ASSIGN_OR_RETURN(nginx_,
                          base::ChildProcess::Start({kNginx, "-p", folder_.path(), "-c",
                                                     folder_.Join("nginx.conf"), "-e", "stderr"}));
  // Its process file is written once it listens.
  const absl::Time give_up = absl::Now() + kStartTimeout;
  while (!std::filesystem::exists(folder_.Join("nginx.pid")) && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> NginxDeployment::ChannelAs(
    const std::string& certificate) const {
  grpc::SslCredentialsOptions tls;
  TANDEM_ASSIGN_OR_RETURN(tls.pem_root_certs, base::ReadFile(Pem("ca"), kMaxFileBytes));
  if (!certificate.empty()) {
    TANDEM_ASSIGN_OR_RETURN(tls.pem_cert_chain, base::ReadFile(Pem(certificate), kMaxFileBytes));
    TANDEM_ASSIGN_OR_RETURN(tls.pem_private_key, base::ReadFile(Key(certificate), kMaxFileBytes));
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxSendMessageSize(-1);
  return grpc::CreateCustomChannel(absl::StrCat("localhost:", grpc_port_),
                                   grpc::SslCredentials(tls), arguments);
}

std::string NginxDeployment::http_url() const {
  return absl::StrCat("https://localhost:", http_port_);
}

std::vector<std::string> NginxDeployment::CurlOptions(const std::string& certificate) const {
  std::vector<std::string> options = {"--cacert", Pem("ca")};
  if (!certificate.empty()) {
    options.insert(options.end(), {"--cert", Pem(certificate), "--key", Key(certificate)});
  }
  return options;
}

}  // namespace tandem::deployment
