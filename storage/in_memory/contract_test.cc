#include "storage/contract_test_suite.h"

namespace tandem::storage {

INSTANTIATE_TEST_SUITE_P(InMemory, StoreContract, testing::Values(&NewInMemoryBackend));

}  // namespace tandem::storage
