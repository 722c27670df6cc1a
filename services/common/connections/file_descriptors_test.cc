#include "services/common/connections/file_descriptors.h"

#include <sys/resource.h>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

class FileDescriptorsTest : public ::testing::Test {
 protected:
  FileDescriptorsTest() { getrlimit(RLIMIT_NOFILE, &before_); }
  ~FileDescriptorsTest() override { setrlimit(RLIMIT_NOFILE, &before_); }

  void Limit(rlim_t soft) {
    rlimit limit = before_;
    limit.rlim_cur = soft;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

  rlimit before_ = {};
};

TEST_F(FileDescriptorsTest, TheLimitIsRaisedToTheHighestThatIsAllowed) {
  Limit(100);
  RaiseDescriptorLimit();
  rlimit after = {};
  getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_EQ(after.rlim_cur, before_.rlim_max);
}

TEST_F(FileDescriptorsTest, ConnectionsGetAQuarterAtMost) {
  Limit(100);
  EXPECT_EQ(ConnectionsWithinLimit(1000), 25);
  EXPECT_EQ(ConnectionsWithinLimit(10), 10);
  Limit(3);
  EXPECT_EQ(ConnectionsWithinLimit(1000), 1);
}

}  // namespace
}  // namespace tandem::common
