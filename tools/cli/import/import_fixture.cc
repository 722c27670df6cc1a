#include "tools/cli/import/import_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/status_matchers.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/needs/needs_service.h"
#include "services/profiles/profiles_service.h"
#include "storage/open.h"

namespace tandem::cli {

const std::string ImportFixture::kSample = "tools/sample/";

void ImportFixture::SetUp() {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto reference, common::ReferenceData::Load(""));
  auto registry = std::make_unique<common::MethodRegistry>();
  TANDEM_ASSERT_OK_AND_ASSIGN(auto profiles,
                              profiles::OpenProfiles(folder_.path() + "/profiles", reference));
  TANDEM_ASSERT_OK(profiles::RegisterProfilesService(*registry, std::move(profiles)));
  TANDEM_ASSERT_OK_AND_ASSIGN(auto store,
                              storage::Open(absl::StrCat("rocksdb:", folder_.path(), "/needs")));
  TANDEM_ASSERT_OK(needs::RegisterNeedsService(*registry, std::move(store), reference));
  common::ServerOptions options;
  options.log_failed_calls = false;
  TANDEM_ASSERT_OK_AND_ASSIGN(server_, common::Server::Start(options, std::move(registry)));
}

Outcome ImportFixture::Tandem(std::vector<std::string> arguments, const Terminal& terminal) {
  arguments.insert(arguments.begin(), {"--address", server_->address(), "--as", "tester"});
  return RunTandem(arguments, terminal);
}

Outcome ImportFixture::ImportSample(const std::string& what) {
  const std::string file = what == "programme" ? "programme.json" : what + ".csv";
  return Tandem({"import", what, kSample + file});
}

std::string ImportFixture::File(const std::string& name, const std::string& text) {
  const std::string path = folder_.Join(name);
  EXPECT_TRUE(WriteLocalFile(path, text).ok());
  return path;
}

std::string ImportFixture::Text(const std::string& path) {
  auto text = base::ReadFile(path, 64 << 20);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

std::string ImportFixture::Everything() {
  return absl::StrCat(Tandem({"--format", "json", "mentor", "list"}).out,
                      Tandem({"--format", "json", "need", "list"}).out);
}

}  // namespace tandem::cli
