#include "storage/contract_test_suite.h"
#include "storage/testing/backend.h"

namespace tandem::storage {

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract, testing::Values(&NewRocksDbBackend));

}  // namespace tandem::storage
