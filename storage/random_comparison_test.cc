// Random comparison of both backends with the model. To run one seed again:
//   TANDEM_SEED=123 bazel-bin/storage/random_comparison_test
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>

#include "gtest/gtest.h"
#include "storage/testing/backend.h"
#include "storage/testing/random_comparison.h"

namespace tandem::storage {
namespace {

constexpr int kSeeds = 4;
constexpr int kSteps = 1500;

// The seeds to run: the one in the environment, or new ones.
std::vector<uint64_t> Seeds() {
  if (const char* given = std::getenv("TANDEM_SEED")) {
    return {std::strtoull(given, nullptr, 10)};
  }
  std::random_device random;
  std::vector<uint64_t> seeds;
  for (int i = 0; i < kSeeds; ++i) seeds.push_back(random());
  return seeds;
}

class RandomComparisonTest : public testing::TestWithParam<BackendFactory> {};

TEST_P(RandomComparisonTest, BackendAnswersAsTheModel) {
  for (const uint64_t seed : Seeds()) {
    std::cout << "seed " << seed << "; again: TANDEM_SEED=" << seed
              << " bazel-bin/storage/random_comparison_test" << std::endl;
    SCOPED_TRACE(testing::Message() << "TANDEM_SEED=" << seed);
    const std::unique_ptr<Backend> backend = GetParam()();
    RandomComparison(backend.get(), seed).Run(kSteps);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(InMemory, RandomComparisonTest, testing::Values(&NewInMemoryBackend));
INSTANTIATE_TEST_SUITE_P(RocksDb, RandomComparisonTest, testing::Values(&NewRocksDbBackend));

}  // namespace
}  // namespace tandem::storage
