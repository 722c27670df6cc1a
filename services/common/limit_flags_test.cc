#include "services/common/limit_flags.h"

#include <fstream>
#include <sstream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using ::testing::HasSubstr;

TEST(LimitFlagsTest, DocsNameEveryFlagWithItsDefault) {
  std::ifstream file("docs/limits.md");
  std::stringstream docs;
  docs << file.rdbuf();
  LimitFlags flags;
  CLI::App app;
  AddLimitFlags(&flags, &app);

  ASSERT_EQ(app.get_options([](const CLI::Option* o) { return o->get_group() == "Limits"; }).size(),
            14u);
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group() != "Limits") continue;
    EXPECT_THAT(docs.str(), HasSubstr(absl::StrCat("`", option->get_name(), "` | ",
                                                   option->get_default_str(), " |")));
  }
}

TEST(LimitFlagsTest, FlagsReachTheServer) {
  LimitFlags flags;
  CLI::App app;
  AddLimitFlags(&flags, &app);
  app.parse(
      "--max-request-kib 64 --calls-per-second 5 --burst-calls 7 --max-deadline-s 9 "
      "--max-connections 11 --slow-reader-s 13 --max-held-mib 1 --max-streams-per-caller 3");

  ServerOptions options;
  ApplyLimitFlags(flags, &options);

  EXPECT_EQ(options.max_message_bytes, 65536);
  EXPECT_EQ(options.calls_per_second, 5);
  EXPECT_EQ(options.burst_calls, 7);
  EXPECT_EQ(options.max_deadline, absl::Seconds(9));
  EXPECT_EQ(options.max_connections, 11);
  EXPECT_EQ(options.slow_reader_time, absl::Seconds(13));
  EXPECT_EQ(options.max_streams_per_caller, 3);
  EXPECT_EQ(options.max_held_bytes, size_t{1} << 20);
}

}  // namespace
}  // namespace tandem::common
