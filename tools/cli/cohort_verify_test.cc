// `tandem cohort verify` trusts no server with the files of the person who runs it.
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {
namespace {

using ::testing::HasSubstr;

// A server that exports what it likes.
class Exporter final : public tandem::matching::v1::MatchingService::Service {
 public:
  grpc::Status ExportCohortRun(
      grpc::ServerContext*, const tandem::matching::v1::ExportCohortRunRequest*,
      grpc::ServerWriter<tandem::matching::v1::ExportCohortRunResponse>* writer) override {
    for (const auto& [name, data] : files) {
      tandem::matching::v1::ExportCohortRunResponse piece;
      piece.set_file_name(name);
      piece.set_data(data);
      writer->Write(piece);
    }
    return grpc::Status::OK;
  }

  std::map<std::string, std::string> files;
};

class CohortVerifyTest : public ::testing::Test {
 protected:
  CohortVerifyTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&exporter_);
    server_ = builder.BuildAndStart();
  }
  ~CohortVerifyTest() override { server_->Shutdown(); }

  int Verify() {
    const Outcome outcome = RunTandem({"--address", absl::StrCat("127.0.0.1:", port_), "cohort",
                                       "verify", "cohorts/c/runs/1", "--out", folder_.Join("out")});
    err_ = outcome.err;
    return outcome.exit_code;
  }

  base::TempDir folder_;
  Exporter exporter_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::string err_;
};

TEST_F(CohortVerifyTest, FileNamesThatLeadOutOfTheFolderAreRefusedAndNothingIsWritten) {
  for (const std::string name : {"../evil.csv", "/tmp/evil.csv", "..", ".", "", "a/b.csv",
                                 ".profile", "-o", "a\\b", "new\nline"}) {
    exporter_.files = {{"pairs.csv", "need,mentor,score\n"}, {name, "evil"}};

    EXPECT_EQ(Verify(), 1) << name;

    EXPECT_THAT(err_, HasSubstr("no plain name")) << name;
    EXPECT_FALSE(std::filesystem::exists(folder_.Join("out"))) << name;
    EXPECT_FALSE(std::filesystem::exists(folder_.Join("evil.csv"))) << name;
  }
}

TEST_F(CohortVerifyTest, OptionsThatNameFilesOutsideTheExportAreRefused) {
  exporter_.files = {{"pairs.csv", "need,mentor,score\n"},
                     {"options.txt", "--pairs pairs.csv --needs /etc/passwd"},
                     {"result.json", "{}"}};

  EXPECT_EQ(Verify(), 1);

  EXPECT_THAT(err_, HasSubstr("no file of the export"));
}

TEST_F(CohortVerifyTest, AnExportWithoutOptionsIsOfAnotherVersion) {
  exporter_.files = {{"pairs.csv", "need,mentor,score\n"}};

  EXPECT_EQ(Verify(), 1);

  EXPECT_THAT(err_, HasSubstr("options.txt"));
}

}  // namespace
}  // namespace tandem::cli
