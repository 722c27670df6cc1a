#include "services/gateway/connection_table.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = ConnectionTable::State;

constexpr absl::Duration kSlow = absl::Seconds(2);

absl::Time At(int seconds) { return absl::UnixEpoch() + absl::Seconds(seconds); }

// Notes which connections were told to close.
class ConnectionTableTest : public ::testing::Test {
 protected:
  std::optional<ConnectionTable::Place> Add(const std::string& name, int second) {
    return table_.Add([this, name] { closed_.push_back(name); }, At(second));
  }

  ConnectionTable table_{2, kSlow};
  std::vector<std::string> closed_;
};

TEST_F(ConnectionTableTest, NewcomerReplacesTheOneThatWaitsLongest) {
  const auto a = Add("a", 0);
  Add("b", 1);
  table_.SetState(*a, State::kReceiving, At(2));
  EXPECT_TRUE(Add("c", 3).has_value());
  EXPECT_THAT(closed_, ElementsAre("b"));
}

TEST_F(ConnectionTableTest, CallUnderWayIsNeverClosed) {
  for (const char* name : {"a", "b"}) table_.SetState(*Add(name, 0), State::kServing, At(0));
  EXPECT_FALSE(Add("c", 1000).has_value());
  EXPECT_THAT(closed_, IsEmpty());
}

TEST_F(ConnectionTableTest, SlowReaderMakesRoomOnlyAfterItsAge) {
  const auto a = Add("a", 0);
  table_.SetState(*a, State::kSending, At(0));
  table_.SetState(*Add("b", 0), State::kServing, At(0));
  EXPECT_FALSE(Add("c", 1).has_value());
  table_.SetState(*a, State::kSending, At(1));  // it read something
  EXPECT_FALSE(Add("c", 2).has_value());
  EXPECT_TRUE(Add("c", 3).has_value());
  EXPECT_THAT(closed_, ElementsAre("a"));
}

TEST_F(ConnectionTableTest, PlaceOfAClosingOneIsGivenOnce) {
  Add("a", 0);
  Add("b", 0);
  const auto c = Add("c", 1);
  const auto d = Add("d", 1);
  table_.SetState(*c, State::kServing, At(1));
  table_.SetState(*d, State::kServing, At(1));
  EXPECT_FALSE(Add("e", 2).has_value());
  EXPECT_THAT(closed_, ElementsAre("a", "b"));
}

TEST_F(ConnectionTableTest, SlowReadersAreClosedTogether) {
  table_.SetState(*Add("a", 0), State::kSending, At(0));
  table_.SetState(*Add("b", 0), State::kSending, At(1));
  table_.CloseSlowReaders(At(2));
  EXPECT_THAT(closed_, ElementsAre("a"));
}

}  // namespace
}  // namespace tandem::gateway
