// The command line beside the real profiles and needs services, over gRPC, on files of its own.
#ifndef TANDEM_TOOLS_CLI_IMPORT_IMPORT_FIXTURE_H_
#define TANDEM_TOOLS_CLI_IMPORT_IMPORT_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.h"
#include "gtest/gtest.h"
#include "services/common/server.h"
#include "tools/cli/command.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {

class ImportFixture : public ::testing::Test {
 protected:
  void SetUp() override;

  // Runs `tandem` as "tester".
  Outcome Tandem(std::vector<std::string> arguments, const Terminal& terminal = Terminal());
  // Imports "organisations", "mentors", "programme" or "assessments" of the sample.
  Outcome ImportSample(const std::string& what);
  // Writes a file of the test's own; its path.
  std::string File(const std::string& name, const std::string& text);
  static std::string Text(const std::string& path);
  static std::string SampleText(const std::string& file) { return Text(kSample + file); }
  // Everything that the services hold, as programs read it.
  std::string Everything();

  static const std::string kSample;
  base::TempDir folder_;
  std::unique_ptr<common::Server> server_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_IMPORT_FIXTURE_H_
